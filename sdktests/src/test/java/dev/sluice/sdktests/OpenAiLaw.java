package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashSet;
import java.util.Set;

/** What OpenAI's Chat Completions refuse, as far as a request can be judged from outside. */
final class OpenAiLaw {
    private static final Set<String> MEMBERS =
            Set.of(
                    "model",
                    "messages",
                    "stream",
                    "stream_options",
                    "max_completion_tokens",
                    "max_tokens",
                    "temperature",
                    "top_p",
                    "n",
                    "stop",
                    "seed",
                    "user",
                    "safety_identifier",
                    "metadata",
                    "service_tier",
                    "reasoning_effort",
                    "response_format",
                    "tools",
                    "tool_choice",
                    "parallel_tool_calls");
    private static final Set<String> ROLES =
            Set.of("developer", "system", "user", "assistant", "tool");

    private final ObjectNode request;

    OpenAiLaw(ObjectNode request) {
        this.request = request;
    }

    void check() {
        assertThat(MEMBERS).containsAll(request.propertyNames());
        assertThat(request.path("model").asString("")).isNotBlank();
        boolean stream = request.path("stream").booleanValue(false);
        if (request.has("stream_options")) {
            assertThat(stream).as("stream_options without stream").isTrue();
        }
        assertThat(request.has("max_tokens") && request.has("max_completion_tokens"))
                .as("both limits")
                .isFalse();
        assertThat(request.path("stop").size()).as("stops").isLessThanOrEqualTo(4);
        tools();
        messages();
    }

    private void tools() {
        JsonNode tools = request.path("tools");
        if (tools.isMissingNode()) {
            assertThat(request.has("tool_choice") || request.has("parallel_tool_calls"))
                    .as("a choice without tools")
                    .isFalse();
            return;
        }
        assertThat(tools.size()).isPositive();
        for (JsonNode tool : tools) {
            assertThat(tool.path("type").asString()).isEqualTo("function");
            assertThat(tool.path("function").path("name").asString())
                    .matches("[A-Za-z0-9_-]{1,64}");
        }
    }

    private void messages() {
        assertThat(request.path("messages").size()).isPositive();
        Set<String> unanswered = new LinkedHashSet<>();
        for (JsonNode message : request.path("messages")) {
            String role = message.path("role").asString();
            assertThat(ROLES).contains(role);
            if (role.equals("tool")) {
                String id = message.path("tool_call_id").asString();
                assertThat(unanswered.remove(id)).as("a result nobody asked for: " + id).isTrue();
            } else {
                assertThat(unanswered).as("calls without a result before " + message).isEmpty();
            }
            content(message, role);
            for (JsonNode call : message.path("tool_calls")) {
                assertThat(role).isEqualTo("assistant");
                unanswered.add(call(call));
            }
        }
        assertThat(unanswered).as("calls without a result").isEmpty();
    }

    private static String call(JsonNode call) {
        assertThat(call.path("type").asString()).isEqualTo("function");
        assertThat(call.path("function").path("name").asString()).matches("[A-Za-z0-9_-]{1,64}");
        assertThat(call.path("function").path("arguments").isString()).isTrue();
        String id = call.path("id").asString();
        assertThat(id).isNotBlank();
        return id;
    }

    private static void content(JsonNode message, String role) {
        JsonNode content = message.path("content");
        if (content.isNull() || content.isMissingNode()) {
            assertThat(role).isEqualTo("assistant");
            assertThat(message.has("tool_calls") || message.has("refusal"))
                    .as("an empty message: " + message)
                    .isTrue();
            return;
        }
        assertThat(content.isString() || content.isArray()).as("content " + content).isTrue();
        for (JsonNode part : content) {
            switch (part.path("type").asString()) {
                case "text" -> assertThat(part.path("text").isString()).isTrue();
                case "image_url" -> {
                    assertThat(role).isEqualTo("user");
                    assertThat(part.path("image_url").path("url").asString())
                            .matches("(?s)https?://.*|data:image/[a-z]+;base64,[A-Za-z0-9+/=]+");
                }
                case "file" ->
                        assertThat(part.path("file").path("file_data").asString())
                                .startsWith("data:application/pdf;base64,");
                case "refusal" -> assertThat(role).isEqualTo("assistant");
                default -> throw new AssertionError("a part of no known type: " + part);
            }
        }
    }
}

package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashSet;
import java.util.Set;

/** What Anthropic's Messages refuse, as far as a request can be judged from outside. */
final class AnthropicLaw {
    private static final Set<String> MEMBERS =
            Set.of(
                    "model",
                    "max_tokens",
                    "messages",
                    "system",
                    "stream",
                    "stop_sequences",
                    "temperature",
                    "top_p",
                    "top_k",
                    "tools",
                    "tool_choice",
                    "thinking",
                    "output_config",
                    "metadata",
                    "service_tier");

    private final ObjectNode request;

    AnthropicLaw(ObjectNode request) {
        this.request = request;
    }

    void check() {
        assertThat(MEMBERS).containsAll(request.propertyNames());
        assertThat(request.path("model").asString("")).isNotBlank();
        assertThat(request.path("max_tokens").longValue(0)).isPositive();
        assertThat(request.path("temperature").doubleValue(1)).isBetween(0.0, 1.0);
        for (JsonNode stop : request.path("stop_sequences")) {
            assertThat(stop.asString()).isNotBlank();
        }
        tools();
        thinking();
        messages();
    }

    private boolean thinks() {
        String type = request.path("thinking").path("type").asString("disabled");
        return !type.equals("disabled");
    }

    private void thinking() {
        if (!thinks()) {
            return;
        }
        if (request.path("thinking").path("type").asString().equals("enabled")) {
            assertThat(request.path("thinking").path("budget_tokens").longValue(0))
                    .isBetween(1024L, request.path("max_tokens").longValue() - 1);
        }
        assertThat(request.has("temperature") || request.has("top_k"))
                .as("thinking at another temperature")
                .isFalse();
        assertThat(request.path("tool_choice").path("type").asString("auto"))
                .as("a call demanded of one who thinks")
                .isIn("auto", "none");
    }

    private void tools() {
        for (JsonNode tool : request.path("tools")) {
            assertThat(tool.path("name").asString()).matches("[A-Za-z0-9_-]{1,128}");
            assertThat(tool.path("input_schema").path("type").asString()).isEqualTo("object");
        }
        if (request.has("tool_choice")) {
            assertThat(request.path("tools").size()).as("a choice without tools").isPositive();
        }
    }

    private void messages() {
        JsonNode messages = request.path("messages");
        assertThat(messages.path(0).path("role").asString()).isEqualTo("user");
        Set<String> unanswered = new LinkedHashSet<>();
        for (JsonNode message : messages) {
            String role = message.path("role").asString();
            assertThat(role).isIn("user", "assistant");
            JsonNode content = message.path("content");
            if (content.isString()) {
                assertThat(content.asString()).isNotEmpty();
                assertThat(unanswered).as("calls without a result").isEmpty();
                continue;
            }
            assertThat(content.size()).as("an empty message").isPositive();
            if (role.equals("user")) {
                user(content, unanswered);
            } else {
                assertThat(unanswered).as("calls without a result").isEmpty();
                assistant(content, unanswered);
            }
        }
        assertThat(unanswered).as("calls without a result").isEmpty();
    }

    private static void user(JsonNode content, Set<String> unanswered) {
        boolean spoken = false;
        for (JsonNode block : content) {
            switch (block.path("type").asString()) {
                case "text" -> {
                    assertThat(block.path("text").asString()).isNotEmpty();
                    spoken = true;
                }
                case "image" -> {
                    image(block.path("source"));
                    spoken = true;
                }
                case "document" -> {
                    assertThat(block.path("source").path("type").asString()).isIn("base64", "text");
                    spoken = true;
                }
                case "tool_result" -> {
                    assertThat(spoken).as("a result after other content").isFalse();
                    String id = block.path("tool_use_id").asString();
                    assertThat(unanswered.remove(id)).as("nobody asked for " + id).isTrue();
                }
                default -> throw new AssertionError("a block of no known type: " + block);
            }
        }
        assertThat(unanswered).as("calls without a result").isEmpty();
    }

    private static void image(JsonNode source) {
        switch (source.path("type").asString()) {
            case "base64" -> {
                assertThat(source.path("media_type").asString())
                        .isIn("image/png", "image/jpeg", "image/gif", "image/webp");
                assertThat(source.path("data").asString()).matches("[A-Za-z0-9+/]+=*");
            }
            case "url" -> assertThat(source.path("url").asString()).startsWith("https://");
            default -> throw new AssertionError("an image from nowhere: " + source);
        }
    }

    private void assistant(JsonNode content, Set<String> unanswered) {
        boolean calls = false;
        for (JsonNode block : content) {
            switch (block.path("type").asString()) {
                case "text" -> assertThat(block.path("text").asString()).isNotEmpty();
                case "thinking" ->
                        assertThat(block.path("signature").asString())
                                .as("a signature")
                                .isNotEmpty();
                case "redacted_thinking" -> assertThat(block.path("data").asString()).isNotEmpty();
                case "tool_use" -> {
                    String id = block.path("id").asString();
                    assertThat(id).matches("[A-Za-z0-9_-]+");
                    assertThat(block.path("input").isObject()).as("an object").isTrue();
                    unanswered.add(id);
                    calls = true;
                }
                default -> throw new AssertionError("a block of no known type: " + block);
            }
        }
        if (calls && thinks()) {
            assertThat(content.path(0).path("type").asString())
                    .as("a call of one who thinks begins with a thought")
                    .isIn("thinking", "redacted_thinking");
        }
    }
}

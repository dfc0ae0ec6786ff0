package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.http.HttpResponseFor;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.beta.messages.BetaMessage;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.CacheControlEphemeral;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.DocumentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.Metadata;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StructuredMessage;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolChoiceAuto;
import com.anthropic.models.messages.ToolChoiceNone;
import com.anthropic.models.messages.ToolChoiceTool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlockParam;

import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.stream.AnthropicEvents;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** What only Anthropic's library can say, to upstreams of both vendors. */
class AnthropicFeaturesIT {
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-s", "gpt-5-mini");
    private static final AnthropicEvents MESSAGE = AnthropicEvents.of("msg_s", "claude-sonnet-4-5");

    /** An answer in the form of a class. */
    public static final class Town {
        /** Its name. */
        public String name = "";

        /** How many live there. */
        public long people;
    }

    private static AnthropicClient client(Rig rig) {
        return ((AnthropicSdk) rig.sdk()).client();
    }

    private static MessageCreateParams.Builder params() {
        return MessageCreateParams.builder().model("claude-sonnet-4-5").maxTokens(1000);
    }

    private static Message create(Rig rig, MessageCreateParams.Builder params) {
        return client(rig).messages().create(params.build());
    }

    @ParameterizedTest
    @EnumSource(
            value = Pair.class,
            names = {"ANTHROPIC_TO_ANTHROPIC", "ANTHROPIC_TO_OPENAI"})
    void answersInTheFormOfAClass(Pair pair) {
        String town = "{\"name\":\"Paris\",\"people\":2100000}";
        try (Rig rig =
                Rig.of(
                        pair,
                        pair.forUpstream(
                                Script.stream().send(CHAT.answer(town)),
                                Script.json(200, Answers.message(town, "end_turn"))))) {
            StructuredMessage<Town> message =
                    client(rig)
                            .messages()
                            .create(
                                    params().addUserMessage("Which town?")
                                            .outputConfig(Town.class)
                                            .build());

            Town heard = message.content().getFirst().asText().text();
            assertThat(heard.name).isEqualTo("Paris");
            assertThat(heard.people).isEqualTo(2_100_000);
            JsonNode request = rig.arrived(1);
            JsonNode schema =
                    pair.forUpstream(
                            request.path("response_format").path("json_schema").path("schema"),
                            request.path("output_config").path("format").path("schema"));
            assertThat(schema.path("properties").path("name").path("type").asString())
                    .isEqualTo("string");
        }
    }

    @Test
    void choosesTools() {
        try (Rig rig = Rig.of(Pair.ANTHROPIC_TO_OPENAI, Story.of(Vendor.OPENAI, "01"))) {
            create(
                    rig,
                    withTool()
                            .toolChoice(
                                    ToolChoiceTool.builder()
                                            .name("get_time")
                                            .disableParallelToolUse(true)
                                            .build()));
            create(rig, withTool().toolChoice(ToolChoiceNone.builder().build()));
            create(
                    rig,
                    withTool()
                            .toolChoice(
                                    ToolChoiceAuto.builder().disableParallelToolUse(true).build()));

            JsonNode named = rig.arrived(1);
            assertThat(named.path("tool_choice").path("function").path("name").asString())
                    .isEqualTo("get_time");
            assertThat(named.path("parallel_tool_calls").booleanValue(true)).isFalse();
            assertThat(rig.arrived(2).path("tool_choice").asString()).isEqualTo("none");
            assertThat(rig.arrived(3).path("tool_choice").asString("auto")).isEqualTo("auto");
            assertThat(rig.arrived(3).path("parallel_tool_calls").booleanValue(true)).isFalse();
        }
    }

    private static MessageCreateParams.Builder withTool() {
        return params().addUserMessage("What time is it?")
                .addTool(
                        Tool.builder()
                                .name("get_time")
                                .inputSchema(Tool.InputSchema.builder().build())
                                .build());
    }

    /**
     * Results stand before what the user adds, a failed one says so, and a picture in one is not
     * lost.
     */
    @Test
    void returnsResultsOfEveryKind() {
        String png = "iVBORw0KGgo=";
        try (Rig rig = Rig.of(Pair.ANTHROPIC_TO_OPENAI, Story.of(Vendor.OPENAI, "01"))) {
            create(
                    rig,
                    withTool()
                            .addAssistantMessageOfContentBlockParams(
                                    List.of(use("toolu_1"), use("toolu_2")))
                            .addUserMessageOfContentBlockParams(
                                    List.of(
                                            ContentBlockParam.ofToolResult(
                                                    ToolResultBlockParam.builder()
                                                            .toolUseId("toolu_1")
                                                            .isError(true)
                                                            .content("no such city")
                                                            .build()),
                                            ContentBlockParam.ofToolResult(
                                                    ToolResultBlockParam.builder()
                                                            .toolUseId("toolu_2")
                                                            .contentOfBlocks(
                                                                    List.of(
                                                                            ToolResultBlockParam
                                                                                    .Content.Block
                                                                                    .ofText(
                                                                                            "a clock"),
                                                                            ToolResultBlockParam
                                                                                    .Content.Block
                                                                                    .ofImage(
                                                                                            Base64ImageSource
                                                                                                    .builder()
                                                                                                    .mediaType(
                                                                                                            Base64ImageSource
                                                                                                                    .MediaType
                                                                                                                    .IMAGE_PNG)
                                                                                                    .data(
                                                                                                            png)
                                                                                                    .build())))
                                                            .build()),
                                            ContentBlockParam.ofText("Try again."))));

            JsonNode messages = rig.arrived(1).path("messages");
            assertThat(messages.path(2).path("tool_call_id").asString()).isEqualTo("toolu_1");
            assertThat(messages.path(2).path("content").toString()).contains("Error: no such city");
            assertThat(messages.path(3).path("tool_call_id").asString()).isEqualTo("toolu_2");
            assertThat(messages.path(3).path("content").toString()).contains("a clock");
            JsonNode user = messages.path(4);
            assertThat(user.path("role").asString()).isEqualTo("user");
            assertThat(user.toString()).contains("data:image/png;base64," + png, "Try again.");
        }
    }

    private static ContentBlockParam use(String id) {
        return ContentBlockParam.ofToolUse(
                ToolUseBlockParam.builder()
                        .id(id)
                        .name("get_time")
                        .input(ToolUseBlockParam.Input.builder().build())
                        .build());
    }

    @ParameterizedTest
    @EnumSource(
            value = Pair.class,
            names = {"ANTHROPIC_TO_ANTHROPIC", "ANTHROPIC_TO_OPENAI"})
    void sendsDocuments(Pair pair) {
        String pdf = "JVBERi0xLjQKJSVFT0YK";
        try (Rig rig = Rig.of(pair, Story.of(pair, "01"))) {
            create(
                    rig,
                    params().addUserMessageOfContentBlockParams(
                                    List.of(
                                            ContentBlockParam.ofDocument(
                                                    DocumentBlockParam.builder()
                                                            .base64Source(pdf)
                                                            .title("a")
                                                            .build()),
                                            ContentBlockParam.ofText("What is this?"))));

            JsonNode document = rig.arrived(1).path("messages").path(0).path("content").path(0);
            switch (pair.upstream()) {
                case OPENAI -> {
                    assertThat(document.path("file").path("file_data").asString())
                            .isEqualTo("data:application/pdf;base64," + pdf);
                    assertThat(document.path("file").path("filename").asString()).startsWith("a");
                }
                case ANTHROPIC ->
                        assertThat(document.path("source").path("data").asString()).isEqualTo(pdf);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Pair.class,
            names = {"ANTHROPIC_TO_ANTHROPIC", "ANTHROPIC_TO_OPENAI"})
    void marksWhatIsToBeCached(Pair pair) throws Exception {
        TextBlockParam marked =
                TextBlockParam.builder()
                        .text("A long prompt.")
                        .cacheControl(CacheControlEphemeral.builder().build())
                        .build();
        try (Rig rig = Rig.of(pair, Story.of(pair, "01"));
                HttpResponseFor<Message> response =
                        client(rig)
                                .messages()
                                .withRawResponse()
                                .create(
                                        params().systemOfTextBlockParams(List.of(marked))
                                                .metadata(Metadata.builder().userId("u1").build())
                                                .addUserMessage("Paris?")
                                                .build())) {
            JsonNode request = rig.arrived(1);
            String warnings = response.headers().values("x-gateway-warnings").toString();
            switch (pair.upstream()) {
                case ANTHROPIC -> {
                    assertThat(
                                    request.path("system")
                                            .path(0)
                                            .path("cache_control")
                                            .path("type")
                                            .asString())
                            .isEqualTo("ephemeral");
                    assertThat(request.path("metadata").path("user_id").asString()).isEqualTo("u1");
                    assertThat(warnings).isEqualTo("[]");
                }
                case OPENAI -> {
                    assertThat(request.toString()).doesNotContain("cache_control").contains("u1");
                    assertThat(warnings).contains("cache_control");
                }
            }
        }
    }

    @Test
    void refusesToLeaveOutWhatMustNotBe() {
        try (Rig rig = Rig.of(Pair.ANTHROPIC_TO_OPENAI, Story.of(Vendor.OPENAI, "01"))) {
            assertThatThrownBy(
                            () ->
                                    create(
                                            rig,
                                            params().addUserMessage("Paris?")
                                                    .putAdditionalBodyProperty(
                                                            "top_k",
                                                            com.anthropic.core.JsonValue.from(7))
                                                    .putAdditionalHeader(
                                                            "x-gateway-strict", "true")))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("top_k");
            assertThat(rig.upstream().requests()).isEmpty();
        }
    }

    /** The beta side of the library: another path, more header fields, and its own accumulator. */
    @ParameterizedTest
    @EnumSource(
            value = Pair.class,
            names = {"ANTHROPIC_TO_ANTHROPIC", "ANTHROPIC_TO_OPENAI"})
    void speaksBeta(Pair pair) {
        try (Rig rig = Rig.of(pair, Story.of(pair, "02"))) {
            BetaMessage message =
                    client(rig)
                            .beta()
                            .messages()
                            .create(
                                    com.anthropic.models.beta.messages.MessageCreateParams.builder()
                                            .model("claude-sonnet-4-5")
                                            .maxTokens(1000)
                                            .addBeta("interleaved-thinking-2025-05-14")
                                            .addUserMessage("Weather?")
                                            .build());

            assertThat(message.content()).hasSize(2);
            assertThat(message.content().get(1).asToolUse().name()).isEqualTo("get_weather");
            UpstreamRequest request = rig.upstream().request();
            if (pair.isSame()) {
                assertThat(request.header("anthropic-beta"))
                        .contains("interleaved-thinking-2025-05-14");
                assertThat(request.header("anthropic-version")).isPresent();
            } else {
                assertThat(request.header("anthropic-beta")).isEmpty();
            }
        }
    }

    private static final Script SEARCH =
            Script.stream()
                    .send(
                            MESSAGE.start(9)
                                    + MESSAGE.blockStart(
                                            0,
                                            "{\"type\":\"server_tool_use\",\"id\":\"srvtoolu_1\",\"name\":\"web_search\",\"input\":{},\"caller\":{\"type\":\"direct\"}}")
                                    + MESSAGE.input(0, "{\"query\":\"paris\"}")
                                    + MESSAGE.blockStop(0)
                                    + MESSAGE.blockStart(
                                            1,
                                            "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"srvtoolu_1\",\"caller\":{\"type\":\"direct\"},\"content\":[{\"type\":\"web_search_result\",\"url\":\"https://example.com\",\"title\":\"Paris\",\"encrypted_content\":\"abc\",\"page_age\":null}]}")
                                    + MESSAGE.blockStop(1)
                                    + MESSAGE.textBlock(2, "In France.")
                                    + MESSAGE.end("end_turn", 9));

    /** A search that Anthropic itself did reaches its own clients whole. */
    @Test
    @Tag("R45")
    void hearsOfHostedTools() {
        MessageAccumulator accumulator = MessageAccumulator.create();
        try (Rig rig = Rig.of(Pair.ANTHROPIC_TO_ANTHROPIC, SEARCH);
                // The library's own check of this kind of block refuses every name.
                StreamResponse<RawMessageStreamEvent> events =
                        client(rig)
                                .messages()
                                .withOptions(options -> options.responseValidation(false))
                                .createStreaming(params().addUserMessage("Paris?").build())) {
            events.stream().forEach(accumulator::accumulate);
        }
        Message message = accumulator.message();
        assertThat(message.content()).hasSize(3);
        assertThat(message.content().get(0).asServerToolUse().id()).isEqualTo("srvtoolu_1");
        assertThat(message.content().get(1).isWebSearchToolResult()).isTrue();
        assertThat(message.content().get(2).asText().text()).isEqualTo("In France.");
    }

    /** For others it is left out and reported, and not taken for a call of theirs. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("R45")
    void hostedToolsAreLeftOutForOthers(boolean streamed) {
        try (Rig rig = Rig.of(Pair.OPENAI_TO_ANTHROPIC, SEARCH)) {
            Heard heard = rig.sdk().ask(Question.of("Where is Paris?"), streamed);

            assertThat(heard.text()).isEqualTo("In France.");
            assertThat(heard.calls()).isEmpty();
            assertThat(heard.stop()).isEqualTo("stop");
            assertThat(rig.gateway().nextRecord().warnings().toString()).contains("content_block");
        }
    }
}

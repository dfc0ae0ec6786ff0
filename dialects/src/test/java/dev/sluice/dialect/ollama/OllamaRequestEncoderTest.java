package dev.sluice.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.Source;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;
import dev.sluice.dialect.KnownServers;
import dev.sluice.testkit.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Requests of clients of other dialects for a server of this one. */
class OllamaRequestEncoderTest {
    private static final Quirks OLLAMA =
            KnownServers.find("ollama", KnownServers.OLLAMA).orElseThrow();
    private static final Raw CACHE = Raw.of("{\"type\":\"ephemeral\"}");

    private static EncodedRequest encode(Quirks quirks, Consumer<Request.Builder> fill) {
        Request.Builder builder = Request.builder("openai-chat");
        builder.model = "asked";
        fill.accept(builder);
        if (builder.messages.isEmpty()) {
            builder.messages.add(Message.of(Role.USER, "hi"));
        }
        return Lines.DIALECT.encodeRequest(builder.build(), new Target("m", quirks, 4096, true));
    }

    private static EncodedRequest encode(Consumer<Request.Builder> fill) {
        return encode(OLLAMA, fill);
    }

    private static JsonNode body(EncodedRequest encoded) {
        return Json.parse(encoded.body());
    }

    private static String messages(Message... messages) {
        return body(encode(b -> b.messages.addAll(List.of(messages)))).path("messages").toString();
    }

    private static Message user(Block... blocks) {
        return new Message(Role.USER, List.of(blocks));
    }

    private static Message assistant(Block... blocks) {
        return new Message(Role.ASSISTANT, List.of(blocks));
    }

    private static Block text(String text) {
        return new Block.Text(text);
    }

    private static Block.ToolUse call(String id, String name, String arguments) {
        return new Block.ToolUse(id, name, arguments, false, null);
    }

    @Test
    void writesTheSmallestRequest() {
        EncodedRequest encoded = encode(b -> {});
        assertThat(body(encoded))
                .isEqualTo(
                        Json.parse(
                                """
                                {"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}
                                """));
        assertThat(encoded.warnings()).isEmpty();
        assertThat(encoded.emulations().isNone()).isTrue();
    }

    @Test
    void writesHowTokensAreDrawn() {
        EncodedRequest encoded =
                encode(
                        b -> {
                            b.maxOutput = 99L;
                            b.sampling =
                                    new Sampling(
                                            0.5,
                                            0.9,
                                            40L,
                                            0.1,
                                            1.0,
                                            0.25,
                                            1.1,
                                            7L,
                                            null,
                                            null,
                                            null,
                                            List.of("a", "b", "c", "d", "e"));
                        });
        assertThat(body(encoded).path("options"))
                .isEqualTo(
                        Json.parse(
                                """
                                {"num_predict":99,"temperature":0.5,"top_p":0.9,"top_k":40,"min_p":0.1,
                                 "presence_penalty":1,"frequency_penalty":0.25,"repeat_penalty":1.1,
                                 "seed":7,"stop":["a","b","c","d","e"]}
                                """));
        assertThat(encoded.warnings()).isEmpty();
    }

    @Test
    void tellsWhatItDrops() {
        EncodedRequest encoded =
                encode(
                        b -> {
                            b.system.add(new Block.Text("s", CACHE));
                            b.sampling =
                                    new Sampling(
                                            null,
                                            null,
                                            null,
                                            null,
                                            null,
                                            null,
                                            null,
                                            null,
                                            true,
                                            3L,
                                            Raw.of("{\"1\":2}"),
                                            List.of());
                            b.user = "u";
                            b.serviceTier = "flex";
                            b.parallelToolCalls = false;
                            b.extra.put("verbosity", Raw.of("\"low\""));
                            b.extra.put("background", Raw.of("false"));
                            b.extra.put(Request.GATEWAY + "store", Raw.of("true"));
                            b.messages.add(
                                    user(
                                            new Block.Image(
                                                    new Source.Base64("image/png", "iVBORw=="),
                                                    "high",
                                                    null)));
                        });
        assertThat(encoded.warnings())
                .containsExactlyInAnyOrder(
                        "dropped=cache_control",
                        "dropped=detail",
                        "dropped=logit_bias",
                        "dropped=user",
                        "dropped=service_tier",
                        "dropped=parallel_tool_calls",
                        "dropped=verbosity",
                        "dropped=background");
        assertThat(Json.parse(encoded.body()).path("logprobs").booleanValue()).isTrue();
        assertThat(Json.parse(encoded.body()).path("top_logprobs").intValue()).isEqualTo(3);
    }

    @Test
    void writesAConversationWithToolsAsOneStringAndOneMessageForEachResult() {
        assertThat(
                        messages(
                                user(text("a"), text("b")),
                                assistant(
                                        new Block.Thinking("hm", "c2ln"),
                                        text("Let"),
                                        text(" me."),
                                        call("c1", "f", "{\"x\": 1.50}"),
                                        call("c2", "g", ""),
                                        call("c3", "f", "{\"cut")),
                                user(
                                        text("now"),
                                        new Block.ToolResult("c1", List.of(text("1")), false, null),
                                        new Block.ToolResult(
                                                "c2",
                                                List.of(
                                                        text("bad"),
                                                        new Block.Image(
                                                                new Source.Base64(
                                                                        "image/png", "iVBORw=="),
                                                                null,
                                                                null)),
                                                true,
                                                null)),
                                new Message(Role.SYSTEM, List.of(text("Be kind.")))))
                .isEqualTo(
                        "[{\"role\":\"user\",\"content\":\"a\\n"
                            + "\\n"
                            + "b\"},{\"role\":\"assistant\",\"content\":\"Let"
                            + " me.\",\"thinking\":\"hm\",\"tool_calls\":["
                            + "{\"id\":\"c1\",\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1.50}}},"
                            + "{\"id\":\"c2\",\"function\":{\"name\":\"g\",\"arguments\":{}}},"
                            + "{\"id\":\"c3\",\"function\":{\"name\":\"f\",\"arguments\":{\"_raw\":\"{\\\"cut\"}}}]},"
                            + "{\"role\":\"tool\",\"content\":\"1\",\"tool_name\":\"f\",\"tool_call_id\":\"c1\"},{\"role\":\"tool\",\"content\":\"Error:"
                            + " bad\",\"images\":[\"iVBORw==\"],\"tool_name\":\"g\",\"tool_call_id\":\"c2\"},"
                            + "{\"role\":\"user\",\"content\":\"now\"},{\"role\":\"system\",\"content\":\"Be"
                            + " kind.\"}]");
    }

    private static Tool.Function tool(String name) {
        return new Tool.Function(name, "d", null, true, null);
    }

    private static EncodedRequest choosing(ToolChoice choice) {
        return encode(
                b -> {
                    b.tools.add(tool("f"));
                    b.tools.add(tool("g"));
                    b.toolChoice = choice;
                });
    }

    private static List<String> names(EncodedRequest encoded) {
        return body(encoded)
                .path("tools")
                .valueStream()
                .map(tool -> tool.at("/function/name").stringValue())
                .toList();
    }

    private static String instruction(EncodedRequest encoded) {
        JsonNode first = body(encoded).at("/messages/0");
        return first.path("role").stringValue().equals("system")
                ? first.path("content").stringValue()
                : "";
    }

    @Test
    void choosesAmongToolsByLeavingOutAndByWords() {
        EncodedRequest auto = choosing(new ToolChoice.Auto());
        assertThat(names(auto)).containsExactly("f", "g");
        assertThat(auto.warnings()).containsExactly("dropped=tools.strict");
        assertThat(body(auto).at("/tools/0/function/parameters"))
                .hasToString("{\"type\":\"object\",\"properties\":{}}");
        assertThat(names(choosing(new ToolChoice.None()))).isEmpty();
        EncodedRequest required = choosing(new ToolChoice.Required());
        assertThat(instruction(required)).contains("at least one");
        assertThat(required.warnings()).contains("emulated=tool_choice");
        EncodedRequest named = choosing(new ToolChoice.Named("g"));
        assertThat(names(named)).containsExactly("g");
        assertThat(instruction(named)).contains("`g`");
        EncodedRequest allowed = choosing(new ToolChoice.Allowed(List.of("f"), true));
        assertThat(names(allowed)).containsExactly("f");
        assertThat(instruction(allowed)).contains("at least one");
    }

    @Test
    void makesAFunctionOfAToolWithFreeText() {
        EncodedRequest encoded = encode(b -> b.tools.add(new Tool.Custom("sql", null, null)));
        assertThat(body(encoded).at("/tools/0/function/parameters/required/0"))
                .hasToString("\"input\"");
        assertThat(encoded.emulations().customTools()).containsExactly("sql");
        assertThat(encoded.warnings()).containsExactly("emulated=custom_tool");
    }

    @Test
    void writesTheFormOfTheAnswer() {
        Raw schema = Raw.of("{\"type\":\"object\"}");
        Consumer<Request.Builder> wanted =
                b -> b.responseFormat = new ResponseFormat.JsonSchema("n", null, schema, true);
        assertThat(body(encode(wanted)).path("format")).hasToString("{\"type\":\"object\"}");
        assertThat(
                        body(encode(b -> b.responseFormat = new ResponseFormat.JsonObject()))
                                .path("format"))
                .hasToString("\"json\"");
        EncodedRequest inWords = encode(OLLAMA.with(Map.of(Quirk.RESPONSE_FORMAT, false)), wanted);
        assertThat(body(inWords).has("format")).isFalse();
        assertThat(instruction(inWords)).contains("{\"type\":\"object\"}");
        assertThat(inWords.warnings()).containsExactly("emulated=response_format");
    }

    private static EncodedRequest thinking(ThinkingConfig config) {
        return encode(b -> b.thinking = config);
    }

    @Test
    void asksForThinkingOnlyWhereAnEffortIsNamed() {
        assertThat(body(thinking(ThinkingConfig.off())).path("think")).hasToString("false");
        assertThat(body(thinking(ThinkingConfig.effort(Effort.LOW))).path("think"))
                .hasToString("\"low\"");
        EncodedRequest most = thinking(ThinkingConfig.effort(Effort.MAX));
        assertThat(body(most).path("think")).hasToString("\"high\"");
        assertThat(most.warnings()).containsExactly("clamped=reasoning_effort");
        EncodedRequest budget = thinking(ThinkingConfig.budget(2048));
        assertThat(body(budget).has("think")).isFalse();
        assertThat(budget.warnings()).containsExactly("dropped=thinking");
    }

    @Test
    void writesADocumentOfTextAsText() {
        assertThat(
                        messages(
                                user(
                                        new Block.Document(
                                                new Source.PlainText("body"),
                                                "T",
                                                null,
                                                false,
                                                null),
                                        new Block.Document(
                                                new Source.Base64("text/csv", "YSxi"),
                                                null,
                                                null,
                                                false,
                                                null))))
                .isEqualTo("[{\"role\":\"user\",\"content\":\"Document: T\\n\\nbody\\n\\na,b\"}]");
    }

    static Stream<Block> impossible() {
        return Stream.of(
                new Block.Image(new Source.Url("https://example.org/a.png"), null, null),
                new Block.Image(new Source.FileId("file-1"), null, null),
                new Block.Document(
                        new Source.Base64("application/pdf", "JVBERi0="), null, null, false, null),
                new Block.Document(
                        new Source.Url("https://example.org/a"), null, null, false, null),
                new Block.Audio("UklGRg==", "wav"),
                new Block.Opaque("video_url", Raw.of("{}")));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void refusesWhatTheModelWouldNotSee(Block block) {
        assertThatThrownBy(() -> encode(b -> b.messages.add(user(block))))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> {
                            assertThat(e.failure().code()).isEqualTo(FailureCode.UNSUPPORTED);
                            assertThat(e.failure().param()).isEqualTo("messages[0]");
                        });
    }

    @Test
    void refusesWhatWouldMeanSomethingElse() {
        assertThatThrownBy(() -> encode(b -> b.choices = 2)).hasMessageContaining("n: 2");
        assertThatThrownBy(() -> encode(b -> b.extra.put("previous_response_id", Raw.of("\"r\""))))
                .hasMessageContaining("previous_response_id");
        assertThatThrownBy(
                        () ->
                                encode(
                                        b ->
                                                b.tools.add(
                                                        new Tool.Hosted(
                                                                "web_search",
                                                                "web_search",
                                                                Raw.of("{}")))))
                .hasMessageContaining("web_search");
    }
}

package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.request.Request;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OllamaStreamValidator;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Between Ollama's dialect and each other one: the same story, but for what one cannot tell. */
class OllamaPairsTest {
    private static final Dialect OLLAMA = Dialects.find("ollama").orElseThrow();

    static Stream<Arguments> stories() {
        return Stream.of("openai-chat", "anthropic")
                .flatMap(
                        other ->
                                Stream.of("01", "02", "03", "04", "05")
                                        .flatMap(
                                                story ->
                                                        Stream.of(
                                                                Arguments.of(
                                                                        other, "ollama", story),
                                                                Arguments.of(
                                                                        "ollama", other, story))));
    }

    private static Dialect dialect(String name) {
        return Dialects.find(name).orElseThrow();
    }

    private static List<Event> read(Dialect dialect, byte[] stream) {
        return Wire.decode(dialect, Wire.foreign(), List.of(stream));
    }

    private static FoldedAnswer judged(Dialect dialect, byte[] stream) {
        return switch (dialect.name()) {
            case "ollama" -> OllamaStreamValidator.strict().validate(stream);
            case "anthropic" -> AnthropicStreamValidator.strict().validate(stream);
            default -> OpenAiChatStreamValidator.expectingUsage().validate(stream);
        };
    }

    private static byte[] translated(String from, String story, Dialect to) {
        Golden golden = Goldens.one(from, story);
        return Wire.encode(to, Wire.context(false), read(dialect(from), golden.bytes()));
    }

    private static String said(Answer answer, BlockKind kind) {
        StringBuilder all = new StringBuilder();
        answer.blocks().stream()
                .filter(block -> block.kind() == kind)
                .forEach(block -> all.append(block.text()));
        return all.toString();
    }

    private static JsonNode arguments(AnswerBlock call) {
        return Json.parse(call.text().isEmpty() ? "{}" : call.text().toString());
    }

    private static List<String> calls(Answer answer) {
        return answer.blocks().stream()
                .filter(block -> block.kind() == BlockKind.TOOL_USE)
                .map(call -> call.id() + " " + call.name() + " " + arguments(call))
                .toList();
    }

    @ParameterizedTest(name = "{0} to {1}, {2}")
    @MethodSource("stories")
    @Tag("R28")
    @Tag("R34")
    @Tag("R40")
    @Tag("R49")
    void tellsTheSameStory(String from, String to, String story) {
        Answer told = Wire.answer(read(dialect(from), Goldens.one(from, story).bytes()));
        byte[] stream = translated(from, story, dialect(to));
        assertThat(judged(dialect(to), stream).isComplete()).isTrue();
        Answer heard = Wire.answer(read(dialect(to), stream));
        assertThat(heard.text()).isEqualTo(told.text());
        assertThat(said(heard, BlockKind.THINKING)).isEqualTo(said(told, BlockKind.THINKING));
        assertThat(calls(heard)).isEqualTo(calls(told));
        assertThat(heard.stopReason()).isEqualTo(told.stopReason());
        assertThat(heard.usage().totalInput()).isEqualTo(told.usage().totalInput());
        assertThat(heard.usage().output()).isEqualTo(told.usage().output());
    }

    @ParameterizedTest(name = "{0} to {1}, {2}")
    @MethodSource("stories")
    void tellsTheSameStoryUnstreamed(String from, String to, String story) {
        Answer told = Wire.answer(read(dialect(from), Goldens.one(from, story).bytes()));
        byte[] body = dialect(to).encodeAnswer(told, Wire.context(false));
        Answer heard = Wire.answer(Wire.decodeAnswer(dialect(to), Wire.foreign(), body));
        assertThat(heard.text()).isEqualTo(told.text());
        assertThat(calls(heard)).isEqualTo(calls(told));
        assertThat(heard.stopReason()).isEqualTo(told.stopReason());
    }

    /** The deltas of a call are one object here, and one object is a call's deltas elsewhere. */
    @ParameterizedTest
    @ValueSource(strings = {"openai-chat", "anthropic"})
    @Tag("R42")
    void bringsTheArgumentsOfACallThereAndBack(String other) {
        byte[] there = translated(other, "02", OLLAMA);
        byte[] back = Wire.encode(dialect(other), Wire.context(false), read(OLLAMA, there));
        Answer first = Wire.answer(read(dialect(other), Goldens.one(other, "02").bytes()));
        Answer last = Wire.answer(read(dialect(other), back));
        assertThat(last.blocks().getLast().text()).isEqualTo(first.blocks().getLast().text());
        assertThat(calls(last)).isEqualTo(calls(first));
    }

    @Test
    @Tag("R39")
    void tellsOfALimitInsideACallAndLeavesTheCallOut() {
        FoldedAnswer heard = judged(OLLAMA, translated("anthropic", "06", OLLAMA));
        assertThat(heard.isComplete()).isTrue();
        assertThat(heard.stopReason()).contains("length");
        assertThat(heard.toolCalls()).isEmpty();
    }

    @Test
    @Tag("R39")
    void tellsOfARefusalAndAStopSequenceWhatItCan() {
        FoldedAnswer refused = judged(OLLAMA, translated("openai-chat", "09", OLLAMA));
        assertThat(refused.text()).isEqualTo("I can't help with that.");
        assertThat(refused.stopReason()).contains("stop");
        byte[] stopped = translated("anthropic", "08", OLLAMA);
        assertThat(Wire.answer(read(OLLAMA, stopped)).stopReason()).isEqualTo(StopReason.END_TURN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai-chat", "anthropic"})
    @Tag("R52")
    void tellsAFailureInTheClientsDialect(String other) {
        FoldedAnswer there = judged(dialect(other), translated("ollama", "06", dialect(other)));
        assertThat(there.text()).isEqualTo("The capital of France");
        assertThat(there.error()).isPresent();
        String story = other.equals("anthropic") ? "07" : "06";
        FoldedAnswer back = judged(OLLAMA, translated(other, story, OLLAMA));
        assertThat(back.error()).isPresent();
        assertThat(back.isComplete()).isFalse();
    }

    // ---- requests ----

    private static Target at(String dialect, String server) {
        return new Target("m", KnownServers.find(dialect, server).orElseThrow(), 4096, true);
    }

    private static Request decoded(String dialect, String json) {
        return dialect(dialect).decodeRequest(Call.of(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static final String ASKED =
            """
            {"model":"qwen3:8b","keep_alive":"5m","think":true,"format":"json",
             "options":{"num_ctx":8192,"num_predict":2000,"temperature":0.5,"top_k":40,"min_p":0.1,
               "repeat_penalty":1.1,"seed":7,"stop":["x"],"mirostat":1},
             "messages":[
              {"role":"system","content":"Be brief."},
              {"role":"user","content":"look","images":["iVBORw0KGgo="]},
              {"role":"assistant","content":"ok","thinking":"hm","tool_calls":[
                {"function":{"name":"f","arguments":{"x": 1.50}}}]},
              {"role":"tool","tool_name":"f","content":"done"},
              {"role":"user","content":"and?"}],
             "tools":[{"type":"function","function":{"name":"f","description":"d",
               "parameters":{"type":"object","properties":{}}}}]}
            """;

    @Test
    void tellsChatUpstreamsWhatAnOllamaClientAsked() {
        EncodedRequest encoded =
                dialect("openai-chat")
                        .encodeRequest(
                                decoded("ollama", ASKED), at("openai-chat", KnownServers.OPENAI));
        assertThat(encoded.warnings())
                .containsExactlyInAnyOrder(
                        "dropped=thinking",
                        "dropped=top_k",
                        "dropped=min_p",
                        "dropped=repetition_penalty",
                        "dropped=options.num_ctx",
                        "dropped=options.mirostat",
                        "dropped=keep_alive");
        JsonNode body = Json.parse(encoded.body());
        assertThat(body.path("max_completion_tokens").asInt()).isEqualTo(2000);
        assertThat(body.at("/response_format/type")).hasToString("\"json_object\"");
        assertThat(body.at("/messages/2/tool_calls/0/function/arguments").stringValue())
                .isEqualTo("{\"x\": 1.50}");
        assertThat(body.at("/messages/3/tool_call_id"))
                .isEqualTo(body.at("/messages/2/tool_calls/0/id"));
    }

    @Test
    void tellsAnthropicUpstreamsWhatAnOllamaClientAsked() {
        EncodedRequest encoded =
                dialect("anthropic")
                        .encodeRequest(
                                decoded("ollama", ASKED.replace("\"format\":\"json\",", "")),
                                at("anthropic", KnownServers.ANTHROPIC));
        assertThat(encoded.warnings())
                .containsExactlyInAnyOrder(
                        "dropped=thinking",
                        "dropped=min_p",
                        "dropped=repetition_penalty",
                        "dropped=seed",
                        "dropped=options.num_ctx",
                        "dropped=options.mirostat",
                        "dropped=keep_alive");
        JsonNode body = Json.parse(encoded.body());
        assertThat(body.path("max_tokens").asInt()).isEqualTo(2000);
        assertThat(body.at("/messages/0/content/1/source/media_type")).hasToString("\"image/png\"");
        assertThat(body.at("/messages/2/content/0/tool_use_id"))
                .isEqualTo(body.at("/messages/1/content").get(1).path("id"));
    }

    @Test
    void bringsAConversationThereAndBack() {
        Request asked = decoded("ollama", ASKED.replace("\"format\":\"json\",", ""));
        for (String other : List.of("openai-chat", "anthropic")) {
            byte[] there =
                    dialect(other)
                            .encodeRequest(asked, at(other, KnownServers.names(other).getFirst()))
                            .body();
            Request read = dialect(other).decodeRequest(Call.of(there));
            byte[] back = OLLAMA.encodeRequest(read, at("ollama", KnownServers.OLLAMA)).body();
            Request again = OLLAMA.decodeRequest(Call.of(back));
            assertThat(again.system()).as(other).isEqualTo(asked.system());
            assertThat(again.messages().getFirst()).isEqualTo(asked.messages().getFirst());
            assertThat(again.messages().getLast()).isEqualTo(asked.messages().getLast());
            assertThat(again.tools()).isEqualTo(asked.tools());
            assertThat(again.maxOutput()).isEqualTo(2000);
            assertThat(again.sampling().stop()).containsExactly("x");
        }
    }

    @Test
    void sendsAnAgentsRequestToOllama() {
        String agent =
                """
                {"model":"claude-sonnet-4-5","max_tokens":32000,"stream":true,
                 "metadata":{"user_id":"u"},"thinking":{"type":"enabled","budget_tokens":31999},
                 "system":[{"type":"text","text":"You are an agent.","cache_control":{"type":"ephemeral"}},
                           {"type":"text","text":"Be brief."}],
                 "tools":[{"name":"Read","description":"Reads.","input_schema":{"type":"object",
                   "properties":{"path":{"type":"string"}},"required":["path"]}}],
                 "tool_choice":{"type":"auto","disable_parallel_tool_use":true},
                 "messages":[
                  {"role":"user","content":[{"type":"text","text":"Read a.txt"}]},
                  {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"c2ln"},
                    {"type":"redacted_thinking","data":"eA=="},
                    {"type":"text","text":"Reading."},{"type":"tool_use","id":"toolu_1","name":"Read","input":{"path":"a.txt"}}]},
                  {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","is_error":true,"content":"no such file"},
                    {"type":"text","text":"Try again."}]}]}
                """;
        EncodedRequest encoded =
                OLLAMA.encodeRequest(
                        decoded("anthropic", agent), at("ollama", KnownServers.OLLAMA));
        assertThat(encoded.warnings())
                .containsExactlyInAnyOrder(
                        "dropped=cache_control",
                        "dropped=thinking",
                        "dropped=user",
                        "dropped=parallel_tool_calls");
        assertThat(Json.parse(encoded.body()))
                .isEqualTo(
                        Json.parse(
                                """
                                {"model":"m","messages":[
                                 {"role":"system","content":"You are an agent.\\n\\nBe brief."},
                                 {"role":"user","content":"Read a.txt"},
                                 {"role":"assistant","content":"Reading.","thinking":"hm","tool_calls":[
                                   {"id":"toolu_1","function":{"name":"Read","arguments":{"path":"a.txt"}}}]},
                                 {"role":"tool","content":"Error: no such file","tool_name":"Read","tool_call_id":"toolu_1"},
                                 {"role":"user","content":"Try again."}],
                                 "stream":true,
                                 "tools":[{"type":"function","function":{"name":"Read","description":"Reads.",
                                   "parameters":{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]}}}],
                                 "options":{"num_predict":32000}}
                                """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"raw\":true", "\"suffix\":\"x\"", "\"context\":[1]"})
    void refusesWhatOnlyOllamaCanDoWithAPrompt(String member) {
        String json = "{\"model\":\"m\",\"prompt\":\"a\"," + member + "}";
        Request request =
                OLLAMA.decodeRequest(
                        new Call(
                                Operation.COMPLETE,
                                "",
                                Headers.NONE,
                                json.getBytes(StandardCharsets.UTF_8)));
        for (Dialect dialect : Dialects.all()) {
            String server = KnownServers.names(dialect.name()).getFirst();
            assertThatThrownBy(() -> dialect.encodeRequest(request, at(dialect.name(), server)))
                    .as(dialect.name())
                    .isInstanceOfSatisfying(
                            FailureException.class,
                            e -> assertThat(e.failure().code()).isEqualTo(FailureCode.UNSUPPORTED));
        }
    }
}

package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.Event;
import dev.sluice.core.failure.FailureException;
import dev.sluice.dialect.openaichat.OpenAiChatDialect;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.FoldedToolCall;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Clients of this dialect before models that speak OpenAI Chat Completions, and the other way
 * round: the same story in both.
 */
class OpenAiChatPairTest {
    private static final OpenAiChatDialect CHAT = new OpenAiChatDialect();
    private static final DecodeContext FOREIGN = new DecodeContext(Quirks.vendor("openai"), false);

    static List<Golden> chatGoldens() {
        return Goldens.openAiChat();
    }

    private static List<Event> decodedChat(Golden golden) {
        return dev.sluice.dialect.Wire.decode(CHAT, FOREIGN, List.of(golden.bytes()));
    }

    @ParameterizedTest
    @MethodSource("chatGoldens")
    @Tag("R15")
    @Tag("R40")
    void writesWhatAModelOfOpenAiSays(Golden golden) {
        List<Event> events = decodedChat(golden);
        FoldedAnswer answer =
                AnthropicStreamValidator.strict().validate(Wire.encode(events, Wire.FOREIGN));
        assertThat(answer.isComplete()).isEqualTo(!golden.endsInError());
        if (!answer.isComplete()) {
            assertThat(answer.error()).isPresent();
            return;
        }
        JsonNode message = golden.expected().at("/choices/0/message");
        String refusal = message.path("refusal").stringValue("");
        assertThat(answer.text()).isEqualTo(message.path("content").stringValue("") + refusal);
        golden.note("x_reasoning")
                .ifPresent(all -> assertThat(answer.thinking()).isEqualTo(all.stringValue()));
        assertThat(answer.toolCalls().stream().map(FoldedToolCall::arguments))
                .containsExactlyElementsOf(
                        message.path("tool_calls")
                                .valueStream()
                                .map(call -> call.at("/function/arguments").stringValue())
                                .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "04", "05"})
    @Tag("R28")
    @Tag("R39")
    void tellsTheSameStoryAsAModelOfThisDialect(String story) {
        Answer ours = answer(Wire.decode(Goldens.one("anthropic", story).bytes()));
        Answer theirs = answer(decodedChat(Goldens.one("openai-chat", story)));
        assertThat(theirs.text()).isEqualTo(ours.text());
        assertThat(theirs.stopReason()).isEqualTo(ours.stopReason());
        assertThat(theirs.usage().output()).isEqualTo(ours.usage().output());
        assertThat(theirs.usage().cacheRead()).isEqualTo(ours.usage().cacheRead());
        JsonNode whole = Json.parse(Wire.DIALECT.encodeAnswer(theirs, Wire.FOREIGN));
        JsonNode expected = Goldens.one("anthropic", story).expected();
        assertThat(whole.path("stop_reason")).isEqualTo(expected.path("stop_reason"));
        assertThat(whole.at("/usage/input_tokens")).isEqualTo(expected.at("/usage/input_tokens"));
        assertThat(whole.at("/usage/output_tokens")).isEqualTo(expected.at("/usage/output_tokens"));
        assertThat(
                        whole.at("/content")
                                .valueStream()
                                .filter(b -> b.has("input"))
                                .map(b -> b.path("input")))
                .containsExactlyElementsOf(
                        expected.at("/content")
                                .valueStream()
                                .filter(b -> b.has("input"))
                                .map(b -> b.path("input"))
                                .toList());
    }

    private static Answer answer(List<Event> events) {
        return Wire.fold(events).answer();
    }

    @ParameterizedTest
    @MethodSource("dev.sluice.dialect.anthropic.AnthropicGoldenTest#all")
    @Tag("R15")
    @Tag("R48")
    void isUnderstoodByClientsOfOpenAi(Golden golden) {
        List<Event> events = Wire.decode(golden.bytes());
        byte[] stream =
                dev.sluice.dialect.Wire.encode(
                        CHAT, dev.sluice.dialect.Wire.context(false), events);
        FoldedAnswer answer = OpenAiChatStreamValidator.expectingUsage().validate(stream);
        Answer folded = answer(events);
        assertThat(answer.isComplete()).isEqualTo(!golden.endsInError());
        assertThat(answer.text()).isEqualTo(folded.text());
    }

    @Test
    void translatesARequestWithAllThereIs() {
        EncodedRequest encoded =
                translated(
                        """
                        {"model":"x","max_completion_tokens":4000,"temperature":1.5,"seed":7,"stream":true,
                         "reasoning_effort":"low","user":"u","stop":["a"],"parallel_tool_calls":false,
                         "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}},
                         "messages":[
                          {"role":"developer","content":"be brief"},
                          {"role":"user","content":[{"type":"text","text":"look"},
                            {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw==","detail":"high"}},
                            {"type":"file","file":{"file_data":"data:application/pdf;base64,JVBERi0=","filename":"a.pdf"}}]},
                          {"role":"assistant","content":null,"reasoning_content":"hm","tool_calls":[
                            {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\\"a\\": 1.0}"}},
                            {"id":"call.2","type":"function","function":{"name":"f","arguments":""}}]},
                          {"role":"tool","tool_call_id":"call_1","content":"one"},
                          {"role":"tool","tool_call_id":"call.2","content":[{"type":"text","text":"two"}]},
                          {"role":"user","content":"go on"},
                          {"role":"system","content":"late"}],
                         "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}}]}\
                        """);
        String second = LegalNames.id("call.2");
        assertThat(Json.parse(encoded.body()))
                .isEqualTo(
                        Json.parse(
                                """
                                {"model":"claude","max_tokens":4000,"stream":true,
                                 "system":[{"type":"text","text":"be brief"},{"type":"text","text":"late"}],
                                 "messages":[
                                  {"role":"user","content":[{"type":"text","text":"look"},
                                    {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw=="}},
                                    {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="},"title":"a.pdf"}]},
                                  {"role":"assistant","content":[
                                    {"type":"tool_use","id":"call_1","name":"f","input":{"a":1.0}},
                                    {"type":"tool_use","id":"%s","name":"f","input":{}}]},
                                  {"role":"user","content":[
                                    {"type":"tool_result","tool_use_id":"call_1","content":"one"},
                                    {"type":"tool_result","tool_use_id":"%s","content":"two"},
                                    {"type":"text","text":"go on"}]}],
                                 "tools":[{"name":"f","description":"d","input_schema":{"type":"object"},"strict":true}],
                                 "tool_choice":{"type":"auto","disable_parallel_tool_use":true},
                                 "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}},
                                 "temperature":1,"stop_sequences":["a"],"metadata":{"user_id":"u"}}\
                                """
                                        .formatted(second, second)));
        assertThat(encoded.warnings())
                .containsExactlyInAnyOrder(
                        "dropped=thinking",
                        "moved=system",
                        "dropped=detail",
                        "clamped=temperature",
                        "dropped=seed");
        assertThat(Wire.DIALECT.decodeRequest(Call.of(encoded.body())).messages()).hasSize(3);
    }

    private static EncodedRequest translated(String chat) {
        byte[] body = chat.getBytes(StandardCharsets.UTF_8);
        return Wire.DIALECT.encodeRequest(
                CHAT.decodeRequest(Call.of(body)),
                new Target("claude", Quirks.vendor("anthropic"), 4096, true));
    }

    @ParameterizedTest
    @MethodSource("dev.sluice.dialect.anthropic.AnthropicRequestEncoderTest#requests")
    void sendsEveryRequestOnOrSaysWhyNot(String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        try {
            EncodedRequest encoded =
                    CHAT.encodeRequest(
                            Wire.DIALECT.decodeRequest(Call.of(body)),
                            new Target("gpt", Quirks.vendor("openai"), 4096, true));
            assertThat(CHAT.decodeRequest(Call.of(encoded.body())).model()).isEqualTo("gpt");
        } catch (FailureException refused) {
            assertThat(refused.failure().field()).isPresent();
        }
    }
}

package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.request.Request;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;
import dev.sluice.testkit.stream.OpenAiResponsesStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** From one dialect to the other and back: the same story, but for what the other cannot tell. */
class TranslationTest {
    private final Dialect chat = Dialects.find("openai-chat").orElseThrow();
    private final Dialect responses = Dialects.find("openai-responses").orElseThrow();
    private final Dialect anthropic = Dialects.find("anthropic").orElseThrow();

    private static List<Event> read(Dialect dialect, byte[] stream) {
        return Wire.decode(dialect, Wire.foreign(), List.of(stream));
    }

    /** What a client of {@code to} reads of an upstream of {@code from}. */
    private static Answer translated(Dialect from, Golden golden, Dialect to) {
        byte[] stream = Wire.encode(to, Wire.context(false), read(from, golden.bytes()));
        FoldedAnswer folded =
                switch (to.name()) {
                    case "openai-chat" ->
                            OpenAiChatStreamValidator.expectingUsage().validate(stream);
                    case "openai-responses" ->
                            OpenAiResponsesStreamValidator.strict().validate(stream);
                    default -> AnthropicStreamValidator.strict().validate(stream);
                };
        assertThat(folded.isComplete()).isTrue();
        return Wire.answer(read(to, stream));
    }

    private static List<String> calls(Answer answer) {
        return answer.blocks().stream()
                .filter(block -> block.kind() == BlockKind.TOOL_USE)
                .map(
                        block ->
                                block.id()
                                        + " "
                                        + block.name()
                                        + " "
                                        + Json.parse(
                                                block.text().isEmpty()
                                                        ? "{}"
                                                        : block.text().toString()))
                .toList();
    }

    private static String thinking(Answer answer) {
        StringBuilder all = new StringBuilder();
        answer.blocks().stream()
                .filter(block -> block.kind() == BlockKind.THINKING)
                .forEach(block -> all.append(block.text()));
        return all.toString();
    }

    private static void assertSameStory(Answer read, Answer told) {
        assertThat(read.text()).isEqualTo(told.text());
        assertThat(thinking(read)).isEqualTo(thinking(told));
        assertThat(calls(read)).isEqualTo(calls(told));
        assertThat(read.stopReason()).isEqualTo(told.stopReason());
        assertThat(read.usage().totalInput()).isEqualTo(told.usage().totalInput());
        assertThat(Math.max(0, read.usage().cacheRead()))
                .isEqualTo(Math.max(0, told.usage().cacheRead()));
        assertThat(read.usage().output()).isEqualTo(told.usage().output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "03", "04", "05", "07", "08"})
    @Tag("R28")
    @Tag("R35")
    @Tag("R40")
    void tellsAnthropicClientsWhatAChatUpstreamSaid(String name) {
        Golden golden = Goldens.one("openai-chat", name);
        Answer told = Wire.answer(read(chat, golden.bytes()));
        assertSameStory(translated(chat, golden, anthropic), told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "03", "04", "05", "08"})
    @Tag("R28")
    @Tag("R40")
    void tellsChatClientsWhatAnAnthropicUpstreamSaid(String name) {
        Golden golden = Goldens.one("anthropic", name);
        Answer told = Wire.answer(read(anthropic, golden.bytes()));
        Answer read = translated(anthropic, golden, chat);
        if (told.stopReason() == StopReason.STOP_SEQUENCE) {
            // The dialect has no place for it.
            assertThat(read.stopReason()).isEqualTo(StopReason.END_TURN);
            assertThat(read.text()).isEqualTo(told.text());
            return;
        }
        assertSameStory(read, told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "03", "04", "05", "08"})
    @Tag("R28")
    @Tag("R40")
    @Tag("R48")
    void tellsAllClientsWhatAResponsesUpstreamSaid(String name) {
        Golden golden = Goldens.one("openai-responses", name);
        Answer told = Wire.answer(read(responses, golden.bytes()));
        assertSameStory(translated(responses, golden, chat), told);
        assertSameStory(translated(responses, golden, anthropic), told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "03", "04", "05", "07", "08", "09"})
    @Tag("R28")
    @Tag("R40")
    @Tag("R48")
    void tellsResponsesClientsWhatAChatUpstreamSaid(String name) {
        Golden golden = Goldens.one("openai-chat", name);
        Answer told = Wire.answer(read(chat, golden.bytes()));
        assertSameStory(translated(chat, golden, responses), told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "03", "04", "05", "08"})
    @Tag("R28")
    @Tag("R40")
    @Tag("R48")
    void tellsResponsesClientsWhatAnAnthropicUpstreamSaid(String name) {
        Golden golden = Goldens.one("anthropic", name);
        Answer told = Wire.answer(read(anthropic, golden.bytes()));
        Answer read = translated(anthropic, golden, responses);
        if (told.stopReason() == StopReason.STOP_SEQUENCE) {
            // The dialect has no place for it.
            assertThat(read.stopReason()).isEqualTo(StopReason.END_TURN);
            assertThat(read.text()).isEqualTo(told.text());
            return;
        }
        assertSameStory(read, told);
    }

    @Test
    @Tag("R46")
    @Tag("R48")
    void bringsSealsBackToTheVendorThatMadeThem() {
        Golden golden = Goldens.one("anthropic", "04");
        Answer told = Wire.answer(read(anthropic, golden.bytes()));
        byte[] stream =
                Wire.encode(responses, Wire.context(false), read(anthropic, golden.bytes()));
        FoldedAnswer heard = OpenAiResponsesStreamValidator.strict().validate(stream);
        String next =
                "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":\"17*23?\"},"
                        + heard.response().path("output").toString().replaceAll("^\\[|\\]$", "")
                        + ",{\"role\":\"user\",\"content\":\"Sure?\"}]}";
        Request asked = responses.decodeRequest(Call.of(next.getBytes(StandardCharsets.UTF_8)));
        JsonNode sent =
                Json.parse(
                        anthropic
                                .encodeRequest(asked, at("anthropic", KnownServers.ANTHROPIC))
                                .body());
        JsonNode turn = sent.path("messages").path(1).path("content");
        told.blocks().stream()
                .filter(block -> !block.signature().isEmpty())
                .forEach(
                        block ->
                                assertThat(turn.toString()).contains(block.signature().toString()));
        told.first(BlockKind.REDACTED_THINKING)
                .ifPresent(
                        block -> assertThat(turn.toString()).contains("\"data\":" + block.data()));
        JsonNode elsewhere =
                Json.parse(
                        chat.encodeRequest(asked, at("openai-chat", KnownServers.OPENAI)).body());
        assertThat(elsewhere.toString()).doesNotContain("sluice1");
    }

    @Test
    @Tag("R46")
    @Tag("R47")
    void givesAResponsesVendorItsOwnSealsBackAndNobodyElse() {
        Golden golden = Goldens.one("openai-responses", "04");
        byte[] stream =
                Wire.encode(anthropic, Wire.context(false), read(responses, golden.bytes()));
        FoldedAnswer heard = AnthropicStreamValidator.strict().validate(stream);
        String next =
                "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"17*23?\"},"
                    + "{\"role\":\"assistant\",\"content\":"
                        + heard.response().path("content")
                        + "},{\"role\":\"user\",\"content\":\"Sure?\"}]}";
        Request asked = anthropic.decodeRequest(Call.of(next.getBytes(StandardCharsets.UTF_8)));
        JsonNode home =
                Json.parse(
                        responses
                                .encodeRequest(asked, at("openai-responses", KnownServers.OPENAI))
                                .body());
        assertThat(home.path("input").path(1).path("encrypted_content").stringValue())
                .isEqualTo("gAAAAABgoldENCRYPTED");
        Request.Builder foreign = Request.builder("gemini");
        foreign.model = "m";
        foreign.messages.addAll(asked.messages());
        EncodedRequest other =
                anthropic.encodeRequest(foreign.build(), at("anthropic", KnownServers.ANTHROPIC));
        assertThat(new String(other.body(), StandardCharsets.UTF_8)).doesNotContain("gAAAA");
        assertThat(other.warnings()).contains("dropped=thinking");
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "03", "04", "05"})
    @Tag("R28")
    void countsTheSameTokensInBothDialects(String name) {
        Golden golden = Goldens.one("openai-chat", name);
        Usage there = translated(chat, golden, anthropic).usage();
        Usage back = Wire.answer(read(chat, golden.bytes())).usage();
        assertThat(there.input()).isEqualTo(back.input());
        assertThat(Math.max(0, there.cacheRead())).isEqualTo(Math.max(0, back.cacheRead()));
        assertThat(there.output()).isEqualTo(back.output());
    }

    @Test
    @Tag("R39")
    void keepsTheLimitInsideAToolCall() {
        Golden golden = Goldens.one("anthropic", "06");
        Answer told = Wire.answer(read(anthropic, golden.bytes()));
        Answer read = translated(anthropic, golden, chat);
        assertThat(read.stopReason()).isEqualTo(StopReason.MAX_TOKENS);
        assertThat(read.blocks().getLast().text()).isEqualTo(told.blocks().getLast().text());
    }

    @Test
    void tellsAnthropicClientsOfARefusal() {
        Golden golden = Goldens.one("openai-chat", "09");
        byte[] stream = Wire.encode(anthropic, Wire.context(false), read(chat, golden.bytes()));
        FoldedAnswer folded = AnthropicStreamValidator.strict().validate(stream);
        assertThat(folded.stopReason()).contains("refusal");
        assertThat(folded.text()).isEqualTo("I can't help with that.");
    }

    @Test
    @Tag("R52")
    void tellsAFailureInTheClientsDialect() {
        byte[] there =
                Wire.encode(
                        anthropic,
                        Wire.context(false),
                        read(chat, Goldens.one("openai-chat", "06").bytes()));
        assertThat(AnthropicStreamValidator.strict().validate(there).error()).isPresent();
        byte[] back =
                Wire.encode(
                        chat,
                        Wire.context(false),
                        read(anthropic, Goldens.one("anthropic", "07").bytes()));
        assertThat(OpenAiChatStreamValidator.expectingUsage().validate(back).error()).isPresent();
        for (Dialect other : List.of(chat, anthropic)) {
            Golden broken =
                    other.name().equals("openai-chat")
                            ? Goldens.one("openai-chat", "06")
                            : Goldens.one("anthropic", "07");
            byte[] told = Wire.encode(responses, Wire.context(false), read(other, broken.bytes()));
            FoldedAnswer folded = OpenAiResponsesStreamValidator.strict().validate(told);
            assertThat(folded.stopReason()).contains("failed");
        }
    }

    private static Target at(String dialect, String server) {
        return new Target("m", KnownServers.find(dialect, server).orElseThrow(), 4096, true);
    }

    @Test
    void sendsAnAgentsRequestToALocalServer() {
        String agent =
                """
                {"model":"claude-sonnet-4-5","max_tokens":32000,"stream":true,
                 "metadata":{"user_id":"user_0123456789abcdef0123456789abcdef0123456789abcdef_account__session_x"},
                 "thinking":{"type":"enabled","budget_tokens":31999},
                 "system":[{"type":"text","text":"You are an agent.","cache_control":{"type":"ephemeral"}},
                           {"type":"text","text":"Be brief."}],
                 "tools":[{"name":"Read","description":"Reads.","input_schema":{"$schema":"https://json-schema.org/draft/2020-12/schema",
                   "type":"object","properties":{"path":{"type":"string"}},"required":["path"],"additionalProperties":false},
                   "cache_control":{"type":"ephemeral"}}],
                 "messages":[
                  {"role":"user","content":[{"type":"text","text":"<reminder>"},{"type":"text","text":"Read a.txt","cache_control":{"type":"ephemeral"}}]},
                  {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"c2ln"},
                    {"type":"text","text":"Reading."},{"type":"tool_use","id":"toolu_1","name":"Read","input":{"path":"a.txt"}}]},
                  {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","is_error":true,"content":"no such file"},
                    {"type":"text","text":"Try again."}]}]}
                """;
        Request request = anthropic.decodeRequest(Call.of(agent.getBytes(StandardCharsets.UTF_8)));
        EncodedRequest encoded =
                chat.encodeRequest(request, at("openai-chat", KnownServers.MLX_LM));
        JsonNode body = Json.parse(encoded.body());
        assertThat(body.path("messages").toString())
                .isEqualTo(
                        "[{\"role\":\"system\",\"content\":\"You are an agent.\\n"
                            + "\\n"
                            + "Be brief.\"},{\"role\":\"user\",\"content\":\"<reminder>\\n"
                            + "\\n"
                            + "Read a.txt\"},"
                            + "{\"role\":\"assistant\",\"content\":\"Reading.\",\"tool_calls\":[{\"id\":"
                            + "\"toolu_1\",\"type\":\"function\",\"function\":{\"name\":\"Read\","
                            + "\"arguments\":\"{\\\"path\\\":\\\"a.txt\\\"}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"toolu_1\",\"content\":\"Error:"
                            + " no such file\"},{\"role\":\"user\",\"content\":\"Try again.\"}]");
        assertThat(body.path("max_tokens").asInt()).isEqualTo(32000);
        assertThat(encoded.warnings())
                .containsExactlyInAnyOrder(
                        "dropped=cache_control", "dropped=thinking", "dropped=user");
        EncodedRequest vendor = chat.encodeRequest(request, at("openai-chat", KnownServers.OPENAI));
        assertThat(Json.parse(vendor.body()).path("reasoning_effort").stringValue())
                .isEqualTo("high");
        assertThat(Json.parse(vendor.body()).path("user").stringValue()).hasSize(64);
    }

    @Test
    void bringsAConversationThereAndBack() {
        String json =
                """
                {"model":"m","max_completion_tokens":99,"messages":[
                 {"role":"system","content":"Be brief."},
                 {"role":"user","content":[{"type":"text","text":"look"},
                   {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]},
                 {"role":"assistant","content":"ok","tool_calls":[{"id":"call_1","type":"function",
                   "function":{"name":"f","arguments":"{\\"x\\": 1.50}"}}]},
                 {"role":"tool","tool_call_id":"call_1","content":"done"},
                 {"role":"user","content":"and?"}],
                 "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}],
                 "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false}
                """;
        Request asked = chat.decodeRequest(Call.of(json.getBytes(StandardCharsets.UTF_8)));
        byte[] there =
                anthropic.encodeRequest(asked, at("anthropic", KnownServers.ANTHROPIC)).body();
        Request read = anthropic.decodeRequest(Call.of(there));
        byte[] back = chat.encodeRequest(read, at("openai-chat", KnownServers.OPENAI)).body();
        Request again = chat.decodeRequest(Call.of(back));
        assertThat(again.system()).isEqualTo(asked.system());
        assertThat(again.messages()).isEqualTo(asked.messages());
        assertThat(again.tools()).isEqualTo(asked.tools());
        assertThat(again.toolChoice()).isEqualTo(asked.toolChoice());
        assertThat(again.parallelToolCalls()).isFalse();
        assertThat(again.maxOutput()).isEqualTo(99);
    }

    @Test
    void tellsOpenAiInOneDialectWhatItsOtherHasTheSameMembersFor() {
        String json =
                """
                {"model":"m","input":"hi","metadata":{"a":"b"},"safety_identifier":"s",
                 "prompt_cache_key":"k","text":{"verbosity":"low"},"truncation":"auto"}
                """;
        Request asked = responses.decodeRequest(Call.of(json.getBytes(StandardCharsets.UTF_8)));
        EncodedRequest there = chat.encodeRequest(asked, at("openai-chat", KnownServers.OPENAI));
        JsonNode body = Json.parse(there.body());
        assertThat(body.path("metadata").toString()).isEqualTo("{\"a\":\"b\"}");
        assertThat(body.path("safety_identifier").stringValue()).isEqualTo("s");
        assertThat(body.path("prompt_cache_key").stringValue()).isEqualTo("k");
        assertThat(body.path("verbosity").stringValue()).isEqualTo("low");
        assertThat(there.warnings()).containsExactly("dropped=truncation");
        Request back = chat.decodeRequest(Call.of(there.body()));
        EncodedRequest again =
                responses.encodeRequest(back, at("openai-responses", KnownServers.OPENAI));
        JsonNode home = Json.parse(again.body());
        assertThat(home.path("metadata").toString()).isEqualTo("{\"a\":\"b\"}");
        assertThat(home.at("/text/verbosity").stringValue()).isEqualTo("low");
        assertThat(again.warnings()).isEmpty();
        assertThat(chat.encodeRequest(asked, at("openai-chat", KnownServers.MLX_LM)).warnings())
                .contains("dropped=metadata", "dropped=verbosity");
    }

    @Test
    @Tag("R45")
    void saysOnceWhatOnlyAnthropicKnowsOfBlocks() {
        String json =
                """
                {"model":"m","max_tokens":9,
                 "tools":[{"name":"f","input_schema":{"type":"object"},"defer_loading":true}],
                 "messages":[{"role":"user","content":"x"},
                  {"role":"assistant","content":[{"type":"text","text":"a","citations":[{"cited_text":"b"}]},
                   {"type":"text","text":"c","citations":[]},
                   {"type":"tool_use","id":"t1","name":"f","input":{},"caller":{"type":"code"}},
                   {"type":"tool_use","id":"t2","name":"f","input":{},"caller":{"type":"code"}}]},
                  {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"d"},
                   {"type":"tool_result","tool_use_id":"t2","content":"e"}]}]}
                """;
        Request asked = anthropic.decodeRequest(Call.of(json.getBytes(StandardCharsets.UTF_8)));
        String[] lost = {
            "dropped=messages.citations", "dropped=messages.caller", "dropped=tools.defer_loading"
        };
        assertThat(chat.encodeRequest(asked, at("openai-chat", KnownServers.OPENAI)).warnings())
                .containsExactlyInAnyOrder(lost);
        EncodedRequest accented =
                anthropic.encodeRequest(asked, at("anthropic", KnownServers.OLLAMA));
        assertThat(accented.warnings()).contains(lost);
        assertThat(Json.parse(accented.body()).has("messages.caller")).isFalse();
    }
}

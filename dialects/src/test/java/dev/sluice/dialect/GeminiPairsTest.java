package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.request.Request;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.GeminiStreamValidator;
import dev.sluice.testkit.stream.OllamaStreamValidator;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;
import dev.sluice.testkit.stream.OpenAiResponsesStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Between Gemini's dialect and each other one: ends, failures, and seals that must come back. */
class GeminiPairsTest {
    private static final Dialect GEMINI = Dialects.find("gemini").orElseThrow();
    private static final Dialect ANTHROPIC = Dialects.find("anthropic").orElseThrow();
    private static final Dialect RESPONSES = Dialects.find("openai-responses").orElseThrow();

    private static Dialect dialect(String name) {
        return Dialects.find(name).orElseThrow();
    }

    private static List<Event> read(Dialect dialect, byte[] stream) {
        return Wire.decode(dialect, Wire.foreign(), List.of(stream));
    }

    private static FoldedAnswer judged(Dialect dialect, byte[] stream) {
        return switch (dialect.name()) {
            case "gemini" -> GeminiStreamValidator.strict().validate(stream);
            case "ollama" -> OllamaStreamValidator.strict().validate(stream);
            case "anthropic" -> AnthropicStreamValidator.strict().validate(stream);
            case "openai-responses" -> OpenAiResponsesStreamValidator.strict().validate(stream);
            default -> OpenAiChatStreamValidator.expectingUsage().validate(stream);
        };
    }

    private static byte[] translated(Golden golden, Dialect to) {
        return Wire.encode(
                to, Wire.context(false), read(dialect(golden.dialect()), golden.bytes()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai-chat", "openai-responses", "anthropic", "ollama"})
    @Tag("R39")
    void tellsThatThePromptWasBlocked(String client) {
        byte[] stream = translated(Goldens.one("gemini", "07"), dialect(client));
        assertThat(judged(dialect(client), stream).isComplete()).isTrue();
        Answer heard = Wire.answer(read(dialect(client), stream));
        assertThat(heard.text()).isEmpty();
        StopReason expected = client.equals("ollama") ? StopReason.END_TURN : StopReason.REFUSAL;
        assertThat(heard.stopReason()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai-chat", "openai-responses", "anthropic", "ollama"})
    @Tag("R52")
    void tellsAFailureInTheClientsDialect(String client) {
        byte[] stream = translated(Goldens.one("gemini", "06"), dialect(client));
        FoldedAnswer folded = judged(dialect(client), stream);
        assertThat(folded.isComplete()).isFalse();
        assertThat(folded.error().orElseThrow().toString()).contains("overloaded");
    }

    @Test
    @Tag("R39")
    void leavesOutACallThatALimitHasCut() {
        byte[] stream = translated(Goldens.one("anthropic", "06"), GEMINI);
        FoldedAnswer folded = GeminiStreamValidator.strict().validate(stream);
        assertThat(folded.stopReason()).contains("MAX_TOKENS");
        assertThat(folded.toolCalls()).isEmpty();
    }

    // ---- seals ----

    private static Target at(String dialect, String server, String model) {
        return new Target(model, KnownServers.find(dialect, server).orElseThrow(), 4096, true);
    }

    private static Request asked(Dialect dialect, String json) {
        return dialect.decodeRequest(
                new Call("m:generateContent", Headers.NONE, json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String turn(FoldedAnswer heard) {
        return heard.response().path("candidates").path(0).path("content").toString();
    }

    private static final String USER = "{\"role\":\"user\",\"parts\":[{\"text\":\"17*23?\"}]}";

    @Test
    @Tag("R46")
    @Tag("R48")
    void bringsTheSealsOfAnotherVendorBackToIt() {
        Golden golden = Goldens.one("anthropic", "04");
        Answer told = Wire.answer(read(ANTHROPIC, golden.bytes()));
        FoldedAnswer heard = GeminiStreamValidator.strict().validate(translated(golden, GEMINI));
        Request next =
                asked(GEMINI, "{\"contents\":[" + USER + "," + turn(heard) + "," + USER + "]}");
        JsonNode sent =
                Json.parse(
                        ANTHROPIC
                                .encodeRequest(next, at("anthropic", KnownServers.ANTHROPIC, "m"))
                                .body());
        JsonNode there = sent.path("messages").path(1).path("content");
        told.blocks().stream()
                .filter(block -> block.kind() == BlockKind.THINKING)
                .forEach(
                        block ->
                                assertThat(there.toString())
                                        .contains(
                                                "\"thinking\":\"" + block.text() + "\"",
                                                "\"signature\":\"" + block.signature() + "\""));
        assertThat(there.toString())
                .contains("\"data\":" + told.first(BlockKind.REDACTED_THINKING).get().data());
        EncodedRequest home = GEMINI.encodeRequest(next, at("gemini", KnownServers.GOOGLE, "m"));
        assertThat(new String(home.body(), StandardCharsets.UTF_8))
                .doesNotContain("thoughtSignature");
        assertThat(home.warnings()).contains("dropped=thinking");
    }

    @ParameterizedTest
    @ValueSource(strings = {"02", "03", "04"})
    @Tag("R46")
    @Tag("R48")
    void getsItsSealsBackOnThePartsTheyStoodOn(String story) {
        Golden golden = Goldens.one("gemini", story);
        FoldedAnswer heard =
                AnthropicStreamValidator.strict().validate(translated(golden, ANTHROPIC));
        Request next =
                ANTHROPIC.decodeRequest(
                        Call.of(
                                ("{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"},"
                                     + "{\"role\":\"assistant\",\"content\":"
                                                + heard.response().path("content")
                                                + "}]}")
                                        .getBytes(StandardCharsets.UTF_8)));
        JsonNode parts =
                Json.parse(
                                GEMINI.encodeRequest(
                                                next, at("gemini", KnownServers.GOOGLE, "gemini-3"))
                                        .body())
                        .path("contents")
                        .path(1)
                        .path("parts");
        assertThat(sealed(parts)).isEqualTo(sealed(partsOf(golden)));
        Request home = ANTHROPIC.decodeRequest(Call.of(bytes(next)));
        assertThat(home.messages().toString()).doesNotContain("R09MRC");
    }

    /** What a vendor of the client's own dialect is sent of the same conversation. */
    private static byte[] bytes(Request request) {
        Request.Builder foreign = Request.builder("gemini");
        foreign.model = "m";
        foreign.messages.addAll(request.messages());
        return ANTHROPIC
                .encodeRequest(foreign.build(), at("anthropic", KnownServers.ANTHROPIC, "m"))
                .body();
    }

    private static JsonNode partsOf(Golden golden) {
        return GeminiStreamValidator.lenient()
                .validate(golden.bytes())
                .response()
                .path("candidates")
                .path(0)
                .path("content")
                .path("parts");
    }

    /** Each part with a seal: what it says, and the seal. */
    private static List<String> sealed(JsonNode parts) {
        return parts.valueStream()
                .filter(part -> part.has("thoughtSignature"))
                .map(
                        part -> {
                            ObjectNode bare = (ObjectNode) part.deepCopy();
                            if (bare.path("functionCall") instanceof ObjectNode call) {
                                call.remove("id");
                            }
                            return bare.toString();
                        })
                .toList();
    }

    @Test
    @Tag("R46")
    void keepsItsSealsThroughAClientOfResponses() {
        Golden golden = Goldens.one("gemini", "02");
        FoldedAnswer heard =
                OpenAiResponsesStreamValidator.strict().validate(translated(golden, RESPONSES));
        String next =
                "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":\"x\"},"
                        + heard.response().path("output").toString().replaceAll("^\\[|\\]$", "")
                        + "]}";
        Request asked = RESPONSES.decodeRequest(Call.of(next.getBytes(StandardCharsets.UTF_8)));
        JsonNode sent =
                Json.parse(
                        GEMINI.encodeRequest(asked, at("gemini", KnownServers.GOOGLE, "gemini-3"))
                                .body());
        assertThat(sealed(sent.path("contents").path(1).path("parts")))
                .isEqualTo(sealed(partsOf(golden)));
    }

    @Test
    @Tag("R47")
    void saysThatASealIsMissingWhereAModelDemandsOne() {
        String json =
                """
                {"model":"m","messages":[{"role":"user","content":"x"},
                 {"role":"assistant","tool_calls":[
                   {"id":"call_1","type":"function","function":{"name":"f","arguments":"{}"}},
                   {"id":"call_2","type":"function","function":{"name":"g","arguments":"{}"}}]},
                 {"role":"tool","tool_call_id":"call_2","content":"two"},
                 {"role":"tool","tool_call_id":"call_1","content":"one"}]}
                """;
        Request asked =
                dialect("openai-chat")
                        .decodeRequest(Call.of(json.getBytes(StandardCharsets.UTF_8)));
        EncodedRequest third =
                GEMINI.encodeRequest(asked, at("gemini", KnownServers.GOOGLE, "gemini-3-pro"));
        JsonNode contents = Json.parse(third.body()).path("contents");
        assertThat(contents.path(1).path("parts").toString())
                .isEqualTo(
                        "[{\"functionCall\":{\"id\":\"call_1\",\"name\":\"f\",\"args\":{}},"
                            + "\"thoughtSignature\":\"skip_thought_signature_validator\"},"
                            + "{\"functionCall\":{\"id\":\"call_2\",\"name\":\"g\",\"args\":{}}}]");
        assertThat(contents.path(2).path("parts").toString())
                .as("in the order of the calls")
                .isEqualTo(
                        "[{\"functionResponse\":{\"id\":\"call_1\",\"name\":\"f\",\"response\":{\"output\":\"one\"}}},"
                            + "{\"functionResponse\":{\"id\":\"call_2\",\"name\":\"g\",\"response\":{\"output\":\"two\"}}}]");
        assertThat(third.warnings()).contains("emulated=thought_signature");
        EncodedRequest second =
                GEMINI.encodeRequest(asked, at("gemini", KnownServers.GOOGLE, "gemini-2.5-pro"));
        assertThat(new String(second.body(), StandardCharsets.UTF_8))
                .doesNotContain("thoughtSignature");
    }
}

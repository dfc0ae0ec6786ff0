package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.core.event.StopReason;
import dev.sluice.gateway.config.ClientKey;
import dev.sluice.gateway.config.ClientKeys;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.LogCapture;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.ChatEvents;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.GeminiEvents;
import dev.sluice.testkit.stream.GeminiStreamValidator;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.net.URI;

/** What Gemini's API has of its own, through a real gateway. */
class GeminiIT {
    private static final String MODEL = "/v1beta/models/gemini-2.5-flash";
    private static final String STREAM = MODEL + ":streamGenerateContent?alt=sse";
    private static final String ARRAY = MODEL + ":streamGenerateContent";
    private static final String WHOLE = MODEL + ":generateContent";
    private static final String COUNT = MODEL + ":countTokens";
    private static final String HI = "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}";
    private static final GeminiEvents PIECES = GeminiEvents.of("gemini-2.5-flash");
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-1", "gpt-5-mini");

    private static TestGateway.Setup gemini(FakeUpstream upstream) {
        return TestGateway.setup()
                .upstream("gemini", "google", URI.create(upstream.uri() + "/v1beta"));
    }

    private static TestGateway.Setup openai(FakeUpstream upstream) {
        return TestGateway.setup().openai(upstream.uri());
    }

    private static Script chat(String text) {
        return Script.stream().send(CHAT.role() + CHAT.text(text) + CHAT.end("stop"));
    }

    @Test
    void passesAStreamAsItIs() {
        String stream =
                PIECES.text("one")
                        + "data:"
                        + " {\"candidates\":[{\"finishReason\":\"STOP\",\"index\":0}],\"new\":{}}\r\n\r\n"
                        + "data:"
                        + " {\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":5}}\r\n\r\n";
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = gemini(upstream).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(stream));
            RawResponse response =
                    client.exchange(
                            RawRequest.post(STREAM + "&key=my-own-key", HI)
                                    .header("x-goog-api-key", "my-own-key"));
            assertThat(response.header("content-type")).contains("text/event-stream");
            assertThat(response.text()).isEqualTo(stream);
            assertThat(upstream.request().target()).isEqualTo(STREAM);
            assertThat(upstream.request().header("x-goog-api-key")).contains("upstream-key");
            assertThat(upstream.request().text()).isEqualTo(HI);
            ExchangeRecord record = gateway.nextRecord();
            assertThat(record.relayed()).isTrue();
            assertThat(record.outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(record.stopReason()).contains(StopReason.END_TURN);
            assertThat(record.usage().output()).isEqualTo(5);
        }
    }

    @Test
    @Tag("R50")
    void tellsOfAStreamThatEndsWithoutAReason() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = gemini(upstream).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(PIECES.text("one")));
            FoldedAnswer answer =
                    GeminiStreamValidator.lenient().validate(client.post(STREAM, HI).body());
            assertThat(answer.text()).isEqualTo("one");
            assertThat(answer.error().orElseThrow().path("code").asInt()).isEqualTo(502);
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.FAILED);
        }
    }

    @Test
    void answersUnstreamedFromBothKinds() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway own = gemini(upstream).start();
                TestGateway other = openai(upstream).start();
                RawClient client = RawClient.connect(own.port());
                RawClient translated = RawClient.connect(other.port())) {
            String whole = PIECES.whole("one", "STOP");
            upstream.otherwise(Script.json(200, whole));
            assertThat(client.post(WHOLE, HI).text()).isEqualTo(whole);
            assertThat(upstream.request().target()).isEqualTo(WHOLE);
            upstream.otherwise(chat("one"));
            JsonNode answer = translated.post(WHOLE, HI).json();
            assertThat(answer.at("/candidates/0/content/parts/0/text")).hasToString("\"one\"");
            assertThat(answer.at("/candidates/0/finishReason")).hasToString("\"STOP\"");
        }
    }

    @Test
    void streamsAnArrayToThoseWhoDoNotAskForEvents() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway own = gemini(upstream).start();
                TestGateway other = openai(upstream).start();
                RawClient client = RawClient.connect(own.port());
                RawClient translated = RawClient.connect(other.port())) {
            upstream.otherwise(
                    Script.stream()
                            .send(PIECES.text("one") + PIECES.text(" two") + PIECES.end("STOP")));
            assertArray(client.post(ARRAY, HI));
            assertThat(upstream.request().target()).isEqualTo(STREAM);
            assertThat(own.nextRecord().relayed()).isFalse();
            upstream.otherwise(chat("one two"));
            assertArray(translated.post(ARRAY, HI));
        }
    }

    /** Relayed as events, and neither left out of an array nor of what is read and written anew. */
    @Test
    @Tag("R45")
    void carriesWhatTheVendorSaysOfAnAnswerInEveryForm() {
        String said = "\"groundingMetadata\":{\"webSearchQueries\":[\"q\"]}";
        String piece =
                PIECES.piece("{\"text\":\"\"}", "STOP")
                        .replaceFirst("\"index\":0", "\"index\":0," + said);
        String stream = PIECES.text("one") + "data: " + piece + "\r\n\r\n";
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway own = gemini(upstream).start();
                TestGateway unknown =
                        TestGateway.setup()
                                .upstream(
                                        "gemini",
                                        "compatible",
                                        URI.create(upstream.uri() + "/v1beta"))
                                .start();
                RawClient client = RawClient.connect(own.port());
                RawClient anew = RawClient.connect(unknown.port())) {
            upstream.otherwise(Script.stream().send(stream));
            assertThat(client.post(STREAM, HI).text()).isEqualTo(stream);
            assertThat(client.post(ARRAY, HI).text()).contains(said);
            assertThat(anew.post(STREAM, HI).text()).contains(said);
            assertThat(anew.post(WHOLE, HI).text()).contains(said);
            FoldedAnswer foreign = Tongue.CHAT.judge(client.exchange(Tongue.CHAT.request()).body());
            assertThat(foreign.text()).isEqualTo("one");
        }
    }

    private static void assertArray(RawResponse response) {
        assertThat(response.header("content-type")).contains("application/json");
        assertThat(response.header("cache-control")).contains("no-cache, no-transform");
        JsonNode pieces = response.json();
        assertThat(pieces.isArray()).isTrue();
        StringBuilder text = new StringBuilder();
        pieces.forEach(
                piece ->
                        text.append(
                                piece.at("/candidates/0/content/parts/0/text").stringValue("")));
        assertThat(text).hasToString("one two");
        assertThat(pieces.path(pieces.size() - 1).at("/candidates/0/finishReason"))
                .hasToString("\"STOP\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemini", "chat"})
    void readsAnUpstreamThatStreamsAnArray(String who) {
        String array =
                "["
                        + PIECES.piece("{\"text\":\"one\"}", "")
                        + "\n,\r\n"
                        + PIECES.piece("{\"text\":\" two\"}", "STOP")
                        + "\n]\n";
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = gemini(upstream).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(
                    Script.body(200, "application/json; charset=UTF-8", array.getBytes(UTF_8)));
            FoldedAnswer answer =
                    who.equals("gemini")
                            ? GeminiStreamValidator.strict()
                                    .validate(client.post(STREAM, HI).body())
                            : OpenAiChatStreamValidator.expectingUsage()
                                    .validate(client.exchange(Tongue.CHAT.request()).body());
            assertThat(answer.isComplete()).isTrue();
            assertThat(answer.text()).isEqualTo("one two");
        }
    }

    @Test
    void listsModelsToThoseWhoSpeakTheDialect() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = gemini(upstream).start();
                RawClient client = RawClient.connect(gateway.port())) {
            JsonNode own = client.exchange(RawRequest.get("/v1beta/models?pageSize=5")).json();
            assertThat(own.at("/models/0/name")).hasToString("\"models/gpt-5-mini\"");
            for (String header : new String[] {"x-goog-api-key", "x-goog-api-client"}) {
                RawRequest list = RawRequest.get("/v1/models").header(header, "x");
                assertThat(client.exchange(list).json()).isEqualTo(own);
            }
            assertThat(client.exchange(RawRequest.get("/v1/models")).json().has("data")).isTrue();
            assertThat(
                            client.exchange(RawRequest.get("/v1beta/models/gpt-5-mini"))
                                    .json()
                                    .path("name")
                                    .stringValue())
                    .isEqualTo("models/gpt-5-mini");
            RawResponse none = client.exchange(RawRequest.get("/v1beta/models/nobody"));
            assertThat(none.status()).isEqualTo(404);
            assertThat(none.json().at("/error/status")).hasToString("\"NOT_FOUND\"");
        }
    }

    @Test
    @Tag("R33")
    void countsTokens() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway own = gemini(upstream).start();
                TestGateway other = openai(upstream).start();
                RawClient client = RawClient.connect(own.port());
                RawClient estimating = RawClient.connect(other.port())) {
            String counted = "{\"totalTokens\":3,\"promptTokensDetails\":[]}";
            upstream.otherwise(Script.json(200, counted));
            assertThat(client.post(COUNT, HI).text()).isEqualTo(counted);
            assertThat(upstream.request().target()).isEqualTo(COUNT);
            RawResponse estimate =
                    estimating.post(
                            MODEL + "%3AcountTokens",
                            "{\"generateContentRequest\":{\"model\":\"models/gemini-2.5-flash\","
                                    + HI.substring(1)
                                    + "}");
            assertThat(estimate.json().path("totalTokens").asInt()).isPositive();
            assertThat(estimate.header("x-gateway-warnings")).contains("estimated=input_tokens");
        }
    }

    @Test
    @Tag("S5")
    @Tag("R55")
    void takesAKeyFromEveryPlaceAndLogsNone() {
        ClientKeys keys = ClientKeys.NONE.with("alice", ClientKey.of(Secret.of("canary-key-1")));
        try (LogCapture log = LogCapture.start();
                FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway =
                        openai(upstream)
                                .config(config -> config.toBuilder().keys(keys).build())
                                .start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(chat("one"));
            for (RawRequest request :
                    new RawRequest[] {
                        RawRequest.post(WHOLE, HI).header("x-goog-api-key", "canary-key-1"),
                        RawRequest.post(WHOLE, HI).header("authorization", "Bearer canary-key-1"),
                        RawRequest.post(WHOLE + "?key=canary%2Dkey-1", HI),
                        RawRequest.post(STREAM + "&key=canary-key-1", HI)
                    }) {
                RawResponse answer = client.exchange(request);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).contains("one");
                assertThat(gateway.nextRecord().principal()).isEqualTo("alice");
            }
            for (String path : new String[] {WHOLE, WHOLE + "?key=canary-key-2"}) {
                RawResponse refused = client.post(path, HI);
                assertThat(refused.status()).isEqualTo(401);
                assertThat(refused.json().at("/error/status")).hasToString("\"UNAUTHENTICATED\"");
            }
            RawResponse elsewhere = client.post("/v1/chat/completions?key=canary-key-1", "{}");
            assertThat(elsewhere.status()).as("where keys never stand").isEqualTo(401);
            log.assertNever("canary-key");
        }
    }

    @Test
    @Tag("R55")
    void saysInItsOwnWordsWhatIsWrong() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = openai(upstream).start();
                RawClient client = RawClient.connect(gateway.port())) {
            JsonNode invalid = client.post(WHOLE, "{\"contents\":[{\"parts\":7}]}").json();
            assertThat(invalid.at("/error/code").asInt()).isEqualTo(400);
            assertThat(invalid.at("/error/status")).hasToString("\"INVALID_ARGUMENT\"");
            assertThat(invalid.at("/error/details").toString()).contains("contents[0].parts");
            RawResponse verb = client.post(MODEL + ":embedContent", HI);
            assertThat(verb.status()).isEqualTo(404);
            assertThat(verb.json().at("/error/message").stringValue()).contains("embedContent");
            assertThat(client.post("/v1beta/files", HI).json().has("error")).isTrue();
            upstream.otherwise(
                    Script.json(
                            429, "{\"error\":{\"message\":\"slow down\",\"type\":\"requests\"}}"));
            RawResponse limited = client.post(STREAM, HI);
            assertThat(limited.status()).isEqualTo(429);
            assertThat(limited.json().at("/error/status")).hasToString("\"RESOURCE_EXHAUSTED\"");
        }
    }

    @Test
    void tellsAnUpstreamsErrorToClientsOfOthers() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = gemini(upstream).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(
                    Script.json(
                            400, "[" + PIECES.status(400, "INVALID_ARGUMENT", "no such") + "]"));
            RawResponse error = client.exchange(Tongue.CHAT.request());
            assertThat(error.status()).isEqualTo(400);
            assertThat(Json.parse(error.body()).at("/error/message")).hasToString("\"no such\"");
        }
    }
}

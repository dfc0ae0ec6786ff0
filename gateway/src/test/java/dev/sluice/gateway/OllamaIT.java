package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.StopReason;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OllamaStreamValidator;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.util.EnumSet;

/** What Ollama's API has beside conversations, through a real gateway. */
class OllamaIT {
    private static final String PROMPT = "{\"model\":\"qwen3:8b\",\"prompt\":\"why?\"}";

    private static Rigs rigs;

    @BeforeAll
    static void start() {
        rigs = Rigs.start();
    }

    @AfterAll
    static void stop() {
        rigs.close();
    }

    @BeforeEach
    void forget() {
        rigs.forget();
    }

    private static JsonNode json(RawRequest request, int status) {
        try (RawClient client = rigs.of(Tongue.OLLAMA).connect()) {
            RawResponse response = client.exchange(request);
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.header("content-type")).contains("application/json");
            return response.json();
        }
    }

    @Test
    void tellsItsVersionAndItsModels() {
        assertThat(json(RawRequest.get("/api/version"), 200).path("version").stringValue())
                .matches("\\d+\\.\\d+\\.\\d+");
        assertThat(json(RawRequest.get("/api/tags"), 200).at("/models/0/name"))
                .hasToString("\"gpt-5-mini\"");
        assertThat(json(RawRequest.get("/api/ps"), 200).path("models").isEmpty()).isTrue();
        JsonNode shown = json(RawRequest.post("/api/show", "{\"name\":\"gpt-5-mini\"}"), 200);
        assertThat(shown.path("capabilities").toString()).contains("completion");
    }

    @Test
    @Tag("R55")
    void saysInItsOwnWordsWhatThereIsNot() {
        assertThat(
                        json(RawRequest.post("/api/show", "{\"model\":\"nobody\"}"), 404)
                                .path("error")
                                .stringValue())
                .contains("not found");
        assertThat(json(RawRequest.post("/api/show", "{}"), 400).path("error").stringValue())
                .isEqualTo("model is required");
        assertThat(json(RawRequest.post("/api/pull", "{\"model\":\"m\"}"), 404).has("error"))
                .isTrue();
        assertThat(json(RawRequest.get("/api/generate"), 405).propertyNames())
                .containsExactly("error");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/version", "/api/tags"})
    void answersTheQuestionWhetherItIsThere(String path) {
        try (RawClient client = rigs.of(Tongue.OLLAMA).connect()) {
            client.send(RawRequest.of("HEAD", path));
            assertThat(client.responseToHead().status()).isEqualTo(200);
        }
    }

    @Test
    void greetsThoseWhoExpectIt() {
        try (RawClient client = rigs.of(Tongue.OLLAMA).connect()) {
            RawRequest root = RawRequest.get("/");
            assertThat(client.exchange(root.header("user-agent", "ollama/0.12.6 (amd64)")).text())
                    .isEqualTo("Ollama is running");
            assertThat(client.exchange(root).text()).startsWith("Sluice is running");
        }
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void completesAPromptWithEveryUpstream(Tongue upstream) {
        Rig rig = rigs.of(upstream);
        boolean own = upstream == Tongue.OLLAMA;
        rig.upstream()
                .otherwise(
                        request ->
                                own
                                        ? Script.stream(Goldens.one("ollama", "07").bytes())
                                        : upstream.answer(request, "Because."));
        try (RawClient client = rig.connect()) {
            RawResponse response =
                    client.exchange(
                            RawRequest.of("POST", "/api/generate")
                                    .header("content-type", "application/x-www-form-urlencoded")
                                    .body(PROMPT));
            assertThat(response.header("content-type")).contains("application/x-ndjson");
            byte[] body = response.body();
            FoldedAnswer answer = OllamaStreamValidator.strict().validate(body);
            assertThat(answer.isComplete()).isTrue();
            assertThat(answer.response().has("response")).isTrue();
            assertThat(answer.text()).isNotEmpty();
            assertThat(answer.response().path("total_duration").asLong())
                    .isGreaterThanOrEqualTo(answer.response().path("eval_duration").asLong())
                    .isPositive();
            assertThat(upstream.isAskedToStream(rig.upstream().request()) || own).isTrue();
            assertThat(rig.upstream().request().path().equals("/api/generate")).isEqualTo(own);
            ExchangeRecord record = rig.gateway().nextRecord();
            assertThat(record.outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(record.stopReason()).contains(StopReason.END_TURN);
            assertThat(record.relayed()).isEqualTo(own);
        }
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void completesAPromptUnstreamed(Tongue upstream) {
        Rig rig = rigs.of(upstream);
        rig.upstream()
                .otherwise(
                        request ->
                                upstream == Tongue.OLLAMA
                                        ? Script.json(
                                                200,
                                                "{\"model\":\"m\",\"response\":\"Because.\",\"done\":true,\"done_reason\":\"stop\"}")
                                        : upstream.answer(request, "Because."));
        try (RawClient client = rig.connect()) {
            RawResponse response =
                    client.post(
                            "/api/generate",
                            PROMPT.replace("\"prompt\"", "\"stream\":false,\"prompt\""));
            assertThat(response.header("content-type")).contains("application/json");
            assertThat(response.json().path("response").stringValue()).isEqualTo("Because.");
        }
    }

    @Test
    void refusesARawPromptWhereNobodyCanTakeIt() {
        String raw = PROMPT.replace("\"prompt\"", "\"raw\":true,\"prompt\"");
        for (Tongue upstream : EnumSet.complementOf(EnumSet.of(Tongue.OLLAMA))) {
            try (RawClient client = rigs.of(upstream).connect()) {
                RawResponse response = client.post("/api/generate", raw);
                assertThat(response.status()).isEqualTo(400);
                assertThat(response.json().path("error").stringValue()).contains("raw");
            }
        }
        Rig own = rigs.of(Tongue.OLLAMA);
        own.upstream().otherwise(Script.stream(Goldens.one("ollama", "07").bytes()));
        try (RawClient client = own.connect()) {
            assertThat(client.post("/api/generate", raw).status()).isEqualTo(200);
            assertThat(own.upstream().request().json().path("raw").asBoolean()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Tongue.class, mode = EnumSource.Mode.EXCLUDE, names = "OLLAMA")
    void answersItselfWhenAModelIsToBeLoaded(Tongue upstream) {
        Rig rig = rigs.of(upstream);
        try (RawClient client = rig.connect()) {
            for (String path : new String[] {"/api/chat", "/api/generate"}) {
                JsonNode loaded = client.post(path, "{\"model\":\"m\"}").json();
                assertThat(loaded.path("done_reason").stringValue()).isEqualTo("load");
                assertThat(loaded.path("done").asBoolean()).isTrue();
                assertThat(rig.gateway().nextRecord().outcome()).isEqualTo(Outcome.COMPLETE);
            }
            assertThat(rig.upstream().requests()).isEmpty();
            assertThat(rig.gateway().inFlight()).isZero();
        }
    }

    @Test
    void letsOllamaLoadItsModel() {
        Rig rig = rigs.of(Tongue.OLLAMA);
        rig.upstream()
                .otherwise(
                        Script.json(
                                200,
                                "{\"model\":\"m\",\"created_at\":\"2025-10-26T17:15:24Z\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"load\"}"));
        try (RawClient client = rig.connect()) {
            JsonNode loaded = client.post("/api/chat", "{\"model\":\"m\",\"messages\":[]}").json();
            assertThat(loaded.path("done_reason").stringValue()).isEqualTo("load");
            assertThat(rig.upstream().request().path()).isEqualTo("/api/chat");
        }
    }
}

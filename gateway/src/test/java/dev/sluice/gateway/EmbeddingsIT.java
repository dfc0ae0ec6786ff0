package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.event.Embeddings;
import dev.sluice.core.event.Usage;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Embeddings through a real gateway. */
class EmbeddingsIT {
    private static final String OPENAI = "/v1/embeddings";
    private static final String OLLAMA = "/api/embed";

    /** Spaces, members that nobody knows and many digits: a relay leaves all as it is. */
    private static final String OPENAI_ANSWER =
            "{ \"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.25,-0.125000000001]},{\"object\":\"embedding\",\"index\":1,\"embedding\":[1,1e-3]}],\"model\":\"text-embedding-3-small\",\"new\":1,\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}\n";

    private static final String OLLAMA_ANSWER =
            "{\"model\":\"nomic\",\"embeddings\":[[0.25,-0.125],[1,0.001]],\"total_duration\":14143917,"
                + "\"load_duration\":1019500,\"prompt_eval_count\":7}";

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

    private static RawResponse post(Rig rig, String path, String body) {
        try (RawClient client = rig.connect()) {
            return client.post(path, body);
        }
    }

    @Test
    void relaysBetweenTwoOfOneDialectByteForByte() {
        Rig openai = rigs.of(Tongue.CHAT);
        openai.upstream().on(OPENAI, Script.json(200, OPENAI_ANSWER));
        RawResponse response =
                post(
                        openai,
                        OPENAI,
                        "{\"model\":\"gpt-5-mini\",\"input\":[[1,2],[3]],\"odd\":{\"a\": 1}}");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(OPENAI_ANSWER.getBytes(StandardCharsets.UTF_8));
        JsonNode sent = openai.upstream().request().json();
        assertThat(sent.path("input").toString()).isEqualTo("[[1,2],[3]]");
        assertThat(sent.at("/odd/a").intValue()).isEqualTo(1);
        ExchangeRecord record = openai.gateway().nextRecord();
        assertThat(record.operation()).isEqualTo(Operation.EMBED);
        assertThat(record.outcome()).isEqualTo(Outcome.COMPLETE);
        assertThat(record.usage().totalInput()).isEqualTo(7);
        assertThat(record.relayed()).isTrue();

        Rig ollama = rigs.of(Tongue.OLLAMA);
        ollama.upstream().on(OLLAMA, Script.json(200, OLLAMA_ANSWER));
        RawResponse own =
                post(
                        ollama,
                        OLLAMA,
                        "{\"model\":\"qwen3:8b\",\"input\":[\"a\",\"b\"],\"truncate\":true}");
        assertThat(own.body()).isEqualTo(OLLAMA_ANSWER.getBytes(StandardCharsets.UTF_8));
        assertThat(ollama.upstream().request().json().path("truncate").booleanValue()).isTrue();
    }

    @Test
    void clientsOfOpenAiReachOllama() {
        Rig rig = rigs.of(Tongue.OLLAMA);
        rig.upstream().on(OLLAMA, Script.json(200, OLLAMA_ANSWER));
        RawResponse response =
                post(
                        rig,
                        OPENAI,
                        "{\"model\":\"qwen3:8b\",\"input\":[\"a\",\"b\"],\"dimensions\":2,\"user\":\"u\"}");
        assertThat(response.status()).isEqualTo(200);
        JsonNode answer = response.json();
        assertThat(answer.path("object").stringValue()).isEqualTo("list");
        assertThat(answer.at("/data/0/embedding").toString()).isEqualTo("[0.25,-0.125]");
        assertThat(answer.at("/data/1/index").intValue()).isEqualTo(1);
        assertThat(answer.at("/usage/prompt_tokens").intValue()).isEqualTo(7);
        assertThat(answer.at("/usage/total_tokens").intValue()).isEqualTo(7);
        assertThat(response.header("x-gateway-warnings")).contains("dropped=user");
        JsonNode sent = rig.upstream().request().json();
        assertThat(sent.path("dimensions").intValue()).isEqualTo(2);
        assertThat(sent.path("truncate").booleanValue()).isFalse();
    }

    @Test
    void theBytesOfNumbersComeInBase64WhereTheyAreAskedFor() {
        Rig rig = rigs.of(Tongue.OLLAMA);
        rig.upstream().on(OLLAMA, Script.json(200, OLLAMA_ANSWER));
        JsonNode answer =
                post(
                                rig,
                                OPENAI,
                                "{\"model\":\"qwen3:8b\",\"input\":[\"a\",\"b\"],\"encoding_format\":\"base64\"}")
                        .json();
        // 0.25 and -0.125 as IEEE 754 numbers of 32 bits, the lowest byte first.
        assertThat(answer.at("/data/0/embedding").stringValue()).isEqualTo("AACAPgAAAL4=");
    }

    @Test
    void clientsOfOllamaReachOpenAi() {
        Rig rig = rigs.of(Tongue.CHAT);
        rig.upstream().on(OPENAI, Script.json(200, OPENAI_ANSWER));
        RawResponse response =
                post(
                        rig,
                        OLLAMA,
                        "{\"model\":\"gpt-5-mini\",\"input\":[\"a\",\"b\"],\"keep_alive\":\"5m\"}");
        assertThat(response.status()).isEqualTo(200);
        JsonNode answer = response.json();
        assertThat(answer.path("embeddings").toString()).isEqualTo("[[0.25,-0.125],[1.0,0.001]]");
        assertThat(answer.path("prompt_eval_count").intValue()).isEqualTo(7);
        assertThat(answer.path("total_duration").longValue()).isPositive();
        assertThat(response.header("x-gateway-warnings")).contains("dropped=keep_alive");
        assertThat(rig.upstream().request().json().path("input").toString())
                .isEqualTo("[\"a\",\"b\"]");
    }

    /** Which programs still ask that were written before there was another. */
    @Test
    void theOlderFormOfOllamaHasOneVector() {
        String ask = "{\"model\":\"m\",\"prompt\":\"a\",\"keep_alive\":\"5m\"}";
        Rig ollama = rigs.of(Tongue.OLLAMA);
        ollama.upstream()
                .on(OLLAMA, Script.json(200, "{\"model\":\"m\",\"embeddings\":[[0.25,-0.125]]}"));
        RawResponse response = post(ollama, "/api/embeddings", ask);
        assertThat(response.json().toString()).isEqualTo("{\"embedding\":[0.25,-0.125]}");
        assertThat(ollama.upstream().request().text())
                .isEqualTo(
                        "{\"model\":\"m\",\"input\":[\"a\"],\"truncate\":false,\"keep_alive\":\"5m\"}");
        Rig openai = rigs.of(Tongue.CHAT);
        openai.upstream()
                .on(OPENAI, Script.json(200, "{\"data\":[{\"index\":0,\"embedding\":[1]}]}"));
        RawResponse foreign = post(openai, "/api/embeddings", ask);
        assertThat(foreign.header("x-gateway-warnings")).contains("dropped=keep_alive");
        assertThat(foreign.json().toString()).isEqualTo("{\"embedding\":[1.0]}");
        try (Rig inside = inside(true)) {
            assertThat(post(inside, "/api/embeddings", ask).json().toString())
                    .isEqualTo("{\"embedding\":[1.0]}");
        }
    }

    @Test
    void tokensAsNumbersReachNobodyWhoCountsOtherwise() {
        RawResponse response =
                post(rigs.of(Tongue.OLLAMA), OPENAI, "{\"model\":\"qwen3:8b\",\"input\":[1,2,3]}");
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().at("/error/param").stringValue()).isEqualTo("input");
    }

    @Test
    void whoHasNoEmbeddingsSaysSo() {
        RawResponse response =
                post(
                        rigs.of(Tongue.MESSAGES),
                        OPENAI,
                        "{\"model\":\"claude-sonnet-4-5\",\"input\":\"a\"}");
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json().at("/error/message").stringValue())
                .contains("no embeddings in the dialect `anthropic`");
    }

    /** A model in this process that says one vector of each text, or that it makes none. */
    private record Inside(boolean embeds) implements Provider {
        @Override
        public String name() {
            return "inside";
        }

        @Override
        public Optional<Dialect> dialect() {
            return Optional.empty();
        }

        @Override
        public Quirks quirks() {
            return Quirks.vendor("inside");
        }

        @Override
        public Stream open(ProviderCall call, Receiver receiver) {
            List<String> texts = Objects.requireNonNull(call.request().embed()).texts();
            Embeddings made =
                    new Embeddings(
                            "inside",
                            texts.stream().map(text -> new float[] {text.length()}).toList(),
                            Usage.of(9, 0, 0, 0, 0));
            Objects.requireNonNull(Vertx.currentContext())
                    .runOnContext(_ -> receiver.onEmbeddings(made));
            return new Stream() {
                @Override
                public void pause() {}

                @Override
                public void resume() {}

                @Override
                public void cancel() {}
            };
        }
    }

    private static Rig inside(boolean embeds) {
        return Rig.before(Tongue.CHAT, setup -> setup.around(_ -> new Inside(embeds)));
    }

    @Test
    void aModelInsideAnswersInEitherDialect() {
        try (Rig rig = inside(true)) {
            String ask = "{\"model\":\"m\",\"input\":[\"a\",\"bcd\"]}";
            JsonNode openai = post(rig, OPENAI, ask).json();
            assertThat(openai.at("/data/1/embedding").toString()).isEqualTo("[3.0]");
            assertThat(openai.path("model").stringValue()).isEqualTo("inside");
            assertThat(openai.at("/usage/prompt_tokens").intValue()).isEqualTo(9);
            ExchangeRecord record = rig.gateway().nextRecord();
            assertThat(record.outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(record.usage().totalInput()).isEqualTo(9);
            JsonNode ollama = post(rig, OLLAMA, ask).json();
            assertThat(ollama.path("embeddings").toString()).isEqualTo("[[1.0],[3.0]]");
            assertThat(ollama.path("prompt_eval_count").intValue()).isEqualTo(9);
        }
    }

    @Test
    void aModelInsideThatMakesNoneSaysSo() {
        try (Rig rig = inside(false)) {
            RawResponse response = post(rig, OPENAI, "{\"model\":\"m\",\"input\":\"a\"}");
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.json().at("/error/message").stringValue())
                    .contains("`inside` makes no embeddings");
        }
    }

    @Test
    void errorsAndNonsenseOfAnUpstreamAreToldAsWhatTheyAre() {
        Rig rig = rigs.of(Tongue.CHAT);
        String ask = "{\"model\":\"gpt-5-mini\",\"input\":[\"a\",\"b\"]}";
        rig.upstream()
                .on(
                        OPENAI,
                        Script.json(
                                404,
                                "{\"error\":{\"message\":\"no such"
                                        + " model\",\"type\":\"invalid_request_error\"}}"),
                        Script.html(200),
                        Script.json(
                                200,
                                "{\"data\":[{\"index\":0,\"embedding\":[1]}],\"model\":\"m\"}"));
        assertThat(post(rig, OPENAI, ask).status()).isEqualTo(404);
        assertThat(post(rig, OPENAI, ask).status()).isEqualTo(502);
        // One vector for two texts.
        assertThat(post(rig, OLLAMA, ask).status()).isEqualTo(502);
    }
}

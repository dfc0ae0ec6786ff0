package dev.sluice.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;
import dev.sluice.dialect.Dialects;
import dev.sluice.gateway.config.Listen;
import dev.sluice.gateway.exchange.Candidate;
import dev.sluice.gateway.exchange.Candidates;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.ExchangeSettings;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.gateway.exchange.Timeouts;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Clients that take their time to ask, against an ingress that has little patience. */
@Tag("S7")
class SlowClientIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicReference<Listener> listener = new AtomicReference<>();

    /** It never says a word. */
    private static final Provider SILENT =
            new Provider() {
                @Override
                public String name() {
                    return "silent";
                }

                @Override
                public Optional<Dialect> dialect() {
                    return Optional.of(Dialects.all().getFirst());
                }

                @Override
                public Quirks quirks() {
                    return Quirks.vendor(Dialects.all().getFirst().name());
                }

                @Override
                public Stream open(ProviderCall call, Receiver receiver) {
                    return new Stream() {
                        @Override
                        public void pause() {}

                        @Override
                        public void resume() {}

                        @Override
                        public void cancel() {}
                    };
                }
            };

    private static final Candidates CANDIDATES =
            new Candidates() {
                @Override
                public List<Candidate> forModel(String model) {
                    return List.of(
                            new Candidate(
                                    SILENT,
                                    new Target(model, SILENT.quirks(), 100, true),
                                    Timeouts.DEFAULT,
                                    0));
                }

                @Override
                public List<ModelCard> models() {
                    return List.of();
                }
            };

    private static final ExchangeListener DEAF =
            new ExchangeListener() {
                @Override
                public void onStarted() {}

                @Override
                public void onEnded(ExchangeRecord record) {}
            };

    @BeforeEach
    void open() {
        AbstractVerticle worker =
                new AbstractVerticle() {
                    @Override
                    public void start(Promise<Void> started) {
                        Loop loop = new VertxLoop(context);
                        HttpIngress ingress =
                                new HttpIngress(
                                        loop,
                                        Dialects.all(),
                                        _ -> Optional.of("anonymous"),
                                        CANDIDATES,
                                        new ExchangeSettings(
                                                Duration.ZERO, LIMIT, 1 << 20, 1 << 20, false),
                                        new IngressSettings(
                                                1 << 20, 100, 1 << 16, PATIENCE, PATIENCE,
                                                List.of()),
                                        DEAF,
                                        KeptAnswers.NONE,
                                        WebFiles.NONE,
                                        () -> 0);
                        Listener made =
                                new Listener(vertx, Listen.DEFAULT.withPort(0), 16 << 10, ingress);
                        listener.set(made);
                        made.open().onComplete(started);
                    }
                };
        Eventually.completes(
                LIMIT,
                "the listener",
                vertx.deployVerticle(worker).toCompletionStage().toCompletableFuture());
    }

    @AfterEach
    void close() {
        Eventually.completes(
                LIMIT, "the end", vertx.close().toCompletionStage().toCompletableFuture());
    }

    private RawClient connect() {
        return RawClient.connect(listener.get().port()).deadline(LIMIT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "P",
                "PRI * HTTP/2",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nhost:"
            })
    void whoNeverEndsTheHeadIsCut(String begin) {
        try (RawClient client = connect()) {
            client.send(begin);
            client.awaitEnd();
        }
    }

    @Test
    void whoSendsTheHeadByteByByteIsCutHoweverOften() {
        try (RawClient client = connect()) {
            client.send("POST /v1/chat/completions HTTP/1.1\r\n");
            Thread writer =
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    client.sendSlowly(
                                            "x: y\r\n"
                                                    .repeat(10_000)
                                                    .getBytes(StandardCharsets.UTF_8),
                                            Duration.ofMillis(5));
                                } catch (AssertionError cut) {
                                    assertThat(cut).isNotNull();
                                }
                            });
            client.awaitEnd();
            writer.interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/messages"})
    void whoNeverEndsTheBodyIsToldInTheDialect(String path) {
        try (RawClient client = connect()) {
            client.send(RawRequest.post(path, "").header("content-length", "100").head());
            client.send("{\"model\":");
            RawResponse response = client.response();
            assertThat(response.status()).isEqualTo(408);
            assertThat(response.header("connection")).contains("close");
            assertThat(response.json().path("error").path("message").asString())
                    .contains("did not come within");
            client.awaitEnd();
        }
    }

    @Test
    void whoWaitsForAnAnswerIsNotCutHoweverLongNothingIsSaid() {
        try (RawClient client = connect()) {
            client.send(
                    RawRequest.post(
                            "/v1/chat/completions",
                            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"));
            client.assertSilentFor(PATIENCE.multipliedBy(5));
        }
    }

    @Test
    void aConnectionThatIsKeptForNothingIsClosed() {
        try (RawClient client = connect()) {
            assertThat(client.get("/health").text()).contains("ok");
            client.awaitEnd();
        }
    }
}

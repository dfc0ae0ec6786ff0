package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.KeptStreams;
import dev.sluice.gateway.exchange.Departure;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Gate;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What becomes of answers whose clients leave, as their routes want it. */
@Tag("R20")
class DepartureIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-1", "gpt-5-mini");

    /** How a client asks. */
    enum Way {
        CHAT,
        RESPONSES,
        MESSAGES,
        BEDROCK,
        OLLAMA,
        GEMINI,
        STREAM;

        RawRequest request() {
            return this == STREAM
                    ? RawRequest.get("/stream?prompt=hi")
                    : Tongue.valueOf(name()).request();
        }
    }

    private FakeUpstream upstream;

    @BeforeEach
    void start() {
        upstream = FakeUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    /** No client of a stream has time to come back, so that all ways go on alike. */
    private TestGateway gateway(Departure departure) {
        KeptStreams brief = new KeptStreams(Duration.ofMillis(1), 64 << 10, 1 << 20);
        return TestGateway.setup()
                .config(c -> c.toBuilder().resume(brief).build())
                .departure(departure)
                .openai(upstream.uri())
                .start();
    }

    /** Reads the first token, and leaves. */
    private static void visit(TestGateway gateway, Way way) {
        try (RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            StringBuilder read = new StringBuilder();
            RawResponse response = client.exchange(way.request());
            while (!read.toString().contains("first")) {
                read.append(
                        new String(response.read().orElseThrow().bytes(), StandardCharsets.UTF_8));
            }
            client.reset();
        }
    }

    private static Departure departure(Departure.Kind kind, long tokens, Duration time) {
        return new Departure(kind, tokens, time);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R16")
    @Tag("R18")
    void cancelEndsTheAnswerAtOnce(Way way) {
        upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("first")).hold());
        try (TestGateway gateway = gateway(departure(Departure.Kind.CANCEL, 0, SOON))) {
            visit(gateway, way);
            upstream.request().awaitPeerClose(SOON);
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
            Eventually.within(SOON, "no place is taken", () -> gateway.gateway().running() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void detachLetsTheAnswerComeToItsEndAndItsUsageIsKnown(Way way) {
        Gate left = Gate.closed();
        upstream.otherwise(
                Script.stream()
                        .send(CHAT.role() + CHAT.text("first"))
                        .await(left)
                        .send(CHAT.text("second") + CHAT.end("stop")));
        try (TestGateway gateway = gateway(departure(Departure.Kind.DETACH, 0, SOON))) {
            visit(gateway, way);
            Eventually.stays(
                    Duration.ofMillis(200), "the answer runs", () -> gateway.inFlight() == 1);
            assertThat(gateway.gateway().running()).isEqualTo(1);
            left.open();
            ExchangeRecord record = gateway.nextRecord();
            assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(record.usage().output()).isPositive();
            assertThat(record.measures().tokens()).isEqualTo(2);
            Eventually.within(SOON, "no place is taken", () -> gateway.gateway().running() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void drainEndsWhenEnoughTokensHaveCome(Way way) {
        Gate left = Gate.closed();
        upstream.otherwise(
                Script.stream()
                        .send(CHAT.role() + CHAT.text("first"))
                        .await(left)
                        .endless(Duration.ofMillis(1), i -> CHAT.text("more" + i)));
        try (TestGateway gateway = gateway(departure(Departure.Kind.DRAIN, 5, SOON))) {
            visit(gateway, way);
            Eventually.stays(
                    Duration.ofMillis(200), "the answer runs", () -> gateway.inFlight() == 1);
            left.open();
            upstream.request().awaitPeerClose(SOON);
            ExchangeRecord record = gateway.nextRecord();
            assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(record.measures().tokens()).isGreaterThanOrEqualTo(6);
        }
    }

    @ParameterizedTest
    @EnumSource
    void drainEndsWhenItsTimeIsOver(Way way) {
        upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("first")).hold());
        Departure brief = departure(Departure.Kind.DRAIN, 1000, Duration.ofMillis(100));
        try (TestGateway gateway = gateway(brief)) {
            visit(gateway, way);
            upstream.request().awaitPeerClose(SOON);
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
        }
    }

    @Test
    void anAnswerThatRunsWithoutItsClientEndsWithTheGateway() {
        upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("first")).hold());
        try (TestGateway gateway = gateway(departure(Departure.Kind.DETACH, 0, SOON))) {
            visit(gateway, Way.CHAT);
            Eventually.stays(
                    Duration.ofMillis(200), "the answer runs", () -> gateway.inFlight() == 1);
            gateway.gateway().stop();
            upstream.request().awaitPeerClose(SOON);
            assertThat(gateway.inFlight()).isZero();
        }
    }
}

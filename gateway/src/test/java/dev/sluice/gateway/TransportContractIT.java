package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.Visitor.Way;
import dev.sluice.gateway.config.KeptStreams;
import dev.sluice.gateway.exchange.Departure;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Gate;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * What every transport owes its clients and the models behind them: one that reads slowly holds
 * bounded memory, one that is gone cancels or detaches as its route wants it, one that waits is
 * kept alive.
 */
class TransportContractIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-1", "gpt-5-mini");
    private static final String FILLER = "f".repeat(1000);

    /** Of what the gateway and the kernel hold of an answer that nobody takes. */
    private static final long MOST_HELD = 16L << 20;

    private FakeUpstream upstream;

    @BeforeEach
    void start() {
        upstream = FakeUpstream.start();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    /** No client of a stream has time to come back, so that all ways end alike. */
    private TestGateway gateway(UnaryOperator<TestGateway.Setup> more) {
        KeptStreams brief = new KeptStreams(Duration.ofMillis(1), 64 << 10, 1 << 20);
        return more.apply(TestGateway.setup().config(c -> c.toBuilder().resume(brief).build()))
                .openai(upstream.uri())
                .start();
    }

    private static TestGateway.Setup keepalive(TestGateway.Setup setup, Duration interval) {
        return setup.config(c -> c.toBuilder().keepalive(interval).build());
    }

    private static TestGateway.Setup slowReader(TestGateway.Setup setup, Duration time) {
        return setup.config(
                c -> c.toBuilder().limits(c.limits().withSlowReader(64 << 10, time)).build());
    }

    // ---- a client that reads slowly ----

    @ParameterizedTest
    @EnumSource
    @Tag("R24")
    void aStalledClientHoldsBoundedMemoryAndIsCut(Way way) {
        upstream.sendBuffer(16 << 10)
                .otherwise(
                        Script.stream()
                                .send(CHAT.role())
                                .endless(Duration.ZERO, _ -> CHAT.text(FILLER)));
        try (TestGateway gateway = gateway(setup -> slowReader(setup, Duration.ofSeconds(1)));
                Visitor _ = way.to(gateway)) {
            UpstreamRequest request = upstream.request();
            assertThat(request.awaitStandstill(Duration.ofMillis(300), SOON)).isLessThan(MOST_HELD);
            request.awaitPeerClose(SOON);
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.FAILED);
            Eventually.within(SOON, "no place is taken", () -> gateway.gateway().running() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R24")
    void aClientThatReadsAgainGetsAllThatWasHeldBack(Way way) {
        int count = 30_000;
        upstream.sendBuffer(16 << 10)
                .otherwise(
                        Script.stream()
                                .send(CHAT.role())
                                .events(
                                        count,
                                        Duration.ZERO,
                                        i -> CHAT.text("<" + i + ">" + FILLER))
                                .send(CHAT.end("stop")));
        try (TestGateway gateway = gateway(setup -> slowReader(setup, SOON));
                Visitor visitor = way.to(gateway)) {
            UpstreamRequest request = upstream.request();
            assertThat(request.awaitStandstill(Duration.ofMillis(300), SOON)).isLessThan(MOST_HELD);
            for (int i = 0; i < count; i += count / 10) {
                visitor.awaitText("<" + i + ">");
            }
            visitor.awaitText("<" + (count - 1) + ">");
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.COMPLETE);
        }
    }

    // ---- a client that is gone ----

    @ParameterizedTest
    @EnumSource
    @Tag("R16")
    @Tag("R20")
    void aVanishedClientCancelsItsModel(Way way) {
        upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("first")).hold());
        try (TestGateway gateway = gateway(setup -> setup);
                Visitor visitor = way.to(gateway)) {
            visitor.awaitText("first");
            visitor.vanish();
            upstream.request().awaitPeerClose(SOON);
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
            Eventually.within(SOON, "no place is taken", () -> gateway.gateway().running() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R16")
    void aClientThatVanishesBeforeTheFirstTokenCancelsItsModel(Way way) {
        upstream.otherwise(Script.stream().send(CHAT.role()).hold());
        try (TestGateway gateway = gateway(setup -> setup);
                Visitor visitor = way.to(gateway)) {
            UpstreamRequest request = upstream.request();
            visitor.vanish();
            request.awaitPeerClose(SOON);
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R20")
    void aVanishedClientIsDetachedWhereItsRouteWantsThat(Way way) {
        Gate left = Gate.closed();
        upstream.otherwise(
                Script.stream()
                        .send(CHAT.role() + CHAT.text("first"))
                        .await(left)
                        .send(CHAT.text("second") + CHAT.end("stop")));
        Departure detach = new Departure(Departure.Kind.DETACH, 0, Duration.ZERO);
        try (TestGateway gateway = gateway(setup -> setup.departure(detach));
                Visitor visitor = way.to(gateway)) {
            visitor.awaitText("first");
            visitor.vanish();
            Eventually.stays(
                    Duration.ofMillis(200), "the answer runs", () -> gateway.inFlight() == 1);
            left.open();
            ExchangeRecord record = gateway.nextRecord();
            assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(record.measures().tokens()).isEqualTo(2);
            Eventually.within(SOON, "no place is taken", () -> gateway.gateway().running() == 0);
        }
    }

    // ---- a client that waits ----

    @ParameterizedTest
    @EnumSource
    @Tag("R8")
    @Tag("R59")
    void anIdleClientIsKeptAliveBeforeTheFirstTokenAndBetweenTokens(Way way) {
        Gate first = Gate.closed();
        Gate second = Gate.closed();
        upstream.otherwise(
                Script.stream()
                        .send(CHAT.role())
                        .await(first)
                        .send(CHAT.text("first"))
                        .await(second)
                        .send(CHAT.text("second") + CHAT.end("stop")));
        try (TestGateway gateway = gateway(setup -> keepalive(setup, Duration.ofMillis(50)));
                Visitor visitor = way.to(gateway)) {
            visitor.awaitSignsOfLife(5);
            first.open();
            visitor.awaitText("first");
            visitor.awaitSignsOfLife(5);
            second.open();
            visitor.awaitText("second");
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.COMPLETE);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"SOCKET", "RESPONSES_SOCKET", "GRPC"})
    @Tag("R16")
    @Tag("R52")
    @Tag("R59")
    void aClientThatAnswersNoPingIsToldSoAndItsModelIsCancelled(Way way) {
        upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("first")).hold());
        try (TestGateway gateway = gateway(setup -> keepalive(setup, Duration.ofMillis(200)));
                Visitor visitor = way.to(gateway)) {
            visitor.awaitText("first");
            visitor.ignorePings();
            assertThat(visitor.awaitEnd())
                    .isEqualTo(way == Way.GRPC ? "GOAWAY" : "1001 no pong came");
            upstream.request().awaitPeerClose(SOON);
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
            Eventually.within(SOON, "no place is taken", () -> gateway.gateway().running() == 0);
        }
    }
}

package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.LogCapture;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.stream.FoldedAnswer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A fault in the gateway's own code, wherever it strikes: all is freed, the client is told, and the
 * next request is served.
 */
@Tag("R22")
class AccidentIT {
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final Pair RELAY = new Pair(Tongue.CHAT, Tongue.CHAT);
    private static final Pair MESSAGES_RELAY = new Pair(Tongue.MESSAGES, Tongue.MESSAGES);
    private static final Pair TRANSLATE = new Pair(Tongue.MESSAGES, Tongue.CHAT);
    private static final Pair BACK = new Pair(Tongue.CHAT, Tongue.MESSAGES);

    /** In each of the further dialects: as it is relayed, read and written. */
    private static final List<Tongue> OTHERS =
            List.of(Tongue.RESPONSES, Tongue.BEDROCK, Tongue.OLLAMA, Tongue.GEMINI);

    private static Stream<Arguments> others() {
        return OTHERS.stream()
                .flatMap(
                        tongue ->
                                Stream.of(
                                        Arguments.of(new Pair(tongue, tongue), "Tap.onFrame", 1),
                                        Arguments.of(new Pair(tongue, tongue), "Tap.onFrame", 3),
                                        Arguments.of(
                                                new Pair(Tongue.CHAT, tongue),
                                                "EventDecoder.onFrame",
                                                3),
                                        Arguments.of(
                                                new Pair(tongue, Tongue.CHAT),
                                                "Dialect.encodeRequest",
                                                1),
                                        Arguments.of(
                                                new Pair(tongue, Tongue.CHAT),
                                                "EventEncoder.encode",
                                                4)));
    }

    static Stream<Arguments> streams() {
        return Stream.concat(others(), usual());
    }

    private static Stream<Arguments> usual() {
        return Stream.of(
                // Before there is an answer: a true status.
                Arguments.of(RELAY, "Dialect.decodeRequest", 1),
                Arguments.of(TRANSLATE, "Dialect.decodeRequest", 1),
                Arguments.of(RELAY, "Dialect.relayRequest", 1),
                Arguments.of(TRANSLATE, "Dialect.encodeRequest", 1),
                Arguments.of(RELAY, "Provider.open", 1),
                Arguments.of(TRANSLATE, "Provider.open", 1),
                Arguments.of(RELAY, "Dialect.frames", 1),
                Arguments.of(RELAY, "Dialect.tap", 1),
                Arguments.of(TRANSLATE, "Dialect.decoder", 1),
                Arguments.of(TRANSLATE, "Dialect.encoder", 1),
                Arguments.of(RELAY, "Dialect.streamContentType", 1),
                // At the first frame.
                Arguments.of(RELAY, "FrameDecoder.feed", 1),
                Arguments.of(RELAY, "Tap.onFrame", 1),
                Arguments.of(TRANSLATE, "EventDecoder.onFrame", 1),
                Arguments.of(BACK, "EventDecoder.onFrame", 1),
                Arguments.of(TRANSLATE, "EventEncoder.encode", 1),
                // In the middle.
                Arguments.of(RELAY, "FrameDecoder.feed", 2),
                Arguments.of(RELAY, "Tap.onFrame", 3),
                Arguments.of(MESSAGES_RELAY, "Tap.onFrame", 4),
                Arguments.of(TRANSLATE, "EventDecoder.onFrame", 3),
                Arguments.of(BACK, "EventDecoder.onFrame", 4),
                Arguments.of(TRANSLATE, "EventEncoder.encode", 4),
                Arguments.of(BACK, "EventEncoder.encode", 3),
                // At the end.
                Arguments.of(RELAY, "Tap.usage", 1),
                Arguments.of(TRANSLATE, "EventEncoder.encode", 6),
                Arguments.of(BACK, "EventEncoder.encode", 6));
    }

    @ParameterizedTest(name = "{0}: {1}, call {2}")
    @MethodSource("streams")
    void endsTheStreamWithAnError(Pair pair, String where, int call) {
        Saboteur saboteur = Saboteur.at(where, call);
        try (LogCapture log = LogCapture.start();
                FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = pair.setup(upstream.uri()).sabotage(saboteur).start()) {
            Tongue up = pair.upstream();
            upstream.otherwise(
                    request -> request.attempt() == 1 ? halting(up) : up.answer(request, "fine"));
            try (RawClient client = RawClient.connect(gateway.port())) {
                RawResponse response = client.exchange(named(pair.client(), true));
                assertToldAsError(pair.client(), response);
            }
            assertThat(saboteur.hasStruck()).isTrue();
            assertNothingIsLeft(gateway, upstream);
            assertThat(log.text()).contains("test-request").contains("Sabotage");
            assertServes(pair, gateway);
        }
    }

    static Stream<Arguments> lasting() {
        return Stream.of(
                Arguments.of(TRANSLATE, "Dialect.encoder", 1),
                Arguments.of(TRANSLATE, "EventEncoder.encode", 1),
                Arguments.of(TRANSLATE, "EventEncoder.encode", 4),
                Arguments.of(BACK, "EventEncoder.encode", 3),
                Arguments.of(RELAY, "Dialect.streamContentType", 1),
                Arguments.of(TRANSLATE, "Dialect.streamContentType", 1),
                Arguments.of(RELAY, "Tap.usage", 1),
                Arguments.of(TRANSLATE, "EventDecoder.onFrame", 3));
    }

    /**
     * A fault that strikes again when the error is to be told: then the stream is cut, which no
     * client takes for whole.
     */
    @ParameterizedTest(name = "{0}: {1}, from call {2}")
    @MethodSource("lasting")
    void neverLetsHalfAnAnswerPassForWhole(Pair pair, String where, int call) {
        Saboteur saboteur = Saboteur.from(where, call);
        try (LogCapture log = LogCapture.start();
                FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = pair.setup(upstream.uri()).sabotage(saboteur).start()) {
            Tongue up = pair.upstream();
            upstream.otherwise(
                    request -> request.attempt() == 1 ? breaking(up) : up.answer(request, "fine"));
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.send(named(pair.client(), true));
                try {
                    assertToldAsError(pair.client(), client.response());
                } catch (AssertionError cutBeforeTheHead) {
                    assertThat(cutBeforeTheHead).hasMessageContaining("ended the connection");
                }
            }
            assertThat(saboteur.hasStruck()).isTrue();
            Eventually.within(WAIT, "nothing runs", () -> gateway.gateway().running() == 0);
            assertThat(log.text()).contains("test-request").contains("Sabotage");
            saboteur.relent();
            assertServes(pair, gateway);
        }
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(RELAY, "Dialect.decodeRequest", 1, Kind.STACK),
                Arguments.of(RELAY, "Dialect.relayRequest", 1, Kind.MEMORY),
                Arguments.of(TRANSLATE, "Dialect.encodeRequest", 1, Kind.STACK),
                Arguments.of(TRANSLATE, "Provider.open", 1, Kind.ASSERTION),
                Arguments.of(RELAY, "FrameDecoder.feed", 2, Kind.MEMORY),
                Arguments.of(RELAY, "Tap.onFrame", 3, Kind.STACK),
                Arguments.of(MESSAGES_RELAY, "Tap.onFrame", 4, Kind.ASSERTION),
                Arguments.of(TRANSLATE, "EventDecoder.onFrame", 1, Kind.STACK),
                Arguments.of(TRANSLATE, "EventDecoder.onFrame", 3, Kind.MEMORY),
                Arguments.of(BACK, "EventDecoder.onFrame", 4, Kind.ASSERTION),
                Arguments.of(TRANSLATE, "EventEncoder.encode", 4, Kind.STACK),
                Arguments.of(BACK, "EventEncoder.encode", 3, Kind.MEMORY),
                Arguments.of(TRANSLATE, "EventEncoder.encode", 6, Kind.ASSERTION));
    }

    /** What is worse than an exception. */
    enum Kind {
        STACK,
        MEMORY,
        ASSERTION;

        Error accident() {
            return switch (this) {
                case STACK -> new StackOverflowError("sabotage");
                case MEMORY -> new OutOfMemoryError("sabotage");
                case ASSERTION -> new AssertionError("sabotage");
            };
        }
    }

    @ParameterizedTest(name = "{0}: {1}, call {2}, {3}")
    @MethodSource("errors")
    void anErrorEndsOneStreamLikeAnException(Pair pair, String where, int call, Kind kind) {
        Saboteur saboteur = Saboteur.at(where, call).throwing(kind::accident);
        try (LogCapture log = LogCapture.start();
                FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = pair.setup(upstream.uri()).sabotage(saboteur).start()) {
            Tongue up = pair.upstream();
            upstream.otherwise(
                    request ->
                            request.attempt() == 1
                                    ? halting(up).hold()
                                    : up.answer(request, "fine"));
            try (RawClient client = RawClient.connect(gateway.port())) {
                assertToldAsError(pair.client(), client.exchange(named(pair.client(), true)));
            }
            assertThat(saboteur.hasStruck()).isTrue();
            assertNothingIsLeft(gateway, upstream);
            assertThat(gateway.inFlight()).isZero();
            assertThat(log.text()).contains("test-request").contains("sabotage");
            assertServes(pair, gateway);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anErrorInATimerEndsOneStreamLikeAnException(Kind kind) {
        Saboteur saboteur = Saboteur.at("EventEncoder.encode", 2).throwing(kind::accident);
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway =
                        RELAY.setup(upstream.uri())
                                .config(c -> c.toBuilder().keepalive(Duration.ofMillis(20)).build())
                                .sabotage(saboteur)
                                .start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(Tongue.CHAT.begun("one")).hold());
            assertToldAsError(Tongue.CHAT, client.exchange(named(Tongue.CHAT, true)));
            upstream.request().awaitPeerClose(WAIT);
            assertNothingIsLeft(gateway, upstream);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anErrorInTheCancelFreesTheExchange(Kind kind) {
        Saboteur saboteur = Saboteur.from("Stream.cancel", 1).throwing(kind::accident);
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = RELAY.setup(upstream.uri()).sabotage(saboteur).start()) {
            upstream.otherwise(Script.stream().send(Tongue.CHAT.preamble()).hold());
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.send(named(Tongue.CHAT, true));
                upstream.request();
            }
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
            Eventually.within(WAIT, "nothing runs", () -> gateway.gateway().running() == 0);
            assertThat(saboteur.hasStruck()).isTrue();
        }
    }

    /** The estimate is made without an upstream, and is a stage like any other. */
    @Test
    void answersWithAnErrorWhenItStrikesInACount() {
        Saboteur saboteur = Saboteur.at("Dialect.encodeCount", 1);
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TRANSLATE.setup(upstream.uri()).sabotage(saboteur).start();
                RawClient client = RawClient.connect(gateway.port())) {
            String path = Tongue.MESSAGES.path(false) + "/count_tokens";
            RawResponse response = client.post(path, Tongue.MESSAGES.ask(false));
            assertThat(response.status()).isEqualTo(500);
            Tongue.MESSAGES.fault(response);
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.FAILED);
            assertThat(saboteur.hasStruck()).isTrue();
            assertNothingIsLeft(gateway, upstream);
            assertThat(client.post(path, Tongue.MESSAGES.ask(false)).status()).isEqualTo(200);
        }
    }

    @Test
    void endsTheStreamWithAnErrorWhenItStrikesInATimer() {
        Saboteur saboteur = Saboteur.at("EventEncoder.encode", 2);
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway =
                        RELAY.setup(upstream.uri())
                                .config(c -> c.toBuilder().keepalive(Duration.ofMillis(20)).build())
                                .sabotage(saboteur)
                                .start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(Tongue.CHAT.begun("one")).hold());
            RawResponse response = client.exchange(named(Tongue.CHAT, true));
            assertToldAsError(Tongue.CHAT, response);
            upstream.request().awaitPeerClose(WAIT);
        }
    }

    @Test
    void freesTheExchangeOfAGoneClientWhenItStrikesInTheCancel() {
        Saboteur saboteur = Saboteur.from("Stream.cancel", 1);
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = RELAY.setup(upstream.uri()).sabotage(saboteur).start()) {
            upstream.otherwise(Script.stream().send(Tongue.CHAT.preamble()).hold());
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.send(named(Tongue.CHAT, true));
                upstream.request();
            }
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
            Eventually.within(WAIT, "nothing runs", () -> gateway.gateway().running() == 0);
            assertThat(saboteur.hasStruck()).isTrue();
        }
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(RELAY, "Dialect.decodeAnswer", 1),
                Arguments.of(MESSAGES_RELAY, "Dialect.decodeAnswer", 1),
                Arguments.of(TRANSLATE, "EventDecoder.onFrame", 2),
                Arguments.of(TRANSLATE, "Dialect.encodeAnswer", 1),
                Arguments.of(BACK, "Dialect.encodeAnswer", 1));
    }

    @ParameterizedTest(name = "{0}: {1}, call {2}")
    @MethodSource("answers")
    void answersWithAnError(Pair pair, String where, int call) {
        Saboteur saboteur = Saboteur.at(where, call);
        try (LogCapture log = LogCapture.start();
                FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = pair.setup(upstream.uri()).sabotage(saboteur).start()) {
            upstream.otherwise(request -> pair.upstream().answer(request, "fine"));
            try (RawClient client = RawClient.connect(gateway.port())) {
                RawResponse response = client.exchange(named(pair.client(), false));
                assertThat(response.status()).isEqualTo(500);
                pair.client().fault(response);
            }
            assertThat(saboteur.hasStruck()).isTrue();
            assertNothingIsLeft(gateway, upstream);
            assertThat(log.text()).contains("test-request").contains("Sabotage");
            assertServes(pair, gateway);
        }
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                Arguments.of(RELAY, "ExchangeListener.onStarted"),
                Arguments.of(RELAY, "ExchangeListener.onEnded"),
                Arguments.of(TRANSLATE, "ExchangeListener.onEnded"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("ends")
    void ofThoseWhoWatchConcernsNobodyElse(Pair pair, String where) {
        Saboteur saboteur = Saboteur.at(where, 1);
        try (LogCapture log = LogCapture.start();
                FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = pair.setup(upstream.uri()).sabotage(saboteur).start()) {
            Tongue up = pair.upstream();
            upstream.otherwise(
                    up.head()
                            .send(up.stream("one"))
                            .endless(Duration.ofMillis(5), _ -> ": more\n\n"));
            try (RawClient client = RawClient.connect(gateway.port())) {
                RawResponse response = client.exchange(named(pair.client(), true));
                assertThat(pair.client().judge(response.body()).isComplete()).isTrue();
            }
            assertThat(saboteur.hasStruck()).isTrue();
            UpstreamRequest asked = upstream.request();
            asked.awaitPeerClose(WAIT);
            Eventually.within(WAIT, "nothing runs", () -> gateway.gateway().running() == 0);
            assertThat(log.text()).contains("test-request").contains("Sabotage");
        }
    }

    /** A stream whose pieces come one by one. */
    private static Script halting(Tongue upstream) {
        Speech speech = upstream.speech();
        return upstream.head()
                .send(speech.begin("one"))
                .pause(Duration.ofMillis(20))
                .send(speech.text("two"))
                .pause(Duration.ofMillis(20))
                .send(speech.end());
    }

    /** The same, whose connection breaks. */
    private static Script breaking(Tongue upstream) {
        Speech speech = upstream.speech();
        return upstream.head()
                .send(speech.begin("one"))
                .pause(Duration.ofMillis(20))
                .send(speech.text("two"))
                .reset();
    }

    private static RawRequest named(Tongue client, boolean streamed) {
        return client.request(streamed).header("x-request-id", "test-request");
    }

    /**
     * A status of 500, an error in the stream, or, when nothing can be written any more, a stream
     * that is cut and cannot pass for whole.
     */
    private static void assertToldAsError(Tongue client, RawResponse response) {
        if (response.status() != 200) {
            assertThat(response.status()).isEqualTo(500);
            client.fault(response);
            return;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (response.drain(body) == RawResponse.BodyEnd.COMPLETE) {
            FoldedAnswer answer = client.judge(body.toByteArray());
            assertThat(answer.isComplete()).isFalse();
            assertThat(answer.error()).isPresent();
        }
    }

    private static void assertNothingIsLeft(TestGateway gateway, FakeUpstream upstream) {
        Eventually.within(WAIT, "nothing runs", () -> gateway.gateway().running() == 0);
        Eventually.within(
                WAIT,
                "the upstream is let go",
                () ->
                        upstream.requests().stream()
                                .allMatch(
                                        r -> r.whenClosed().isDone() || r.whenAnswered().isDone()));
    }

    private static void assertServes(Pair pair, TestGateway gateway) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawResponse response = client.exchange(pair.client().request());
            assertThat(response.status()).isEqualTo(200);
            assertThat(pair.client().judge(response.body()).isComplete()).isTrue();
        }
    }
}

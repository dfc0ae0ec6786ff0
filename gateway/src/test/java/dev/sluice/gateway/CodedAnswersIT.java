package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Heap;
import dev.sluice.testkit.Split;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.stream.FoldedAnswer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Answers that an upstream compresses although nobody asked it to, and requests that clients
 * compress: each is read in full, or told to be broken, and never holds more than its bound.
 */
@Tag("R11")
class CodedAnswersIT {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final int BOUND = 1 << 20;

    /** What the kernel's buffers and ours may hold together, of an endless stream. */
    private static final long HELD = 16L << 20;

    private static Rigs rigs;

    @BeforeAll
    static void start() {
        rigs =
                Rigs.start(
                        setup ->
                                setup.config(
                                        c ->
                                                c.toBuilder()
                                                        .limits(
                                                                c.limits()
                                                                        .withEvent(BOUND)
                                                                        .withAnswer(BOUND)
                                                                        .withBody(BOUND)
                                                                        .withSlowReader(
                                                                                64 << 10,
                                                                                Duration.ofMinutes(
                                                                                        1)))
                                                        .build()));
        for (Tongue tongue : Tongue.values()) {
            rigs.of(tongue).upstream().sendBuffer(16 << 10);
        }
    }

    @AfterAll
    static void stop() {
        rigs.close();
    }

    @BeforeEach
    void forget() {
        rigs.forget();
    }

    static Stream<Arguments> codings() {
        return Pair.some()
                .flatMap(
                        pair ->
                                Stream.of("gzip", "deflate", "br", "zstd")
                                        .map(coding -> Arguments.of(pair, coding)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("codings")
    @Tag("R3")
    void aStreamIsReadHoweverItIsCut(Pair pair, String coding) {
        String[] texts = new String[30];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = "tökén " + i + " \uD83D\uDE00 ";
        }
        byte[] plain = pair.upstream().stream(texts);
        for (Split split : splits(Coded.as(coding, plain))) {
            Script script =
                    pair.upstream()
                            .head()
                            .header("content-encoding", coding)
                            .send(split, Duration.ofNanos(1));
            try (RawClient client = asked(pair, script, true)) {
                RawResponse response = client.response();
                assertThat(response.header("content-encoding")).isEmpty();
                FoldedAnswer answer = pair.client().judge(response.body());
                assertThat(answer.text()).as(split.name()).isEqualTo(String.join("", texts));
                assertThat(answer.isComplete()).as(split.name()).isTrue();
            }
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("codings")
    @Tag("R12")
    void anAnswerInOnePieceIsReadHoweverItIsCut(Pair pair, String coding) {
        String text = "hellö \uD83D\uDE00 ".repeat(40);
        byte[] plain = pair.upstream().whole(text).getBytes(StandardCharsets.UTF_8);
        for (Split split : splits(Coded.as(coding, plain))) {
            Script script = json(200, coding).send(split, Duration.ofNanos(1));
            try (RawClient client = asked(pair, script, false)) {
                RawResponse response = client.response();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.header("content-encoding")).isEmpty();
                assertThat(pair.client().textOf(response.json())).as(split.name()).isEqualTo(text);
            }
        }
    }

    private static List<Split> splits(byte[] coded) {
        List<Split> splits = new ArrayList<>();
        splits.add(Splits.whole(coded));
        splits.add(Splits.sized(coded, 997));
        splits.add(Splits.sized(coded, 31));
        if (coded.length < 1_000) {
            splits.add(Splits.byteByByte(coded));
        }
        return splits;
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("codings")
    @Tag("R50")
    void aTruncatedAnswerNeverPassesForWhole(Pair pair, String coding) {
        byte[] plain = pair.upstream().stream("one", "two", "three");
        byte[] coded = Coded.as(coding, plain);
        SplittableRandom random = new SplittableRandom(Splits.seed());
        for (int i = 0; i < 6; i++) {
            // The last bytes may be a checksum, behind all that was said.
            int length = random.nextInt(coded.length * 3 / 4);
            Script begun =
                    pair.upstream()
                            .head()
                            .header("content-encoding", coding)
                            .sendHead()
                            .send(Arrays.copyOf(coded, length));
            Script script = i % 2 == 0 ? begun.endAndClose() : begun.reset();
            try (RawClient client = asked(pair, script, true)) {
                RawResponse response = client.response();
                if (response.status() == 200) {
                    FoldedAnswer answer = pair.client().judge(response.body());
                    assertThat(answer.isComplete()).as("%d bytes", length).isFalse();
                    assertThat(answer.error()).as("%d bytes", length).isPresent();
                } else {
                    assertThat(response.status())
                            .isEqualTo(pair.client().status(FailureCode.UPSTREAM_BROKEN));
                    pair.client().fault(response);
                }
            }
            assertThat(record(pair)).isEqualTo(Outcome.FAILED);
        }
    }

    static Stream<Arguments> endless() {
        return Pair.few()
                .flatMap(
                        pair ->
                                Stream.of("gzip", "br", "zstd")
                                        .map(coding -> Arguments.of(pair, coding)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("endless")
    @Tag("R24")
    void aSlowClientStopsTheUpstream(Pair pair, String coding) {
        // What repeats is small in gzip and zstd: a byte of the connection stands for many.
        byte[] text = pair.upstream().text("f".repeat(1000));
        byte[] eight = Speech.joined(text, text, text, text, text, text, text, text);
        Script script =
                pair.upstream()
                        .head()
                        .coded(coding, Coded.endless(coding))
                        .send(pair.upstream().preamble())
                        .endlessFrames(Duration.ZERO, _ -> eight);
        long heap = Heap.usedAfterGc();
        try (RawClient client = asked(pair, script, true)) {
            RawResponse response = client.response();
            UpstreamRequest request = rigs.of(pair.upstream()).upstream().request();
            long held = request.awaitStandstill(Duration.ofMillis(300), WAIT);
            assertThat(held).isLessThan(HELD);
            assertThat(Heap.usedAfterGc() - heap).isLessThan(HELD);
            // Reads on until it moves: a read that waits for too long fails by its own deadline.
            while (request.sent() <= held) {
                response.read();
            }
            client.reset();
            request.awaitPeerClose(WAIT);
        }
        assertThat(record(pair)).isEqualTo(Outcome.CANCELLED);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("codings")
    @Tag("R24")
    void aBombInAStreamIsCutAtItsBound(Pair pair, String coding) {
        Script script = bomb(coding, pair.upstream().head().header("content-encoding", coding));
        try (RawClient client = asked(pair, script, true)) {
            assertCut(pair, client.response(), FailureCode.UPSTREAM_BROKEN);
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("codings")
    @Tag("R24")
    void aBombInAnAnswerIsCutAtItsBound(Pair pair, String coding) {
        Script script = bomb(coding, json(200, coding));
        try (RawClient client = asked(pair, script, false)) {
            assertCut(pair, client.response(), FailureCode.UPSTREAM_BROKEN);
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("codings")
    @Tag("R54")
    void aBombInAnErrorIsAnError(Pair pair, String coding) {
        Script script = bomb(coding, json(400, coding));
        try (RawClient client = asked(pair, script, true)) {
            assertCut(pair, client.response(), FailureCode.INVALID_REQUEST);
        }
    }

    private static Script json(int status, String coding) {
        return Script.status(status)
                .header("content-type", "application/json")
                .header("content-encoding", coding);
    }

    /** Never ends; except in br, whose decoder wants more than a bomb has, or the end. */
    private static Script bomb(String coding, Script head) {
        Script sent = head.send(Coded.bomb(coding));
        return coding.equals("br") ? sent.endAndClose() : sent.hold();
    }

    private static void assertCut(Pair pair, RawResponse response, FailureCode code) {
        assertThat(response.status()).isEqualTo(pair.client().status(code));
        pair.client().fault(response);
        Rig rig = rigs.of(pair.upstream());
        UpstreamRequest asked = rig.upstream().request();
        Eventually.completes(WAIT, "the upstream is given up", asked.whenClosed());
        Eventually.within(WAIT, "nothing runs", () -> rig.gateway().inFlight() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
    void aBombInARequestIsRefused(String coding) {
        for (Tongue tongue : Tongue.values()) {
            Rig rig = rigs.of(tongue);
            try (RawClient client = rig.connect()) {
                RawResponse response =
                        client.exchange(
                                RawRequest.of("POST", tongue.path(true))
                                        .header("content-type", "application/json")
                                        .header("content-encoding", coding)
                                        .body(Coded.bomb(coding)));
                assertThat(response.status())
                        .isEqualTo(tongue.status(FailureCode.REQUEST_TOO_LARGE));
                tongue.fault(response);
            }
            assertThat(rig.upstream().requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
    void aRequestThatIsCutIsRefused(String coding) {
        for (Tongue tongue : Tongue.values()) {
            byte[] coded = Coded.as(coding, tongue.ask(true).getBytes(StandardCharsets.UTF_8));
            try (RawClient client = rigs.of(tongue).connect()) {
                RawResponse response =
                        client.exchange(
                                RawRequest.of("POST", tongue.path(true))
                                        .header("content-type", "application/json")
                                        .header("content-encoding", coding)
                                        .body(Arrays.copyOf(coded, coded.length / 2)));
                assertThat(response.status()).isEqualTo(400);
                tongue.fault(response);
            }
        }
    }

    private static RawClient asked(Pair pair, Script answer, boolean streamed) {
        Rig rig = rigs.of(pair.upstream());
        rig.forget();
        rig.upstream().otherwise(answer);
        RawClient client = RawClient.connect(rig.gateway().port(), 16 << 10).deadline(WAIT);
        client.send(pair.client().request(streamed));
        return client;
    }

    private static Outcome record(Pair pair) {
        return rigs.of(pair.upstream()).gateway().nextRecord().outcome();
    }
}

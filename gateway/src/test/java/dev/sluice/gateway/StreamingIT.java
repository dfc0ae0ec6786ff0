package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.gateway.exchange.Timeouts;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Gate;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.TcpSockets;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.SseReader;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.stream.FoldedAnswer;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** When and in what form the pieces of a stream reach the client, whatever dialects meet. */
class StreamingIT {
    /** Generous: the machine may be busy with other things. */
    private static final Duration SOON = Duration.ofSeconds(60);

    /** What the kernel's buffers and ours may hold together, of an endless stream. */
    private static final long HELD = 16L << 20;

    static Stream<Pair> all() {
        return Pair.all();
    }

    static Stream<Pair> some() {
        return Pair.some();
    }

    static Stream<Pair> few() {
        return Stream.concat(Stream.of(new Pair(Tongue.CHAT, Tongue.CHAT)), Pair.few());
    }

    /** Those whose clients can be told that nothing has happened yet. */
    static Stream<Pair> withSigns() {
        return Pair.all().filter(pair -> pair.client() != Tongue.OLLAMA);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R58")
    void aTokenIsThereBeforeTheNextLeaves(Pair pair) throws Exception {
        List<Gate> gates = new ArrayList<>();
        Speech speech = pair.upstream().speech();
        Script script = pair.upstream().head().send(speech.preamble());
        for (int i = 0; i < 5; i++) {
            Gate gate = Gate.closed();
            gates.add(gate);
            script = script.await(gate).send(speech.text("token" + i));
        }
        Gate end = Gate.closed();
        script = script.await(end).send(speech.end());
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = pair.setup(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            gates.getFirst().open();
            RawResponse response = client.exchange(pair.client().request());
            assertThat(response.header("content-type").orElseThrow())
                    .startsWith(
                            switch (pair.client()) {
                                case BEDROCK -> "application/vnd.amazon.eventstream";
                                case OLLAMA -> "application/x-ndjson";
                                default -> "text/event-stream";
                            });
            assertThat(response.header("cache-control")).hasValue("no-cache, no-transform");
            assertThat(response.header("x-accel-buffering")).hasValue("no");
            assertThat(response.header("content-length")).isEmpty();
            SseReader events = response.events();
            for (int i = 0; i < gates.size(); i++) {
                gates.get(i).open();
                pair.client().awaitText(events, "token" + i);
            }
            end.open();
            events.rest();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R58")
    void bothSocketsSendSmallPiecesAtOnce(Pair pair) throws Exception {
        Assumptions.assumeTrue(TcpSockets.areVisible());
        Script script = pair.upstream().head().send(pair.upstream().begun("one")).hold();
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = pair.setup(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            client.exchange(pair.client().request()).read();
            List<TcpSockets.End> ends = TcpSockets.ends();
            assertThat(ends).contains(new TcpSockets.End(gateway.port(), client.localPort(), true));
            assertThat(ends)
                    .filteredOn(end -> end.peerPort() == upstream.port())
                    .isNotEmpty()
                    .allMatch(TcpSockets.End::noDelay);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withSigns")
    @Tag("R59")
    @Tag("R8")
    void aSilentUpstreamIsBridgedBeforeTheFirstToken(Pair pair) throws Exception {
        Gate gate = Gate.closed();
        Script script = pair.upstream().head().await(gate).send(pair.upstream().stream("one"));
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = keepalive(pair, 50, upstream).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            RawResponse response = client.exchange(pair.client().request());
            for (int i = 0; i < 3; i++) {
                assertSign(pair.client(), response.read().orElseThrow().bytes());
            }
            gate.open();
            assertThat(pair.client().judge(response.body()).text()).isEqualTo("one");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("withSigns")
    @Tag("R59")
    void aSilentUpstreamIsBridgedBetweenTokens(Pair pair) throws Exception {
        Gate gate = Gate.closed();
        Speech speech = pair.upstream().speech();
        Script script =
                pair.upstream()
                        .head()
                        .send(speech.begin("one"))
                        .await(gate)
                        .send(Speech.joined(speech.text("two"), speech.end()));
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = keepalive(pair, 50, upstream).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            RawResponse response = client.exchange(pair.client().request());
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (!all.toString(StandardCharsets.UTF_8).contains("one")) {
                all.writeBytes(response.read().orElseThrow().bytes());
            }
            for (int i = 0; i < 3; i++) {
                byte[] sign = response.read().orElseThrow().bytes();
                assertSign(pair.client(), sign);
                all.writeBytes(sign);
            }
            gate.open();
            all.writeBytes(response.body());
            FoldedAnswer answer = pair.client().judge(all.toByteArray());
            assertThat(answer.text()).isEqualTo("onetwo");
            assertThat(answer.isComplete()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("some")
    @Tag("R59")
    void aPingDoesNotHideAStall(Pair pair) throws Exception {
        Script script =
                pair.upstream()
                        .head()
                        .send(pair.upstream().begun("one"))
                        .endlessFrames(Duration.ofMillis(20), _ -> pair.upstream().ping());
        Timeouts stall = new Timeouts(Duration.ofSeconds(5), SOON, Duration.ofMillis(500), SOON);
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway =
                        pair.upstream()
                                .upstream(
                                        keepalive(TestGateway.setup(), 50).timeouts(stall),
                                        upstream.uri())
                                .start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON.dividedBy(2))) {
            byte[] body = client.exchange(pair.client().request()).body();
            FoldedAnswer answer = pair.client().judge(body);
            assertThat(answer.isComplete()).isFalse();
            assertThat(answer.error()).isPresent();
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.FAILED);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("some")
    @Tag("R25")
    void keepalivesStandBetweenEventsOnly(Pair pair) throws Exception {
        String[] tokens = new String[60];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = "token" + i + " ";
        }
        byte[] bytes = pair.upstream().stream(tokens);
        Script script =
                pair.upstream()
                        .head()
                        .send(Splits.sized(bytes, bytes.length / 100), Duration.ofMillis(3));
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = keepalive(pair, 1, upstream).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            byte[] body = client.exchange(pair.client().request()).body();
            FoldedAnswer answer = pair.client().judge(body);
            assertThat(answer.text()).isEqualTo(String.join("", tokens));
            assertThat(answer.isComplete()).isTrue();
            if (pair.client() != Tongue.OLLAMA) {
                assertThat(pair.client().signsOfLife(body)).isGreaterThan(4);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("few")
    @Tag("R24")
    @Tag("slow")
    void aReaderThatPausesStopsTheUpstreamAndLetsItGoOn(Pair pair) throws Exception {
        // What the kernel holds is read before anything moves, and that takes as long as it does.
        try (FakeUpstream upstream = endless(pair.upstream());
                TestGateway gateway = bearing(pair, SOON, upstream);
                RawClient client = RawClient.connect(gateway.port(), 16 * 1024).deadline(SOON)) {
            RawResponse response = client.exchange(pair.client().request());
            UpstreamRequest request = upstream.request();
            long held = request.awaitStandstill(Duration.ofMillis(300), SOON);
            assertThat(held).isLessThan(HELD);
            while (request.sent() <= held) {
                response.read();
            }
            client.reset();
            request.awaitPeerClose(SOON);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("few")
    @Tag("R24")
    @Tag("slow")
    void aReaderThatStaysAwayIsCut(Pair pair) throws Exception {
        try (FakeUpstream upstream = endless(pair.upstream());
                TestGateway gateway = bearing(pair, Duration.ofSeconds(1), upstream);
                RawClient client = RawClient.connect(gateway.port(), 16 * 1024).deadline(SOON)) {
            client.exchange(pair.client().request());
            Eventually.within(SOON, "the slow reader is cut", () -> gateway.inFlight() == 0);
            assertThat(gateway.nextRecord().outcome()).isNotEqualTo(Outcome.COMPLETE);
            upstream.request().awaitPeerClose(SOON);
        }
    }

    private static FakeUpstream endless(Tongue tongue) {
        byte[] filler = tongue.text("f".repeat(1000));
        return FakeUpstream.start()
                .sendBuffer(16 * 1024)
                .otherwise(
                        tongue.head()
                                .send(tongue.preamble())
                                .endlessFrames(Duration.ZERO, _ -> filler));
    }

    private static TestGateway bearing(Pair pair, Duration slow, FakeUpstream upstream) {
        return pair.setup(upstream.uri())
                .config(
                        c ->
                                c.toBuilder()
                                        .limits(c.limits().withSlowReader(64 * 1024, slow))
                                        .build())
                .start();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("some")
    @Tag("R66")
    @Tag("slow")
    void taggedStreamsNeverMix(Pair pair) throws Exception {
        int count = 1_000;
        Gate all = Gate.closed();
        try (FakeUpstream upstream = FakeUpstream.start().deadline(SOON.multipliedBy(2));
                TestGateway gateway = pair.setup(upstream.uri()).start()) {
            upstream.otherwise(
                    request -> {
                        String tag = tagIn(request.text());
                        Speech speech = pair.upstream().speech();
                        Script script = pair.upstream().head().send(speech.preamble()).await(all);
                        for (int i = 0; i < 10; i++) {
                            script = script.send(speech.text(tag));
                        }
                        return script.send(speech.end());
                    });
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String tag = "<tag" + i + ">";
                CompletableFuture<String> answer = new CompletableFuture<>();
                answers.add(answer);
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try (RawClient client = RawClient.connect(gateway.port())) {
                                        client.deadline(SOON.multipliedBy(2));
                                        byte[] body =
                                                client.exchange(pair.client().request(true, tag))
                                                        .body();
                                        answer.complete(pair.client().judge(body).text());
                                    } catch (Throwable e) {
                                        answer.completeExceptionally(e);
                                    }
                                });
            }
            Eventually.within(
                    SOON, "all streams are open", () -> upstream.requests().size() == count);
            all.open();
            for (int i = 0; i < count; i++) {
                String text = Eventually.completes(SOON, "stream " + i, answers.get(i));
                assertThat(text).isEqualTo(("<tag" + i + ">").repeat(10));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R9")
    void oneReadIsAsGoodAsMany(Pair pair) throws Exception {
        Speech speech = pair.upstream().speech();
        List<byte[]> events = new ArrayList<>(List.of(speech.preamble()));
        for (int i = 0; i < 20; i++) {
            events.add(speech.text("token" + i));
        }
        events.add(speech.end());
        Script one = pair.upstream().head().send(Speech.joined(events.toArray(byte[][]::new)));
        Script many = pair.upstream().head();
        for (byte[] event : events) {
            many = many.send(event).pause(Duration.ofMillis(3));
        }
        FoldedAnswer together = through(pair, one);
        FoldedAnswer apart = through(pair, many);
        assertThat(together.isComplete()).isTrue();
        assertThat(together.text()).isEqualTo(apart.text()).contains("token0token1token2");
        assertThat(together.stopReason()).isEqualTo(apart.stopReason());
        if (pair.isRelay() || pair.client() != Tongue.OLLAMA) {
            // This one tells times beside the counts.
            assertThat(together.usage()).isEqualTo(apart.usage());
        }
    }

    @Test
    @Tag("R32")
    void theChunksOfAChatAreOneAnswer() throws Exception {
        Script script = Script.stream().send(Tongue.MESSAGES.stream("one", "two", "three"));
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = TestGateway.setup().anthropic(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            List<SseEvent> events = client.exchange(Tongue.CHAT.request()).events().rest();
            assertThat(events.getLast().isDone()).isTrue();
            List<SseEvent> chunks = events.subList(0, events.size() - 1);
            JsonNode first = chunks.getFirst().json();
            for (int i = 0; i < chunks.size(); i++) {
                JsonNode chunk = chunks.get(i).json();
                assertThat(chunk.path("id")).isEqualTo(first.path("id"));
                assertThat(chunk.path("created")).isEqualTo(first.path("created"));
                JsonNode choice = chunk.path("choices").path(0);
                assertThat(choice.path("delta").has("role")).isEqualTo(i == 0);
                assertThat(choice.path("finish_reason").isString())
                        .isEqualTo(i == chunks.size() - 2);
                assertThat(chunk.path("usage").isObject()).isEqualTo(i == chunks.size() - 1);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R14")
    void theSecondAttemptAsksTheSame(Pair pair) throws Exception {
        Script fine = pair.upstream().head().send(pair.upstream().stream("one"));
        try (FakeUpstream down = FakeUpstream.start().otherwise(Script.html(503));
                FakeUpstream up = FakeUpstream.start().otherwise(fine);
                TestGateway gateway =
                        pair.upstream().upstream(pair.setup(down.uri()), up.uri()).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            byte[] body = client.exchange(pair.client().request()).body();
            assertThat(pair.client().judge(body).text()).isEqualTo("one");
            assertThat(up.request().body()).isEqualTo(down.request().body()).isNotEmpty();
        }
    }

    private static FoldedAnswer through(Pair pair, Script script) throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = pair.setup(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            return pair.client().judge(client.exchange(pair.client().request()).body());
        }
    }

    private static TestGateway.Setup keepalive(TestGateway.Setup setup, long millis) {
        return setup.config(c -> c.toBuilder().keepalive(Duration.ofMillis(millis)).build());
    }

    private static TestGateway.Setup keepalive(Pair pair, long millis, FakeUpstream upstream) {
        return keepalive(pair.setup(upstream.uri()), millis);
    }

    /** One sign of life and nothing else, in the one form that all clients bear. */
    private static void assertSign(Tongue client, byte[] sign) {
        assertThat(client.signsOfLife(sign)).isEqualTo(1);
        switch (client) {
            case CHAT, RESPONSES, GEMINI -> assertThat(Json.utf8(sign)).isEqualTo(": ping\n\n");
            case MESSAGES ->
                    assertThat(Json.utf8(sign))
                            .isEqualTo("event: ping\ndata: {\"type\":\"ping\"}\n\n");
            case BEDROCK -> assertThat(client.events(sign)).hasSize(1);
            case OLLAMA -> throw new AssertionError("no sign is known");
        }
    }

    private static String tagIn(String request) {
        int from = request.indexOf("<tag");
        return request.substring(from, request.indexOf('>', from) + 1);
    }
}

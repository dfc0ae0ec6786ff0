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
import dev.sluice.testkit.stream.AnthropicEvents;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.ChatEvents;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** When and in what form the pieces of a stream reach the client, whatever dialects meet. */
class StreamingIT {
    /** Generous: the machine may be busy with other things. */
    private static final Duration SOON = Duration.ofSeconds(60);

    /** What the kernel's buffers and ours may hold together, of an endless stream. */
    private static final long HELD = 16L << 20;

    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-1", "gpt-5-mini");
    private static final AnthropicEvents MESSAGES = AnthropicEvents.of("msg_1", "claude-sonnet");

    /** A dialect, as the fakes speak it and the judges judge it. */
    enum Speaker {
        OPENAI_CHAT,
        ANTHROPIC;

        String path() {
            return this == OPENAI_CHAT ? "/v1/chat/completions" : "/v1/messages";
        }

        String request(String text) {
            String whole = this == OPENAI_CHAT ? GoldenPairsIT.CHAT : GoldenPairsIT.MESSAGES;
            return whole.replace("\"hi\"", Json.quote(text));
        }

        String begin() {
            return this == OPENAI_CHAT ? CHAT.role() : MESSAGES.start(10) + MESSAGES.textStart(0);
        }

        String text(String text) {
            return this == OPENAI_CHAT ? CHAT.text(text) : MESSAGES.text(0, text);
        }

        String end() {
            return this == OPENAI_CHAT
                    ? CHAT.end("stop")
                    : MESSAGES.blockStop(0) + MESSAGES.end("end_turn", 5);
        }

        String noise() {
            return this == OPENAI_CHAT ? ": OPENROUTER PROCESSING\n\n" : MESSAGES.ping();
        }

        FoldedAnswer judge(byte[] body) {
            return this == OPENAI_CHAT
                    ? OpenAiChatStreamValidator.expectingUsage().validate(body)
                    : AnthropicStreamValidator.strict().validate(body);
        }

        TestGateway.Setup at(TestGateway.Setup setup, FakeUpstream upstream) {
            return this == OPENAI_CHAT
                    ? setup.openai(upstream.uri())
                    : setup.anthropic(upstream.uri());
        }
    }

    /** Who asks, and who answers. */
    enum Pair {
        CHAT_FROM_CHAT(Speaker.OPENAI_CHAT, Speaker.OPENAI_CHAT),
        CHAT_FROM_ANTHROPIC(Speaker.OPENAI_CHAT, Speaker.ANTHROPIC),
        ANTHROPIC_FROM_CHAT(Speaker.ANTHROPIC, Speaker.OPENAI_CHAT),
        ANTHROPIC_FROM_ANTHROPIC(Speaker.ANTHROPIC, Speaker.ANTHROPIC);

        final Speaker client;
        final Speaker upstream;

        Pair(Speaker client, Speaker upstream) {
            this.client = client;
            this.upstream = upstream;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R58")
    void aTokenIsThereBeforeTheNextLeaves(Pair pair) throws Exception {
        List<Gate> gates = new ArrayList<>();
        Script script = Script.stream().send(pair.upstream.begin());
        for (int i = 0; i < 5; i++) {
            Gate gate = Gate.closed();
            gates.add(gate);
            script = script.await(gate).send(pair.upstream.text("token" + i));
        }
        Gate end = Gate.closed();
        script = script.await(end).send(pair.upstream.end());
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = pair.upstream.at(TestGateway.setup(), upstream).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            gates.getFirst().open();
            RawResponse response = client.post(pair.client.path(), pair.client.request("hi"));
            assertThat(response.header("content-type").orElseThrow())
                    .startsWith("text/event-stream");
            assertThat(response.header("cache-control")).hasValue("no-cache, no-transform");
            assertThat(response.header("x-accel-buffering")).hasValue("no");
            assertThat(response.header("content-length")).isEmpty();
            SseReader events = response.events();
            for (int i = 0; i < gates.size(); i++) {
                gates.get(i).open();
                SseEvent event = events.take();
                while (!event.data().contains("token" + i)) {
                    event = events.take();
                }
            }
            end.open();
            events.rest();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R58")
    void bothSocketsSendSmallPiecesAtOnce(Pair pair) throws Exception {
        Assumptions.assumeTrue(TcpSockets.areVisible());
        Script script =
                Script.stream().send(pair.upstream.begin() + pair.upstream.text("one")).hold();
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = pair.upstream.at(TestGateway.setup(), upstream).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            client.post(pair.client.path(), pair.client.request("hi")).read();
            List<TcpSockets.End> ends = TcpSockets.ends();
            assertThat(ends).contains(new TcpSockets.End(gateway.port(), client.localPort(), true));
            assertThat(ends)
                    .filteredOn(end -> end.peerPort() == upstream.port())
                    .isNotEmpty()
                    .allMatch(TcpSockets.End::noDelay);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R59")
    @Tag("R8")
    void aSilentUpstreamIsBridgedBeforeTheFirstToken(Pair pair) throws Exception {
        Gate gate = Gate.closed();
        Script script =
                Script.stream()
                        .await(gate)
                        .send(pair.upstream.begin() + pair.upstream.text("one"))
                        .send(pair.upstream.end());
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway =
                        pair.upstream.at(keepalive(Duration.ofMillis(50)), upstream).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            RawResponse response = client.post(pair.client.path(), pair.client.request("hi"));
            for (int i = 0; i < 3; i++) {
                String sign = Json.utf8(response.read().orElseThrow().bytes());
                assertThat(sign).isEqualTo(sign(pair.client));
            }
            gate.open();
            assertThat(pair.client.judge(response.body()).text()).isEqualTo("one");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R59")
    void aSilentUpstreamIsBridgedBetweenTokens(Pair pair) throws Exception {
        Gate gate = Gate.closed();
        Script script =
                Script.stream()
                        .send(pair.upstream.begin() + pair.upstream.text("one"))
                        .await(gate)
                        .send(pair.upstream.text("two") + pair.upstream.end());
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway =
                        pair.upstream.at(keepalive(Duration.ofMillis(50)), upstream).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            RawResponse response = client.post(pair.client.path(), pair.client.request("hi"));
            StringBuilder all = new StringBuilder();
            while (!all.toString().contains("one")) {
                all.append(Json.utf8(response.read().orElseThrow().bytes()));
            }
            for (int i = 0; i < 3; i++) {
                String sign = Json.utf8(response.read().orElseThrow().bytes());
                assertThat(sign).isEqualTo(sign(pair.client));
                all.append(sign);
            }
            gate.open();
            all.append(response.text());
            FoldedAnswer answer =
                    pair.client.judge(all.toString().getBytes(StandardCharsets.UTF_8));
            assertThat(answer.text()).isEqualTo("onetwo");
            assertThat(answer.isComplete()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R59")
    void aPingDoesNotHideAStall(Pair pair) throws Exception {
        Script script =
                Script.stream()
                        .send(pair.upstream.begin() + pair.upstream.text("one"))
                        .endless(Duration.ofMillis(20), _ -> pair.upstream.noise());
        Timeouts stall = new Timeouts(Duration.ofSeconds(5), SOON, Duration.ofMillis(500), SOON);
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway =
                        pair.upstream
                                .at(keepalive(Duration.ofMillis(50)).timeouts(stall), upstream)
                                .start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON.dividedBy(2))) {
            byte[] body = client.post(pair.client.path(), pair.client.request("hi")).body();
            FoldedAnswer answer = pair.client.judge(body);
            assertThat(answer.isComplete()).isFalse();
            assertThat(answer.error()).isPresent();
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.FAILED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R25")
    void keepalivesStandBetweenEventsOnly(Pair pair) throws Exception {
        StringBuilder whole = new StringBuilder(pair.upstream.begin());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            whole.append(pair.upstream.text("token" + i + " "));
            text.append("token").append(i).append(' ');
        }
        byte[] bytes =
                whole.append(pair.upstream.end()).toString().getBytes(StandardCharsets.UTF_8);
        Script script = Script.stream().send(Splits.sized(bytes, 61), Duration.ofMillis(3));
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway =
                        pair.upstream.at(keepalive(Duration.ofMillis(1)), upstream).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            byte[] body = client.post(pair.client.path(), pair.client.request("hi")).body();
            FoldedAnswer answer = pair.client.judge(body);
            assertThat(answer.text()).isEqualTo(text.toString());
            assertThat(answer.isComplete()).isTrue();
            assertThat(Json.utf8(body).split("ping", -1)).hasSizeGreaterThan(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R24")
    @Tag("slow")
    void aSlowReaderStopsTheUpstreamAndIsCut(Pair pair) throws Exception {
        String filler = "f".repeat(1000);
        Script script =
                Script.stream()
                        .send(pair.upstream.begin())
                        .endless(Duration.ZERO, _ -> pair.upstream.text(filler));
        try (FakeUpstream upstream = FakeUpstream.start().sendBuffer(16 * 1024).otherwise(script);
                TestGateway gateway =
                        pair.upstream
                                .at(
                                        TestGateway.setup()
                                                .config(
                                                        c ->
                                                                c.toBuilder()
                                                                        .limits(
                                                                                c.limits()
                                                                                        .withSlowReader(
                                                                                                64
                                                                                                        * 1024,
                                                                                                Duration
                                                                                                        .ofSeconds(
                                                                                                                4)))
                                                                        .build()),
                                        upstream)
                                .start();
                RawClient client = RawClient.connect(gateway.port(), 16 * 1024).deadline(SOON)) {
            RawResponse response = client.post(pair.client.path(), pair.client.request("hi"));
            UpstreamRequest request = upstream.request();
            long held = request.awaitStandstill(Duration.ofMillis(300), SOON);
            assertThat(held).isLessThan(HELD);
            while (response.received() < 2 * held) {
                response.read();
            }
            assertThat(request.sent()).isGreaterThan(held);
            Eventually.within(SOON, "the slow reader is cut", () -> gateway.inFlight() == 0);
            assertThat(gateway.nextRecord().outcome()).isNotEqualTo(Outcome.COMPLETE);
            request.awaitPeerClose(SOON);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT_FROM_ANTHROPIC", "ANTHROPIC_FROM_ANTHROPIC"})
    @Tag("R66")
    @Tag("slow")
    void taggedStreamsNeverMix(Pair pair) throws Exception {
        int count = 1_000;
        Gate all = Gate.closed();
        try (FakeUpstream upstream = FakeUpstream.start().deadline(SOON.multipliedBy(2));
                TestGateway gateway = pair.upstream.at(TestGateway.setup(), upstream).start()) {
            upstream.otherwise(
                    request -> {
                        String tag = tagIn(request.text());
                        Script script = Script.stream().send(pair.upstream.begin()).await(all);
                        for (int i = 0; i < 10; i++) {
                            script = script.send(pair.upstream.text(tag));
                        }
                        return script.send(pair.upstream.end());
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
                                                client.post(
                                                                pair.client.path(),
                                                                pair.client.request(tag))
                                                        .body();
                                        answer.complete(pair.client.judge(body).text());
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

    @ParameterizedTest
    @EnumSource
    @Tag("R9")
    void oneReadIsAsGoodAsMany(Pair pair) throws Exception {
        List<String> events = new ArrayList<>(List.of(pair.upstream.begin()));
        for (int i = 0; i < 20; i++) {
            events.add(pair.upstream.text("token" + i));
        }
        events.add(pair.upstream.end());
        Script one = Script.stream().send(String.join("", events));
        Script many = Script.stream();
        for (String event : events) {
            many = many.send(event).pause(Duration.ofMillis(3));
        }
        FoldedAnswer together = through(pair, one);
        FoldedAnswer apart = through(pair, many);
        assertThat(together.isComplete()).isTrue();
        assertThat(together.text()).isEqualTo(apart.text()).contains("token0token1token2");
        assertThat(together.stopReason()).isEqualTo(apart.stopReason());
        assertThat(together.usage()).isEqualTo(apart.usage());
    }

    @Test
    @Tag("R32")
    void theChunksOfAChatAreOneAnswer() throws Exception {
        Script script = Script.stream().send(MESSAGES.answer("one", "two", "three"));
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = TestGateway.setup().anthropic(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            List<SseEvent> events =
                    client.post(Speaker.OPENAI_CHAT.path(), GoldenPairsIT.CHAT).events().rest();
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

    @ParameterizedTest
    @EnumSource
    @Tag("R14")
    void theSecondAttemptAsksTheSame(Pair pair) throws Exception {
        Script fine =
                Script.stream()
                        .send(pair.upstream.begin() + pair.upstream.text("one"))
                        .send(pair.upstream.end());
        try (FakeUpstream down = FakeUpstream.start().otherwise(Script.html(503));
                FakeUpstream up = FakeUpstream.start().otherwise(fine);
                TestGateway gateway =
                        pair.upstream.at(pair.upstream.at(TestGateway.setup(), down), up).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            byte[] body = client.post(pair.client.path(), pair.client.request("hi")).body();
            assertThat(pair.client.judge(body).text()).isEqualTo("one");
            assertThat(up.request().body()).isEqualTo(down.request().body()).isNotEmpty();
        }
    }

    private static FoldedAnswer through(Pair pair, Script script) throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = pair.upstream.at(TestGateway.setup(), upstream).start();
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            return pair.client.judge(
                    client.post(pair.client.path(), pair.client.request("hi")).body());
        }
    }

    private static TestGateway.Setup keepalive(Duration every) {
        return TestGateway.setup().config(c -> c.toBuilder().keepalive(every).build());
    }

    private static String sign(Speaker client) {
        return client == Speaker.OPENAI_CHAT
                ? ": ping\n\n"
                : "event: ping\ndata: {\"type\":\"ping\"}\n\n";
    }

    private static String tagIn(String request) {
        int from = request.indexOf("<tag");
        return request.substring(from, request.indexOf('>', from) + 1);
    }
}

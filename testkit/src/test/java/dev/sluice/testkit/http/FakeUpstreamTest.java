package dev.sluice.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Gate;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.RawResponse.BodyEnd;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.stream.AnthropicEvents;
import dev.sluice.testkit.stream.ChatEvents;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.zip.GZIPInputStream;

import javax.net.ssl.SSLContext;

@Timeout(60)
class FakeUpstreamTest {
    private static final String PATH = "/v1/chat/completions";
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final ChatEvents CHAT = ChatEvents.of("c1", "m");

    private final FakeUpstream upstream = FakeUpstream.start();

    @AfterEach
    void closeUpstream() {
        upstream.close();
    }

    private RawClient connect() {
        return RawClient.connect(upstream.port());
    }

    @Test
    void recordsWhatItWasAsked() {
        upstream.on(PATH, Script.json(200, "{}"));
        long before = System.nanoTime();
        try (RawClient client = connect()) {
            client.exchange(
                            RawRequest.post(PATH + "?a=b", "{\"model\":\"é\"}")
                                    .header("X-Key", "1")
                                    .header("x-key", "2"))
                    .body();
            client.exchange(RawRequest.post(PATH, "{\"model\":\"chunks\"}").chunked(3)).body();
        }

        UpstreamRequest first = upstream.request();
        assertThat(first.method()).isEqualTo("POST");
        assertThat(first.target()).isEqualTo(PATH + "?a=b");
        assertThat(first.path()).isEqualTo(PATH);
        assertThat(first.header("x-KEY")).contains("1, 2");
        assertThat(first.headers().toString()).contains("X-Key=1").contains("x-key=2");
        assertThat(first.json().path("model").stringValue()).isEqualTo("é");
        assertThat(first.arrivedNanos()).isBetween(before, System.nanoTime());
        assertThat(first.attempt()).isEqualTo(1);
        UpstreamRequest second = upstream.request(2);
        assertThat(second.text()).isEqualTo("{\"model\":\"chunks\"}");
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.connection()).isEqualTo(first.connection());
        assertThat(upstream.requests(PATH)).hasSize(2);
    }

    @Test
    void playsOneScriptPerAttemptAndRepeatsTheLast() {
        upstream.on(PATH, Script.status(503), Script.html(502), Script.json(200, "{}"));
        try (RawClient client = connect()) {
            for (int status : new int[] {503, 502, 200, 200}) {
                RawResponse response = client.post(PATH, "{}");
                assertThat(response.status()).isEqualTo(status);
                response.body();
            }
        }
        assertThat(upstream.acceptedConnections()).isEqualTo(1);
    }

    @Test
    void answersByFunctionByMethodAndOtherwise() {
        upstream.on("POST /a", request -> Script.json(200, request.text()));
        upstream.on("/a", Script.status(405));
        try (RawClient client = connect()) {
            assertThat(client.post("/a", "{\"n\":1}").text()).isEqualTo("{\"n\":1}");
            RawResponse response = client.get("/a");
            assertThat(response.status()).isEqualTo(405);
            assertThat(response.body()).isEmpty();
            assertThat(client.get("/b").json().at("/error/message").stringValue())
                    .isEqualTo("no route");
            upstream.otherwise(Script.status(418));
            assertThat(client.get("/b").status()).isEqualTo(418);
        }
    }

    @Test
    void listsModelsInBothShapes() {
        try (RawClient client = connect()) {
            assertThat(client.get("/v1/models").json().at("/data/0/id").stringValue())
                    .isEqualTo("test-model");
            upstream.models(Script.anthropicModels("a", "b"));
            assertThat(client.get("/v1/models").json().at("/data/1/display_name").stringValue())
                    .isEqualTo("b");
        }
    }

    @Test
    void framesBodiesInAllThreeWays() {
        upstream.on("/length", Script.body(200, "text/plain", "abc".getBytes(UTF_8)));
        upstream.on("/chunks", Script.status(200).send("a").send("").send("bc"));
        upstream.on("/close", Script.status(200).untilClose().send("abc"));
        upstream.on("/old", Script.status(200).http10().send("abc"));
        for (String path : new String[] {"/length", "/chunks", "/close", "/old"}) {
            try (RawClient client = connect()) {
                assertThat(client.get(path).text()).as(path).isEqualTo("abc");
                if (path.equals("/close") || path.equals("/old")) {
                    assertThat(client.awaitEnd().how()).isEqualTo(ConnectionEnd.How.FIN);
                } else {
                    assertThat(client.get(path).text()).isEqualTo("abc");
                }
            }
        }
    }

    @Test
    void writesAChunkPerPiece() {
        byte[] body = "data: 東京\n\n".getBytes(UTF_8);
        upstream.on(PATH, Script.stream(Splits.byteByByte(body)));
        try (RawClient client = connect()) {
            RawResponse response = client.post(PATH, "{}");
            int parts = 0;
            while (response.read().isPresent()) {
                parts++;
            }
            assertThat(parts).isEqualTo(body.length);
        }
    }

    @Test
    void aGateHoldsTheStreamWhereItIs() {
        Gate gate = Gate.closed();
        upstream.on(
                PATH,
                Script.stream()
                        .send(CHAT.role())
                        .send(CHAT.text("a"))
                        .await(gate)
                        .send(CHAT.text("b"))
                        .send(CHAT.end("stop")));
        try (RawClient client = connect()) {
            SseReader events = client.post(PATH, "{}").events();
            gate.awaitReached(SOON);
            assertThat(events.take(2).getLast().data()).contains("\"a\"");
            events.assertNoEventFor(Duration.ofMillis(50));
            gate.open();
            SseEvent next = events.take();
            assertThat(next.data()).contains("\"b\"");
            assertThat(events.rest()).last().matches(SseEvent::isDone);
        }
        Eventually.completes(SOON, "the answer ends", upstream.request().whenAnswered());
    }

    @Test
    void aGateBeforeTheBodyHoldsTheHeadToo() {
        Gate gate = Gate.closed();
        upstream.on(PATH, Script.status(429).await(gate).header("retry-after", "1").send("x"));
        try (RawClient client = connect()) {
            client.send(RawRequest.post(PATH, "{}"));
            client.assertSilentFor(Duration.ofMillis(50));
            gate.open();
            assertThat(client.response().header("retry-after")).contains("1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent", "paused", "at a gate", "between events", "writing"})
    void seesThePeerGoInEveryPhaseWithinMilliseconds(String phase) {
        upstream.sendBuffer(4096).on(PATH, script(phase));
        for (boolean reset : new boolean[] {false, true}) {
            try (RawClient client = RawClient.connect(upstream.port(), 4096)) {
                client.send(RawRequest.post(PATH, "{}"));
                UpstreamRequest request = upstream.request(reset ? 2 : 1);
                if (phase.equals("writing")) {
                    Eventually.within(SOON, "the sockets are full", () -> request.sent() > 4096);
                }
                long left = System.nanoTime();
                if (reset) {
                    client.reset();
                } else {
                    client.halfClose();
                }
                ConnectionEnd end = request.awaitPeerClose(SOON);

                assertThat(end.how())
                        .isEqualTo(reset ? ConnectionEnd.How.RESET : ConnectionEnd.How.FIN);
                assertThat(end.millisSince(left)).isBetween(0L, 100L);
                Eventually.within(SOON, () -> upstream.openConnections() == 0);
                assertThat(request.whenAnswered()).isNotDone();
            }
        }
    }

    private static Script script(String phase) {
        return switch (phase) {
            case "silent" -> Script.silent();
            case "paused" -> Script.status(200).pause(Duration.ofMinutes(1));
            case "at a gate" -> Script.stream().sendHead().await(Gate.closed());
            case "between events" ->
                    Script.stream().endless(Duration.ofMillis(5), i -> CHAT.text("t" + i));
            default -> Script.neverNewline();
        };
    }

    @Test
    void breaksConnectionsInEveryWay() {
        String event = CHAT.text("a");
        Gate seen = Gate.closed();
        upstream.on("/fin", Script.stream().send(event).close());
        upstream.on("/fin-length", Script.status(200).length(100).send("abc").close());
        upstream.on("/reset", Script.stream().send(event).await(seen).reset());
        upstream.on("/now", Script.resetAtOnce());
        upstream.on("/close", Script.closeAtOnce());

        try (RawClient client = connect()) {
            ByteArrayOutputStream kept = new ByteArrayOutputStream();
            assertThat(client.get("/fin").drain(kept)).isEqualTo(BodyEnd.TRUNCATED);
            assertThat(kept.toString(UTF_8)).isEqualTo(event);
        }
        try (RawClient client = connect()) {
            RawResponse response = client.get("/fin-length");
            assertThat(response.drain()).isEqualTo(BodyEnd.TRUNCATED);
            assertThat(response.received()).isEqualTo(3);
        }
        try (RawClient client = connect()) {
            RawResponse response = client.get("/reset");
            assertThat(response.events().take().data()).contains("\"a\"");
            seen.open();
            assertThat(response.drain()).isEqualTo(BodyEnd.RESET);
        }
        try (RawClient client = connect()) {
            client.send(RawRequest.get("/now"));
            assertThat(client.awaitEnd().how()).isEqualTo(ConnectionEnd.How.RESET);
        }
        try (RawClient client = connect()) {
            client.send(RawRequest.get("/close"));
            assertThat(client.awaitEnd().how()).isEqualTo(ConnectionEnd.How.FIN);
        }
        Eventually.within(SOON, () -> upstream.openConnections() == 0);
    }

    @Test
    void afterItsFinItWatchesWhetherThePeerCloses() {
        upstream.on(PATH, Script.stream().send(CHAT.text("a")).close());
        try (RawClient client = connect()) {
            assertThat(client.post(PATH, "{}").drain()).isEqualTo(BodyEnd.TRUNCATED);
            UpstreamRequest request = upstream.request();
            assertThat(request.whenClosed()).isNotDone();
            assertThat(upstream.openConnections()).isEqualTo(1);
        }
        assertThat(upstream.request().awaitPeerClose(SOON).how()).isEqualTo(ConnectionEnd.How.FIN);
    }

    @Test
    void resetsAConnectionThatIsUsedAfterItsEnd() {
        upstream.on(PATH, Script.json(200, "{}").endAndClose());
        try (RawClient client = connect()) {
            client.post(PATH, "{}").body();
            assertThat(client.awaitEnd().how()).isEqualTo(ConnectionEnd.How.FIN);
            client.send(RawRequest.post(PATH, "{}"));
            Eventually.within(SOON, () -> upstream.openConnections() == 0);
        }
        assertThat(upstream.requests(PATH)).hasSize(1);
    }

    @Test
    void aRequestThatCrossesTheEndOfItsConnectionIsReset() {
        upstream.on(PATH, Script.json(200, "{}").pause(Duration.ofMillis(20)).endAndClose());
        try (RawClient client = connect()) {
            client.send(RawRequest.post(PATH, "{}"));
            client.send(RawRequest.post(PATH, "{}"));
            upstream.request(2);
            assertThat(upstream.request(1).whenAnswered()).succeedsWithin(SOON);
            Eventually.within(SOON, () -> upstream.openConnections() == 0);
        }
    }

    @Test
    void answersWithHalfAndHugeHeads() {
        upstream.on("/half", Script.halfHead());
        upstream.on("/huge", Script.hugeHead(100_000));
        try (RawClient client = connect()) {
            assertThat(client.get("/huge").header("x-huge").orElseThrow()).hasSize(100_000);
            client.deadline(Duration.ofMillis(50));
            assertThatThrownBy(() -> client.get("/half"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("nothing came in time");
        }
    }

    @Test
    void makesHugeBodiesAsTheyAreSent() {
        long size = 300L << 20;
        upstream.on(PATH, Script.hugeBody(500, "text/html", size));
        try (RawClient client = connect()) {
            RawResponse response = client.post(PATH, "{}");
            assertThat(response.drain()).isEqualTo(BodyEnd.COMPLETE);
            assertThat(response.received()).isEqualTo(size);
        }
    }

    @Test
    void compressesAndFlushesWithEverySend() throws IOException {
        Gate gate = Gate.closed();
        upstream.on(
                PATH, Script.stream().gzip().send(CHAT.role()).await(gate).send(CHAT.end("stop")));
        try (RawClient client = connect()) {
            RawResponse response = client.post(PATH, "{}");
            assertThat(response.header("content-encoding")).contains("gzip");
            byte[] first = response.read().orElseThrow().bytes();
            assertThat(
                            new String(
                                    new GZIPInputStream(new ByteArrayInputStream(first))
                                            .readNBytes(20),
                                    UTF_8))
                    .startsWith("data: {");
            gate.open();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(first);
            all.writeBytes(response.body());
            byte[] plain =
                    new GZIPInputStream(new ByteArrayInputStream(all.toByteArray())).readAllBytes();
            assertThat(OpenAiChatStreamValidator.expectingUsage().validate(plain).isComplete())
                    .isTrue();
        }
    }

    @Test
    void pacesItsEvents() {
        upstream.on(
                PATH,
                Script.stream()
                        .events(
                                20,
                                Duration.ofMillis(5),
                                i -> AnthropicEvents.event("ping", "\"n\":" + i)));
        try (RawClient client = connect()) {
            var events = client.post(PATH, "{}").events().rest();
            assertThat(events).hasSize(20);
            assertThat(events.getLast().json().path("n").intValue()).isEqualTo(19);
            long millis = (events.getLast().nanos() - events.getFirst().nanos()) / 1_000_000;
            assertThat(millis).isGreaterThanOrEqualTo(80);
        }
    }

    @Test
    void feelsAPeerThatDoesNotRead() {
        upstream.sendBuffer(16 * 1024)
                .on(PATH, Script.stream().endless(Duration.ZERO, i -> CHAT.text("token " + i)));
        try (RawClient client = RawClient.connect(upstream.port(), 16 * 1024)) {
            client.send(RawRequest.post(PATH, "{}"));
            UpstreamRequest request = upstream.request();
            Eventually.within(SOON, () -> request.sent() > 0);
            long stood = request.awaitStandstill(Duration.ofMillis(100), SOON);
            assertThat(stood).isLessThan(1 << 20);

            assertThat(client.response().events().take(5000)).hasSize(5000);
            assertThat(request.sent()).isGreaterThan(stood);
        }
    }

    @Test
    void sendsExactlyTheRawBytes() {
        upstream.on(
                PATH,
                Script.raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel")
                        .unframed("lo\r\nxyz\r\n")
                        .close());
        try (RawClient client = connect()) {
            RawResponse response = client.post(PATH, "{}");
            assertThatThrownBy(response::body)
                    .hasMessageContaining("chunk size that is not hexadecimal");
        }
    }

    @Test
    void continuesWhenAskedTo() {
        upstream.on(PATH, Script.json(200, "{}"));
        try (RawClient client = connect()) {
            RawRequest request = RawRequest.post(PATH, "{}").header("expect", "100-continue");
            client.send(request.head());
            Eventually.within(SOON, () -> upstream.requests(PATH).isEmpty());
            client.send("{}");
            assertThat(client.response().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\nhost: a\n\n",
                "GET / HTTP/1.0\r\nhost: a\r\n\r\n",
                "GET /a b HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nbad name: a\r\n\r\n",
                "GET / HTTP/1.1\r\n folded: a\r\n\r\n",
                "POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\na",
                "POST / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\na",
                "POST / HTTP/1.1\r\ncontent-length: +1\r\n\r\na",
                "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n",
                "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n",
            })
    void aMalformedRequestIsAFailure(String bytes) {
        try (RawClient client = connect()) {
            client.send(bytes);
            client.awaitEnd();
        }
        assertThat(upstream.failures()).hasSize(1);
        assertThat(upstream.failures().getFirst()).hasMessageContaining("the peer sent");
        assertThatThrownBy(upstream::close).isSameAs(upstream.failures().getFirst());
        upstream.forgiveFailures();
    }

    @Test
    void aScriptThatBreaksIsAFailure() {
        upstream.deadline(Duration.ofMillis(50));
        upstream.on(
                "/throws", request -> Script.json(200, request.json().path("model").toString()));
        upstream.on("/gate", Script.stream().sendHead().await(Gate.closed()));
        try (RawClient client = connect()) {
            client.send(RawRequest.post("/throws", "no json"));
            client.awaitEnd();
        }
        try (RawClient client = connect()) {
            assertThat(client.post("/gate", "{}").drain()).isNotEqualTo(BodyEnd.COMPLETE);
        }
        assertThat(upstream.failures()).hasSize(2);
        assertThat(upstream.failures().getFirst()).hasMessageContaining("not JSON");
        assertThat(upstream.failures().getLast()).hasMessageContaining("nobody opened the gate");
        upstream.forgiveFailures();
    }

    @Test
    void aScriptRefusesWhatMakesNoSense() {
        assertThatThrownBy(() -> Script.stream().send("a").header("a", "b"))
                .hasMessageContaining("after the head");
        assertThatThrownBy(() -> Script.stream().reset().send("a"))
                .hasMessageContaining("after the end");
    }

    @Test
    void dropsEveryConnectionAtOnce() {
        upstream.on(PATH, Script.silent());
        try (RawClient one = connect();
                RawClient two = connect()) {
            one.send(RawRequest.post(PATH, "{}"));
            two.send(RawRequest.post(PATH, "{}"));
            upstream.request(2);
            upstream.resetAll();
            assertThat(one.awaitEnd().how()).isEqualTo(ConnectionEnd.How.RESET);
            assertThat(two.awaitEnd().how()).isEqualTo(ConnectionEnd.How.RESET);
        }
    }

    @Test
    void closingEndsWhateverStillRuns() {
        upstream.on(PATH, Script.stream().endless(Duration.ofMillis(1), i -> CHAT.text("t")));
        try (RawClient client = connect()) {
            RawResponse response = client.post(PATH, "{}");
            upstream.close();
            assertThat(response.drain()).isNotEqualTo(BodyEnd.COMPLETE);
        }
        Eventually.within(SOON, () -> upstream.openConnections() == 0);
    }

    @Test
    void speaksTlsToThoseWhoTrustIt() throws IOException {
        TlsIdentity identity = TlsIdentity.selfSigned();
        SSLContext trusting = identity.trustingContext();
        assertThat(identity.certificatePem()).startsWith("-----BEGIN CERTIFICATE-----\n");
        assertThat(identity.keyPem()).startsWith("-----BEGIN PRIVATE KEY-----\n");
        try (FakeUpstream secure = FakeUpstream.start(identity.serverContext())) {
            assertThat(secure.uri()).hasScheme("https");
            Gate seen = Gate.closed();
            secure.on(
                    PATH,
                    Script.stream(Goldens.one("openai-chat", "01").bytes()),
                    Script.stream().sendHead().await(seen).reset());
            try (RawClient client =
                    RawClient.over(
                            trusting.getSocketFactory().createSocket("127.0.0.1", secure.port()))) {
                assertThat(
                                OpenAiChatStreamValidator.expectingUsage()
                                        .validate(client.post(PATH, "{}").body())
                                        .isComplete())
                        .isTrue();
                RawResponse broken = client.post(PATH, "{}");
                seen.open();
                assertThat(broken.drain()).isNotEqualTo(BodyEnd.COMPLETE);
            }
            try (Socket distrusting =
                    SSLContext.getDefault()
                            .getSocketFactory()
                            .createSocket("127.0.0.1", secure.port())) {
                assertThatThrownBy(() -> distrusting.getOutputStream().write('G'))
                        .isInstanceOf(IOException.class);
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }
    }
}

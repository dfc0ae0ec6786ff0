package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.Limits;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.stream.FoldedAnswer;

import io.airlift.compress.v3.zstd.ZstdOutputStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Bodies that are huge, compressed, or both: what passes, what is refused, and how it is framed.
 */
class BodiesIT {
    /** Generous: the machine may be busy with other things. */
    private static final Duration SOON = Duration.ofSeconds(60);

    /** What the buffers of the kernel and ours may take beyond a limit. */
    private static final long IN_FLIGHT = 24L << 20;

    private static final Pair CHAT = new Pair(Tongue.CHAT, Tongue.CHAT);

    static Stream<Pair> all() {
        return Pair.all();
    }

    static Stream<Pair> some() {
        return Pair.some();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("some")
    @Tag("R5")
    void anEventOfEightMebibytesPasses(Pair pair) {
        String huge = "h".repeat(8 << 20);
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(stream(pair.upstream(), huge));
                TestGateway gateway = gateway(pair, upstream, UnaryOperator.identity());
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            byte[] body = client.exchange(pair.client().request()).body();
            // The one dialect that has a limit of its own for what it writes.
            boolean asItCame = pair.isRelay() && pair.client() == Tongue.OLLAMA;
            FoldedAnswer answer = asItCame ? pair.client().fold(body) : pair.client().judge(body);
            assertThat(answer.isComplete()).isTrue();
            assertThat(answer.text().length()).isEqualTo(huge.length());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("some")
    @Tag("R5")
    void anEventAboveTheLimitIsAnErrorOfTheClientsDialect(Pair pair) {
        String huge = "h".repeat(300_000);
        try (FakeUpstream upstream =
                        FakeUpstream.start().otherwise(stream(pair.upstream(), "one", huge));
                TestGateway gateway = gateway(pair, upstream, l -> l.withEvent(100_000));
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            RawResponse response = client.exchange(pair.client().request());
            if (response.status() == 200) {
                FoldedAnswer answer = pair.client().judge(response.body());
                assertThat(answer.isComplete()).isFalse();
                assertThat(answer.error()).isPresent();
            } else {
                assertThat(response.status()).isGreaterThanOrEqualTo(500);
                pair.client().fault(response);
            }
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.FAILED);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("some")
    @Tag("R6")
    void aLineWithoutEndIsCut(Pair pair) {
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(Script.neverNewline());
                TestGateway gateway = gateway(pair, upstream, l -> l.withEvent(1 << 20));
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            RawResponse response = client.exchange(pair.client().request());
            assertThat(response.status()).isGreaterThanOrEqualTo(500);
            pair.client().fault(response);
            UpstreamRequest request = upstream.request();
            request.awaitPeerClose(SOON);
            assertThat(request.sent()).isLessThan((1 << 20) + IN_FLIGHT);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("some")
    @Tag("R11")
    @Tag("R12")
    void aCompressedStreamIsDecodedAlthoughNobodyAsked(Pair pair) {
        Script script = pair.upstream().head().gzip().send(pair.upstream().stream("one"));
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = gateway(pair, upstream, UnaryOperator.identity());
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            RawResponse response = client.exchange(pair.client().request());
            assertThat(response.header("content-encoding")).isEmpty();
            assertThat(pair.client().judge(response.body()).text()).isEqualTo("one");
            assertThat(upstream.request().header("accept-encoding")).hasValue("identity");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "zstd", "br"})
    @Tag("R11")
    void aCompressedRequestIsUnderstood(String coding) throws Exception {
        try (FakeUpstream upstream =
                        FakeUpstream.start().otherwise(stream(Tongue.CHAT, "one", "two"));
                TestGateway gateway = gateway(CHAT, upstream, UnaryOperator.identity());
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            byte[] coded = coded(coding, Tongue.CHAT.ask(true).getBytes(StandardCharsets.UTF_8));
            RawResponse response = client.exchange(compressed(coding, coded));
            assertThat(Tongue.CHAT.judge(response.body()).text()).isEqualTo("onetwo");
            UpstreamRequest request = upstream.request();
            assertThat(request.header("content-encoding")).isEmpty();
            assertThat(request.json().path("model").stringValue()).isEqualTo("gpt-5-mini");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "zstd"})
    @Tag("R11")
    @Tag("R12")
    void aBombIsRefused(String coding) throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = gateway(CHAT, upstream, l -> l.withBody(1 << 20));
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            byte[] bomb = coded(coding, " ".repeat(16 << 20).getBytes(StandardCharsets.UTF_8));
            assertThat(bomb.length).isLessThan(1 << 20);
            RawResponse response = client.exchange(compressed(coding, bomb));
            assertThat(response.status()).isEqualTo(413);
            assertFramed(response);
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    @Tag("R11")
    void aRequestThatIsNotWhatItSaysIsRefused() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = gateway(CHAT, upstream, UnaryOperator.identity());
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            byte[] plain = Tongue.CHAT.ask(true).getBytes(StandardCharsets.UTF_8);
            assertThat(client.exchange(compressed("gzip", plain)).status()).isEqualTo(400);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R12")
    void anUnstreamedAnswerHasItsOwnLength(Pair pair) {
        Tongue up = pair.upstream();
        for (boolean gzip : new boolean[] {false, true}) {
            Script plain = Script.status(200).header("content-type", "application/json");
            try (FakeUpstream upstream = FakeUpstream.start();
                    TestGateway gateway = gateway(pair, upstream, UnaryOperator.identity());
                    RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
                upstream.otherwise(
                        request -> {
                            boolean streamed = up.isAskedToStream(request);
                            Script head = streamed ? up.head() : plain;
                            return (gzip ? head.gzip() : head)
                                    .send(
                                            streamed
                                                    ? up.stream("hellö")
                                                    : Speech.utf8(up.whole("hellö")));
                        });
                // Twice on one connection: a length that is wrong would spoil the second.
                for (int i = 0; i < 2; i++) {
                    RawResponse response = client.exchange(pair.client().request(false));
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(Json.utf8(assertFramed(response))).contains("hellö");
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    @Tag("R12")
    void anErrorHasItsOwnLength(Pair pair) {
        String json = pair.upstream().error("invalid_request_error", "no such thing");
        Script script =
                Script.status(400).header("content-type", "application/json").gzip().send(json);
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = gateway(pair, upstream, UnaryOperator.identity());
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            for (int i = 0; i < 2; i++) {
                RawResponse response = client.exchange(pair.client().request());
                assertThat(response.status()).isEqualTo(400);
                assertThat(Json.utf8(assertFramed(response))).contains("no such thing");
            }
            RawResponse broken = client.post(pair.client().path(true), "{\"model\":");
            assertThat(broken.status()).isEqualTo(400);
            assertFramed(broken);
        }
    }

    private static TestGateway gateway(
            Pair pair, FakeUpstream upstream, UnaryOperator<Limits> limits) {
        return pair.setup(upstream.uri())
                .config(c -> c.toBuilder().limits(limits.apply(c.limits())).build())
                .start();
    }

    /** Each text in a write of its own. */
    private static Script stream(Tongue upstream, String... texts) {
        Speech speech = upstream.speech();
        Script script = upstream.head().send(speech.preamble());
        for (String text : texts) {
            script = script.send(speech.text(text));
        }
        return script.send(speech.end());
    }

    private static byte[] assertFramed(RawResponse response) {
        byte[] body = response.body();
        assertThat(response.header("content-length")).hasValue(Integer.toString(body.length));
        assertThat(response.header("content-encoding")).isEmpty();
        assertThat(response.header("transfer-encoding")).isEmpty();
        return body;
    }

    private static RawRequest compressed(String coding, byte[] coded) {
        return RawRequest.of("POST", Tongue.CHAT.path(true))
                .header("content-type", "application/json")
                .header("content-encoding", coding)
                .body(coded);
    }

    private static byte[] coded(String coding, byte[] plain) throws IOException {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        switch (coding) {
            case "gzip" -> writeAndClose(new GZIPOutputStream(coded), plain);
            case "deflate" -> writeAndClose(new DeflaterOutputStream(coded), plain);
            case "zstd" -> writeAndClose(new ZstdOutputStream(coded), plain);
            case "br" -> storeAsBrotli(plain, coded);
            default -> throw new IllegalArgumentException(coding);
        }
        return coded.toByteArray();
    }

    private static void writeAndClose(OutputStream coding, byte[] plain) throws IOException {
        try (coding) {
            coding.write(plain);
        }
    }

    /** One uncompressed block and an empty last one (RFC 7932, 9.2); up to 64 KiB. */
    private static void storeAsBrotli(byte[] plain, ByteArrayOutputStream coded) {
        int head = ((plain.length - 1) << 4) | (1 << 20);
        coded.write(head);
        coded.write(head >> 8);
        coded.write(head >> 16);
        coded.writeBytes(plain);
        coded.write(3);
    }
}

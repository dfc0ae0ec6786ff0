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
import dev.sluice.testkit.stream.AnthropicEvents;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.ChatEvents;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import io.airlift.compress.v3.zstd.ZstdOutputStream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;
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

    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-1", "gpt-5-mini");
    private static final AnthropicEvents MESSAGES = AnthropicEvents.of("msg_1", "claude-sonnet");
    private static final String CHAT_ANSWER =
            """
            {"id":"chatcmpl-1","object":"chat.completion","created":1760000000,"model":"gpt-5-mini","choices":[{"index":0,"message":{"role":"assistant","content":"hellö","refusal":null},"finish_reason":"stop","logprobs":null}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}\
            """;
    private static final String MESSAGES_ANSWER =
            """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet","content":[{"type":"text","text":"hellö"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":5}}\
            """;
    private static final String CHAT_ERROR =
            """
            {"error":{"message":"no such thing","type":"invalid_request_error","param":null,"code":null}}\
            """;
    private static final String MESSAGES_ERROR =
            """
            {"type":"error","error":{"type":"invalid_request_error","message":"no such thing"}}\
            """;

    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource({"chat,chat", "chat,anthropic", "anthropic,chat", "anthropic,anthropic"})
    @Tag("R5")
    void anEventOfEightMebibytesPasses(String to, String from) throws Exception {
        String huge = "h".repeat(8 << 20);
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(stream(from, "", huge));
                TestGateway gateway = gateway(from, upstream, UnaryOperator.identity());
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            FoldedAnswer answer = judge(to, ask(client, to).body());
            assertThat(answer.isComplete()).isTrue();
            assertThat(answer.text().length()).isEqualTo(huge.length());
        }
    }

    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource({"chat,chat", "chat,anthropic", "anthropic,chat", "anthropic,anthropic"})
    @Tag("R5")
    void anEventAboveTheLimitIsAnErrorOfTheClientsDialect(String to, String from) throws Exception {
        String huge = "h".repeat(300_000);
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(stream(from, "one", huge));
                TestGateway gateway = gateway(from, upstream, l -> l.withEvent(100_000));
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            RawResponse response = ask(client, to);
            byte[] body = response.body();
            if (response.status() == 200) {
                FoldedAnswer answer = judge(to, body);
                assertThat(answer.isComplete()).isFalse();
                assertThat(answer.error()).isPresent();
            } else {
                assertThat(response.status()).isGreaterThanOrEqualTo(500);
                assertErrorOf(to, Json.parse(body));
            }
            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.FAILED);
        }
    }

    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource({"chat,chat", "chat,anthropic", "anthropic,chat", "anthropic,anthropic"})
    @Tag("R6")
    void aLineWithoutEndIsCut(String to, String from) throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(Script.neverNewline());
                TestGateway gateway = gateway(from, upstream, l -> l.withEvent(1 << 20));
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            RawResponse response = ask(client, to);
            assertThat(response.status()).isGreaterThanOrEqualTo(500);
            assertErrorOf(to, response.json());
            UpstreamRequest request = upstream.request();
            request.awaitPeerClose(SOON);
            assertThat(request.sent()).isLessThan((1 << 20) + IN_FLIGHT);
        }
    }

    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource({"chat,chat", "chat,anthropic", "anthropic,chat", "anthropic,anthropic"})
    @Tag("R11")
    @Tag("R12")
    void aCompressedStreamIsDecodedAlthoughNobodyAsked(String to, String from) throws Exception {
        Script script = Script.stream().gzip().send(begin(from) + text(from, "one") + end(from));
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = gateway(from, upstream, UnaryOperator.identity());
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            RawResponse response = ask(client, to);
            assertThat(response.header("content-encoding")).isEmpty();
            assertThat(judge(to, response.body()).text()).isEqualTo("one");
            assertThat(upstream.request().header("accept-encoding")).hasValue("identity");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "zstd", "br"})
    @Tag("R11")
    void aCompressedRequestIsUnderstood(String coding) throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(stream("chat", "one", "two"));
                TestGateway gateway = gateway("chat", upstream, UnaryOperator.identity());
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            byte[] coded = coded(coding, GoldenPairsIT.CHAT.getBytes(StandardCharsets.UTF_8));
            RawResponse response = client.exchange(compressed(coding, coded));
            assertThat(judge("chat", response.body()).text()).isEqualTo("onetwo");
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
                TestGateway gateway = gateway("chat", upstream, l -> l.withBody(1 << 20));
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
                TestGateway gateway = gateway("chat", upstream, UnaryOperator.identity());
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            byte[] plain = GoldenPairsIT.CHAT.getBytes(StandardCharsets.UTF_8);
            assertThat(client.exchange(compressed("gzip", plain)).status()).isEqualTo(400);
        }
    }

    @ParameterizedTest(name = "{0} from {1}, compressed {2}")
    @CsvSource({
        "chat,chat,false",
        "chat,anthropic,false",
        "anthropic,chat,false",
        "anthropic,anthropic,false",
        "chat,chat,true",
        "chat,anthropic,true",
        "anthropic,chat,true",
        "anthropic,anthropic,true"
    })
    @Tag("R12")
    void anUnstreamedAnswerHasItsOwnLength(String to, String from, boolean gzip) throws Exception {
        String json = from.equals("chat") ? CHAT_ANSWER : MESSAGES_ANSWER;
        Script script =
                gzip
                        ? Script.status(200)
                                .header("content-type", "application/json")
                                .gzip()
                                .send(json)
                        : Script.json(200, json);
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = gateway(from, upstream, UnaryOperator.identity());
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            // Twice on one connection: a length that is wrong would spoil the second.
            for (int i = 0; i < 2; i++) {
                RawResponse response = client.post(path(to), unstreamed(to));
                assertThat(response.status()).isEqualTo(200);
                assertThat(Json.utf8(assertFramed(response))).contains("hellö");
            }
        }
    }

    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource({"chat,chat", "chat,anthropic", "anthropic,chat", "anthropic,anthropic"})
    @Tag("R12")
    void anErrorHasItsOwnLength(String to, String from) throws Exception {
        String json = from.equals("chat") ? CHAT_ERROR : MESSAGES_ERROR;
        Script script =
                Script.status(400).header("content-type", "application/json").gzip().send(json);
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(script);
                TestGateway gateway = gateway(from, upstream, UnaryOperator.identity());
                RawClient client = RawClient.connect(gateway.port()).deadline(SOON)) {
            for (int i = 0; i < 2; i++) {
                RawResponse response = ask(client, to);
                assertThat(response.status()).isEqualTo(400);
                assertErrorOf(to, Json.parse(assertFramed(response)));
            }
            RawResponse broken = client.post(path(to), "{\"model\":");
            assertThat(broken.status()).isEqualTo(400);
            assertErrorOf(to, Json.parse(assertFramed(broken)));
        }
    }

    private static TestGateway gateway(
            String from, FakeUpstream upstream, UnaryOperator<Limits> limits) {
        TestGateway.Setup setup =
                TestGateway.setup()
                        .config(c -> c.toBuilder().limits(limits.apply(c.limits())).build());
        return (from.equals("chat")
                        ? setup.openai(upstream.uri())
                        : setup.anthropic(upstream.uri()))
                .start();
    }

    private static Script stream(String from, String first, String second) {
        Script script = Script.stream().send(begin(from));
        if (!first.isEmpty()) {
            script = script.send(text(from, first));
        }
        return script.send(text(from, second)).send(end(from));
    }

    private static String begin(String from) {
        return from.equals("chat") ? CHAT.role() : MESSAGES.start(10) + MESSAGES.textStart(0);
    }

    private static String text(String from, String text) {
        return from.equals("chat") ? CHAT.text(text) : MESSAGES.text(0, text);
    }

    private static String end(String from) {
        return from.equals("chat")
                ? CHAT.end("stop")
                : MESSAGES.blockStop(0) + MESSAGES.end("end_turn", 5);
    }

    private static String path(String to) {
        return to.equals("chat") ? "/v1/chat/completions" : "/v1/messages";
    }

    private static RawResponse ask(RawClient client, String to) {
        return client.post(
                path(to), to.equals("chat") ? GoldenPairsIT.CHAT : GoldenPairsIT.MESSAGES);
    }

    private static String unstreamed(String to) {
        return to.equals("chat")
                ? "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                : "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    private static FoldedAnswer judge(String to, byte[] body) {
        return to.equals("chat")
                ? OpenAiChatStreamValidator.expectingUsage().validate(body)
                : AnthropicStreamValidator.strict().validate(body);
    }

    private static byte[] assertFramed(RawResponse response) {
        byte[] body = response.body();
        assertThat(response.header("content-length")).hasValue(Integer.toString(body.length));
        assertThat(response.header("content-encoding")).isEmpty();
        assertThat(response.header("transfer-encoding")).isEmpty();
        return body;
    }

    private static void assertErrorOf(String to, JsonNode answer) {
        assertThat(answer.path("error").path("message").isString()).isTrue();
        assertThat(answer.path("error").path("type").isString()).isTrue();
        assertThat(answer.path("type").isString()).isEqualTo(to.equals("anthropic"));
    }

    private static RawRequest compressed(String coding, byte[] coded) {
        return RawRequest.of("POST", path("chat"))
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

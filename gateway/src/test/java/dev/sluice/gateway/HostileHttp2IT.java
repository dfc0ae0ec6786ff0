package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What HTTP/2 forbids, so that no request means something else further on. */
@Tag("S7")
class HostileHttp2IT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-h2", "gpt-5-mini");
    private static final byte[] BODY = Tongue.CHAT.ask(true).getBytes(StandardCharsets.UTF_8);

    private final FakeUpstream upstream =
            FakeUpstream.start().otherwise(Script.stream().send(CHAT.answer("one")));
    private TestGateway gateway;

    @BeforeEach
    void start() {
        gateway = TestGateway.setup().openai(upstream.uri()).start();
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    private static List<Map.Entry<String, String>> post(String... more) {
        List<Map.Entry<String, String>> fields =
                new ArrayList<>(
                        List.of(
                                Map.entry(":method", "POST"),
                                Map.entry(":scheme", "http"),
                                Map.entry(":path", "/v1/chat/completions"),
                                Map.entry(":authority", "x"),
                                Map.entry("content-type", "application/json")));
        for (int i = 0; i < more.length; i += 2) {
            fields.add(Map.entry(more[i], more[i + 1]));
        }
        return fields;
    }

    private RawHttp2.Frame ask(List<Map.Entry<String, String>> fields, byte[] body) {
        try (RawHttp2 client = RawHttp2.connect(gateway.port(), LIMIT)) {
            client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, RawHttp2.block(fields));
            client.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, body);
            return client.next();
        }
    }

    @Test
    void aRequestThatIsAsItShouldBeIsAnswered() {
        RawHttp2.Frame answer = ask(post("content-length", Integer.toString(BODY.length)), BODY);
        assertThat(answer.type()).isEqualTo(RawHttp2.HEADERS);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(upstream.requests()).hasSize(1);
    }

    private static Stream<Arguments> forbidden() {
        return Stream.of(
                Arguments.of("connection", post("connection", "close")),
                Arguments.of("keep-alive", post("keep-alive", "timeout=5")),
                Arguments.of("proxy-connection", post("proxy-connection", "close")),
                Arguments.of("transfer-encoding", post("transfer-encoding", "chunked")),
                Arguments.of("upgrade", post("upgrade", "h2c")),
                Arguments.of("te", post("te", "gzip")),
                Arguments.of("upper case", post("X-Upper", "a")),
                Arguments.of("line feed in a value", post("x", "a\nb: c")),
                Arguments.of("carriage return in a value", post("x", "a\r\nb: c")),
                Arguments.of("NUL in a value", post("x", "a\u0000b")),
                Arguments.of("line feed in a name", post("x\ny", "a")),
                Arguments.of("blank in a name", post("x y", "a")),
                Arguments.of("colon in a name", post("x:y", "a")),
                Arguments.of("empty name", post("", "a")),
                Arguments.of("late pseudo field", post(":path", "/v1/messages")),
                Arguments.of("unknown pseudo field", post(":evil", "a")),
                Arguments.of("pseudo field of an answer", post(":status", "200")),
                Arguments.of("no method", post().subList(1, 5)),
                Arguments.of("no path", List.of(post().get(0), post().get(1), post().get(3))),
                Arguments.of("two lengths", post("content-length", "2", "content-length", "3")),
                Arguments.of("length too small", post("content-length", "2")),
                Arguments.of("length too large", post("content-length", "100000")),
                Arguments.of("length that is none", post("content-length", "+5")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forbidden")
    void whatHttp2ForbidsReachesNoUpstream(String name, List<Map.Entry<String, String>> fields) {
        RawHttp2.Frame answer = ask(fields, BODY);
        assertThat(answer.status()).as("%s", answer).isNotEqualTo(200);
        assertThat(upstream.requests()).isEmpty();
        assertServes();
    }

    @Test
    void aHeaderThatIsTooLargeIsRefused() {
        RawHttp2.Frame answer = ask(post("x", "y".repeat(15_000), "z", "y".repeat(1_300)), BODY);
        assertThat(answer.status()).isNotEqualTo(200);
        assertThat(upstream.requests()).isEmpty();
        assertServes();
    }

    @Test
    void aBodyThatGrowsTooLargeIsRefusedAndItsRestNotTaken() {
        try (TestGateway small =
                        TestGateway.setup()
                                .config(
                                        c ->
                                                c.toBuilder()
                                                        .limits(c.limits().withBody(16 << 10))
                                                        .build())
                                .openai(upstream.uri())
                                .start();
                RawHttp2 client = RawHttp2.connect(small.port(), LIMIT)) {
            client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, RawHttp2.block(post()));
            for (int i = 0; i < 3; i++) {
                client.send(RawHttp2.DATA, 0, 1, new byte[8 << 10]);
            }
            RawHttp2.Frame head = client.next();
            assertThat(head.type()).isEqualTo(RawHttp2.HEADERS);
            assertThat(head.status()).isNotEqualTo(200);
            RawHttp2.Frame frame = client.next();
            StringBuilder error = new StringBuilder();
            while (frame.type() == RawHttp2.DATA) {
                error.append(new String(frame.payload(), StandardCharsets.UTF_8));
                frame = client.next();
            }
            assertThat(error).contains("limits.body");
            assertThat(frame.type()).isEqualTo(RawHttp2.RST_STREAM);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    /** Streams that are opened and given up at once (CVE-2023-44487) end their connection. */
    @Test
    void whoResetsStreamAfterStreamIsCut() {
        byte[] block = RawHttp2.block(post());
        byte[] cancel = {0, 0, 0, 8};
        try (RawHttp2 client = RawHttp2.connect(gateway.port(), LIMIT)) {
            boolean open = true;
            for (int stream = 1; open && stream < 200_000; stream += 2) {
                open =
                        client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, block)
                                && client.send(RawHttp2.RST_STREAM, 0, stream, cancel);
            }
            RawHttp2.Frame last = client.next();
            while (last.type() != RawHttp2.GOAWAY) {
                last = client.next();
            }
        }
        Eventually.within(LIMIT, "nothing is left", () -> gateway.inFlight() == 0);
        assertThat(upstream.requests()).isEmpty();
        assertServes();
    }

    private void assertServes() {
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.post("/v1/chat/completions", Tongue.CHAT.ask(true)).text())
                    .endsWith("[DONE]\n\n");
        }
    }
}

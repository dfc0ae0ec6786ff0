package dev.sluice.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.testkit.Gate;
import dev.sluice.testkit.Ports;
import dev.sluice.testkit.sse.SseComment;
import dev.sluice.testkit.sse.SseEvent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;

@Timeout(60)
class RawClientTest {
    private final FakeUpstream server = FakeUpstream.start();

    @AfterEach
    void closeServer() {
        server.close();
    }

    private RawClient connect() {
        return RawClient.connect(server.port());
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines);
    }

    private static String text(RawRequest request) {
        return new String(request.bytes(), UTF_8);
    }

    @Test
    void writesRequestsAsTheyWereBuilt() {
        RawRequest post = RawRequest.of("POST", "/a").header("host", "h").body("abc");
        assertThat(text(RawRequest.get("/a").header("Host", "h")))
                .isEqualTo(lines("GET /a HTTP/1.1", "Host: h", "", ""));
        assertThat(text(post))
                .isEqualTo(lines("POST /a HTTP/1.1", "host: h", "content-length: 3", "", "abc"));
        assertThat(text(post.chunked(2)))
                .isEqualTo(
                        lines(
                                "POST /a HTTP/1.1",
                                "host: h",
                                "transfer-encoding: chunked",
                                "",
                                "2",
                                "ab",
                                "1",
                                "c",
                                "0",
                                "",
                                ""));
        assertThat(text(post.header("Content-Length", "7")))
                .contains("Content-Length: 7")
                .doesNotContain("content-length: 3");
        assertThat(text(RawRequest.post("/a", "{}")))
                .contains("\r\nhost: 127.0.0.1\r\n", "content-type: application/json");
    }

    @Test
    void readsHeadersAsTheyCame() {
        server.on(
                "/",
                Script.status(200).header("Set-Cookie", "a").header("set-cookie", "b").length(0));
        try (RawClient client = connect()) {
            RawResponse response = client.get("/");
            assertThat(response.header("SET-COOKIE")).contains("a, b");
            assertThat(response.headers().toString()).startsWith("[Set-Cookie=a, set-cookie=b");
            assertThat(response.isAtEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/2 200\\r\\n\\r\\n | not a status line",
                "HTTP/1.1 200 OK\\n\\n | CR LF",
                "HTTP/1.1 200 OK\\r\\na : b\\r\\n\\r\\n | proper name",
                "HTTP/1.1 200 OK\\r"
                        + "\\n"
                        + "content-length: 1\\r"
                        + "\\n"
                        + "content-length: 2\\r"
                        + "\\n"
                        + "\\r"
                        + "\\n"
                        + "a | content-length [1, 2]",
                "HTTP/1.1 200 OK\\r"
                        + "\\n"
                        + "content-length: 1\\r"
                        + "\\n"
                        + "transfer-encoding: chunked\\r"
                        + "\\n"
                        + "\\r"
                        + "\\n"
                        + "a | and transfer-encoding",
                "HTTP/1.1 200 OK\\r"
                        + "\\n"
                        + "transfer-encoding: gzip\\r"
                        + "\\n"
                        + "\\r"
                        + "\\n"
                        + "a | transfer-encoding: gzip",
                "HTTP/1.1 200 OK\\r\\nx: a\\0b\\r\\n\\r\\n | control character",
                "HTTP/1.1 200 OK\\r\\ncontent- | ended the connection",
                "HTTP/1.1 200 OK\\r\\ntransfer-encoding: chunked\\r\\n\\r\\n1\\r\\nab\\r\\n | ",
            })
    void refusesMalformedResponses(String bytes, String fault) {
        String raw = bytes.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
        server.on("/", Script.raw(raw).close());
        try (RawClient client = connect()) {
            assertThatThrownBy(() -> client.get("/").body())
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(fault == null ? "malformed" : fault);
        }
    }

    @Test
    void passesOverInterimAnswersAndKnowsBodilessOnes() {
        server.on(
                "/",
                Script.raw(
                        lines(
                                "HTTP/1.1 103 Early Hints",
                                "link: x",
                                "",
                                "HTTP/1.1 204 No Content",
                                "",
                                "")));
        server.on("HEAD /", Script.raw("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n"));
        try (RawClient client = connect()) {
            assertThat(client.get("/").status()).isEqualTo(204);
            client.send(RawRequest.of("HEAD", "/"));
            assertThat(client.responseToHead().body()).isEmpty();
            assertThat(client.get("/").status()).isEqualTo(204);
        }
    }

    @Test
    void bodiesThatBreakOffAreFailuresThatSayWhere() {
        server.on("/", Script.status(200).send("abc").close());
        try (RawClient client = connect()) {
            RawResponse response = client.get("/");
            assertThatThrownBy(response::body)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("the server ended the connection")
                    .hasMessageContaining("status 200, after 3 bytes");
        }
    }

    @Test
    void everyCallEndsAtTheDeadline() {
        server.on("/", Script.stream().endless(Duration.ofMillis(1), i -> "data: {}\n\n"));
        server.on("/silent", Script.silent());
        try (RawClient client = connect().deadline(Duration.ofMillis(100))) {
            RawResponse response = client.get("/");
            assertThatThrownBy(response::body).hasMessageContaining("in time");
        }
        try (RawClient client = connect().deadline(Duration.ofMillis(100))) {
            SseReader events = client.get("/").events();
            assertThatThrownBy(events::rest).hasMessageContaining("in time");
        }
        try (RawClient client = connect().deadline(Duration.ofMillis(100))) {
            client.send(RawRequest.get("/silent"));
            assertThatThrownBy(client::awaitEnd).hasMessageContaining("in time");
        }
    }

    @Test
    void sendingEndsAtTheDeadlineWhenNobodyReads() throws IOException {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RawClient client =
                        RawClient.connect(deaf.getLocalPort()).deadline(Duration.ofMillis(100))) {
            byte[] much = new byte[32 << 20];
            assertThatThrownBy(() -> client.send(much))
                    .hasMessageContaining("the server takes " + much.length + " bytes");
        }
    }

    @Test
    void readsSlowly() {
        server.on("/", Script.hugeBody(200, "text/plain", 1 << 20));
        try (RawClient client = connect()) {
            RawResponse response = client.get("/");
            long start = System.nanoTime();
            long read = response.readSlowly(20_000, Duration.ofMillis(500));
            assertThat(read).isBetween(2_000L, 12_000L);
            assertThat(System.nanoTime() - start).isBetween(400_000_000L, 2_000_000_000L);
            assertThat(response.drain()).isEqualTo(RawResponse.BodyEnd.COMPLETE);
            assertThat(response.received()).isEqualTo(1 << 20);
        }
    }

    @Test
    void sendsSlowly() {
        server.on("/", Script.json(200, "{}"));
        try (RawClient client = connect()) {
            client.sendSlowly(RawRequest.get("/").bytes(), Duration.ofMillis(1));
            assertThat(client.response().text()).isEqualTo("{}");
        }
    }

    @Test
    void eventsComeAsTheyArriveEvenWhenCutInsideAChunkSize() {
        Gate inSize = Gate.closed();
        Gate inEvent = Gate.closed();
        server.on(
                "/",
                Script.raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
                        .unframed(": ping\n\n".length() + "\r\n: ping\n\n\r\n1")
                        .await(inSize)
                        .unframed("0\r\ndata: {\"abc\":")
                        .await(inEvent)
                        .unframed("1}\n\r\n1\r\n\n\r\n0\r\n\r\n"));
        try (RawClient client = connect()) {
            SseReader events = client.get("/").events();
            assertThat(events.awaitComments(1))
                    .extracting(SseComment::text)
                    .containsExactly("ping");
            events.assertNoEventFor(Duration.ofMillis(30));
            inSize.open();
            events.assertNoEventFor(Duration.ofMillis(30));
            long opened = System.nanoTime();
            inEvent.open();
            SseEvent event = events.take();
            assertThat(event.json().path("abc").intValue()).isEqualTo(1);
            assertThat(event.nanos()).isGreaterThan(opened);
            assertThat(events.next()).isEmpty();
            assertThat(events.comments()).hasSize(1);
        }
    }

    @Test
    void silenceIsAskedForInVainWhenSomethingComes() {
        server.on("/", Script.stream().send("data: {}\n\n").send("data: {}\n\n"));
        try (RawClient client = connect()) {
            SseReader events = client.get("/").events();
            events.take();
            assertThatThrownBy(() -> events.assertNoEventFor(Duration.ofSeconds(1)))
                    .hasMessageContaining("expected no event");
        }
        try (RawClient client = connect()) {
            client.send(RawRequest.get("/"));
            assertThatThrownBy(() -> client.assertSilentFor(Duration.ofSeconds(1)))
                    .hasMessageContaining("HTTP/1.1 200");
        }
    }

    @Test
    void aStrictReaderRefusesWhatALenientOneTakes() {
        server.on("/", Script.stream("data: {}\r\n\r\n".getBytes(UTF_8)));
        try (RawClient client = connect()) {
            assertThat(client.get("/").lenientEvents().rest()).hasSize(1);
            SseReader strict = client.get("/").events();
            assertThatThrownBy(strict::rest).hasMessageContaining("carriage return");
        }
    }

    @Test
    void anUnterminatedEventFailsAtTheEnd() {
        server.on("/", Script.stream("data: {}\n".getBytes(UTF_8)));
        try (RawClient client = connect()) {
            SseReader strict = client.get("/").events();
            assertThatThrownBy(strict::rest).hasMessageContaining("without a closing blank line");
        }
    }

    @Test
    void theNextResponseWaitsForTheEndOfTheLast() {
        server.on("/", Script.json(200, "{}"));
        try (RawClient client = connect()) {
            client.send(RawRequest.get("/"));
            client.send(RawRequest.get("/"));
            RawResponse first = client.response();
            assertThatThrownBy(client::response).isInstanceOf(IllegalStateException.class);
            assertThat(first.text()).isEqualTo("{}");
            assertThat(client.response().text()).isEqualTo("{}");
        }
    }

    @Test
    void refusedConnectionsSaySo() {
        assertThatThrownBy(() -> RawClient.connect(Ports.refusing()))
                .hasMessageContaining("cannot connect");
    }
}

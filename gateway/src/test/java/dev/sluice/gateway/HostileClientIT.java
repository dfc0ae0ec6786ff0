package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.stream.Stream;

/** Requests that are too large, or that two servers would read in two ways, over HTTP/1.1. */
@Tag("S7")
class HostileClientIT {
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-h", "gpt-5-mini");
    private static final String CHAT_PATH = "/v1/chat/completions";
    private static final String MESSAGES_PATH = "/v1/messages";
    private static final String CHUNKED = "transfer-encoding: chunked\r\n";
    private static final int BODY = Tongue.CHAT.ask(true).length();

    private final FakeUpstream upstream =
            FakeUpstream.start().otherwise(Script.stream().send(CHAT.answer("one")));
    private TestGateway gateway;

    @BeforeEach
    void start() {
        gateway =
                TestGateway.setup()
                        .config(c -> c.toBuilder().limits(c.limits().withBody(64 << 10)).build())
                        .openai(upstream.uri())
                        .start();
    }

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    private RawClient connect() {
        return RawClient.connect(gateway.port()).deadline(Duration.ofSeconds(30));
    }

    private static void assertError(RawResponse response, String path, int status) {
        assertThat(response.status()).isEqualTo(status);
        JsonNode json = response.json();
        assertThat(json.path("error").path("message").asString()).isNotEmpty();
        assertThat(json.path("type").asString(""))
                .isEqualTo(path.equals(MESSAGES_PATH) ? "error" : "");
    }

    // ---- sizes ----

    @Test
    void aRequestLineThatIsTooLongIsRefused() {
        try (RawClient client = connect()) {
            assertError(client.get("/" + "a".repeat(9000)), CHAT_PATH, 414);
            client.awaitEnd();
        }
    }

    @Test
    void aHeaderThatIsTooLargeIsRefused() {
        try (RawClient client = connect()) {
            assertError(
                    client.exchange(RawRequest.get("/v1/models").header("x", "y".repeat(20_000))),
                    CHAT_PATH,
                    431);
            client.awaitEnd();
        }
    }

    @Test
    void tooManyHeaderFieldsAreRefused() {
        RawRequest many = RawRequest.get("/v1/models");
        for (int i = 0; i < 3000; i++) {
            many = many.header("x" + i, "");
        }
        try (RawClient client = connect()) {
            assertError(client.exchange(many), CHAT_PATH, 431);
            client.awaitEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT_PATH, MESSAGES_PATH})
    void aBodyThatSaysItIsTooLargeIsRefusedBeforeItComes(String path) {
        try (RawClient client = connect()) {
            client.send(RawRequest.post(path, "").header("content-length", "65537").head());
            assertError(client.response(), path, 413);
            client.awaitEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT_PATH, MESSAGES_PATH})
    void aBodyThatGrowsTooLargeIsRefusedWhileItComes(String path) {
        try (RawClient client = connect()) {
            client.send(RawRequest.post(path, "").header("transfer-encoding", "chunked").head());
            for (int i = 0; i < 9; i++) {
                client.send("2000\r\n" + " ".repeat(0x2000) + "\r\n");
            }
            assertError(client.response(), path, 413);
            client.awaitEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "18446744073709551616",
                "9223372036854775808",
                "0x10",
                "1e3",
                "",
                "+5",
                "5 5"
            })
    void aLengthThatIsNoneIsRefused(String length) {
        try (RawClient client = connect()) {
            client.send(
                    "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: "
                            + length
                            + "\r\n\r\n"
                            + Tongue.CHAT.ask(true));
            assertRefusedAndClosed(client);
        }
    }

    // ---- one request or two ----

    private static Stream<Arguments> framings() {
        return Stream.of(
                arguments(
                        "length and chunked",
                        "content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
                arguments(
                        "chunked and length",
                        "transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n"),
                arguments("two lengths", "content-length: 4\r\ncontent-length: 5\r\n\r\n"),
                arguments("two lengths in a list", "content-length: 4, 5\r\n\r\n"),
                arguments("space before the colon", "content-length : 4\r\n\r\n"),
                arguments("tab before the colon", "transfer-encoding\t: chunked\r\n\r\n0\r\n\r\n"),
                arguments(
                        "folded",
                        "transfer-encoding:\r\n chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n"),
                arguments("unknown coding", "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n"),
                arguments(
                        "chunked is not last",
                        "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
                arguments("chunked twice", CHUNKED + CHUNKED + "\r\n0\r\n\r\n"),
                arguments(
                        "coding with a control character",
                        "transfer-encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
                arguments("coding in quotes", "transfer-encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
                arguments(
                        "no size of a chunk",
                        "transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
                arguments(
                        "negative chunk",
                        "transfer-encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n"),
                arguments(
                        "hexadecimal prefix",
                        "transfer-encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n"),
                arguments(
                        "size that overflows",
                        "transfer-encoding: chunked\r\n\r\n100000000\r\n{}\r\n0\r\n\r\n"),
                arguments("empty size", "transfer-encoding: chunked\r\n\r\n\r\n{}\r\n0\r\n\r\n"),
                arguments(
                        "chunk longer than its size",
                        "transfer-encoding: chunked\r\n\r\n2\r\n{}xx\r\n0\r\n\r\n"),
                arguments(
                        "bare line feed after a size",
                        "transfer-encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n"),
                arguments(
                        "bare line feed after a chunk",
                        "transfer-encoding: chunked\r\n\r\n2\r\n{}\n0\r\n\r\n"),
                arguments(
                        "bare carriage return in a field",
                        "x: a\rtransfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n"),
                arguments("NUL in a field", "x: a\u0000b\r\ncontent-length: 4\r\n\r\n"),
                arguments("no colon", "nothing\r\ncontent-length: 4\r\n\r\n"));
    }

    private static Arguments arguments(String name, String rest) {
        return Arguments.of(name, rest);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("framings")
    void whatCouldBeTwoRequestsIsNone(String name, String rest) {
        String hidden =
                "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: "
                        + BODY
                        + "\r\n\r\n"
                        + Tongue.CHAT.ask(true);
        try (RawClient client = connect()) {
            client.send("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n" + rest + hidden);
            assertRefusedAndClosed(client);
        }
        assertThat(upstream.requests()).isEmpty();
    }

    /** One answer at most, a refusal, and the end. */
    private static void assertRefusedAndClosed(RawClient client) {
        String all = client.rest();
        assertThat(all.split("HTTP/[0-9]\\.[0-9] ", -1)).as(all).hasSizeLessThanOrEqualTo(2);
        assertThat(all).as(all).matches("(?s)(HTTP/[0-9]\\.[0-9] (4|501).*)?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1/chat/completions HTTP/1.1\nhost: x\n\n",
                "POST  /v1/chat/completions HTTP/1.1\r\nhost: x\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1 \r\nhost: x\r\n\r\n",
                "POST /v1/chat completions HTTP/1.1\r\nhost: x\r\n\r\n",
                "POST /v1/chat/completions HTTP/3.7\r\nhost: x\r\n\r\n",
                "P\u0001ST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n\r\n",
                "POST /v1/chat/completions\r\n\r\n",
                "\u0016\u0003\u0001\u0000\u00ff"
            })
    void aFirstLineThatIsNoneIsRefused(String head) {
        try (RawClient client = connect()) {
            client.send(head);
            client.halfClose();
            assertRefusedAndClosed(client);
        }
        assertThat(upstream.requests()).isEmpty();
    }
}

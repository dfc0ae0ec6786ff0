package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.Protocol;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.observe.AccessLog;
import dev.sluice.testkit.LogCapture;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.Stream;

/** Keys, prompts and answers that would sing in a log: each end of an exchange, at every level. */
@Tag("S5")
class CanaryIT {
    private static final String CLIENT_KEY = "client-canary-81f3";
    private static final String UPSTREAM_KEY = "upstream-key";
    private static final String PROMPT = "prompt-canary-5c22";
    private static final String ANSWER = "answer-canary-77aa";
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-c", "gpt-5-mini");
    private static final String ECHO =
            "{\"error\":{\"message\":\"key "
                    + UPSTREAM_KEY
                    + " in Bearer "
                    + UPSTREAM_KEY
                    + " and sk-live-0123456789\",\"type\":\"%s\"}}";

    /** How an exchange may end. */
    private static Stream<Arguments> ends() {
        String broken = "data: {\"choices\":[{\"delta\":{\"content\":\"" + ANSWER + "\n\n";
        byte[] plain = ("no: " + UPSTREAM_KEY).getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                Arguments.of("well", Script.stream().send(CHAT.answer(ANSWER))),
                Arguments.of("key refused", echo(401, "invalid_request_error")),
                Arguments.of("key in a client's error", echo(400, "invalid_request_error")),
                Arguments.of("key in a server's error", echo(500, "server_error")),
                Arguments.of("key in plain text", Script.body(500, "text/plain", plain)),
                Arguments.of(
                        "key in the first event",
                        Script.stream().send("data: " + ECHO.formatted("server_error") + "\n\n")),
                Arguments.of("an event that is none", Script.stream().send(CHAT.role() + broken)),
                Arguments.of(
                        "reset", Script.stream().send(CHAT.role() + CHAT.text(ANSWER)).reset()),
                Arguments.of(
                        "a head that is none",
                        Script.raw("HTTP/1.1 200 OK\r\n" + UPSTREAM_KEY + " " + ANSWER + "\r\n\r\n")
                                .close()));
    }

    private static Script echo(int status, String type) {
        return Script.json(status, ECHO.formatted(type));
    }

    private static String request(boolean streamed) {
        return Tongue.CHAT
                .ask(true)
                .replace("\"hi\"", "\"" + PROMPT + "\"")
                .replace("\"stream\":true", "\"stream\":" + streamed);
    }

    private static TestGateway.Setup guarded() {
        return TestGateway.setup().config(c -> c.withKey("ann", Secret.of(CLIENT_KEY)));
    }

    private static RawResponse ask(RawClient client, String body) {
        return client.exchange(
                RawRequest.post("/v1/chat/completions", body)
                        .header("authorization", "Bearer " + CLIENT_KEY));
    }

    private static String lines(List<ExchangeRecord> records) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(lines, true, StandardCharsets.UTF_8);
        for (boolean json : new boolean[] {true, false}) {
            try (AccessLog log = new AccessLog(out, json, Clock.systemUTC())) {
                records.forEach(log::onEnded);
            }
        }
        String text = lines.toString(StandardCharsets.UTF_8);
        assertThat(text.lines().count()).isEqualTo(2L * records.size());
        return text;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ends")
    void noneSingsWhateverTheEnd(String name, Script end) {
        try (LogCapture log = LogCapture.start(Level.ALL);
                FakeUpstream upstream = FakeUpstream.start().otherwise(end);
                TestGateway gateway = guarded().openai(upstream.uri()).start()) {
            for (boolean streamed : new boolean[] {true, false}) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    RawResponse response = ask(client, request(streamed));
                    ByteArrayOutputStream body = new ByteArrayOutputStream();
                    response.drain(body);
                    assertThat(response.headers() + body.toString(StandardCharsets.UTF_8))
                            .doesNotContain(CLIENT_KEY, UPSTREAM_KEY, "sk-live", PROMPT);
                    assertThat(lines(List.of(gateway.nextRecord())))
                            .contains("ann")
                            .doesNotContain("canary", UPSTREAM_KEY, "sk-live");
                }
            }
            upstream.forgiveFailures();
            log.assertNever(CLIENT_KEY, UPSTREAM_KEY, PROMPT, ANSWER, "sk-live");
        }
    }

    @Test
    void noneSingsOverHttp2() {
        try (LogCapture log = LogCapture.start(Level.ALL);
                FakeUpstream upstream =
                        FakeUpstream.start().otherwise(Script.stream().send(CHAT.answer(ANSWER)));
                TestGateway behind = TestGateway.setup().openai(upstream.uri()).start();
                TestGateway front = guarded().protocol(Protocol.H2C).openai(behind.uri()).start();
                RawClient client = RawClient.connect(front.port())) {
            assertThat(ask(client, request(true)).text()).contains(ANSWER);
            front.nextRecord();
            log.assertNever(CLIENT_KEY, UPSTREAM_KEY, PROMPT, ANSWER);
        }
    }

    @Test
    void noneSingsWhenTheRequestIsWrong() {
        String[] bodies = {
            "{\"model\":\"" + PROMPT,
            request(true).replace("messages", PROMPT),
            request(true).replace("\"user\"", "\"" + PROMPT + "\""),
            request(true).replace("\"" + PROMPT + "\"", "[{\"type\":\"" + PROMPT + "\"}]"),
            "\u0000" + PROMPT
        };
        try (LogCapture log = LogCapture.start(Level.ALL);
                FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = guarded().openai(upstream.uri()).start()) {
            for (String body : bodies) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    RawResponse response = ask(client, body);
                    assertThat(response.status()).as(body).isGreaterThanOrEqualTo(400);
                    assertThat(response.text()).doesNotContain(CLIENT_KEY, UPSTREAM_KEY);
                }
            }
            try (RawClient client = RawClient.connect(gateway.port())) {
                RawResponse refused =
                        client.exchange(
                                RawRequest.post("/v1/chat/completions", request(true))
                                        .header("authorization", "Bearer x" + CLIENT_KEY));
                assertThat(refused.status()).isEqualTo(401);
                assertThat(refused.text()).doesNotContain(CLIENT_KEY, PROMPT);
            }
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.send("POST /x HTTP/1.1\r\n" + CLIENT_KEY + "\r\n\r\n" + PROMPT);
                assertThat(client.rest()).startsWith("HTTP/1.1 400").doesNotContain("canary");
            }
            upstream.forgiveFailures();
            log.assertNever(CLIENT_KEY, UPSTREAM_KEY, PROMPT);
        }
    }
}

package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.Secret;
import dev.sluice.testkit.LogCapture;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hostile client or upstream tries, on real sockets. */
class SecurityIT {
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-s", "gpt-5-mini");
    private static final String CHAT_PATH = "/v1/chat/completions";
    private static final String MESSAGES_PATH = "/v1/messages";
    private static final String CLIENT_KEY = "client-canary-81f3";
    private static final String PROMPT = "prompt-canary-5c22";

    @Test
    @Tag("S1")
    void aRedirectIsNotFollowed() {
        try (FakeUpstream elsewhere = FakeUpstream.start();
                FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port())) {
            elsewhere.otherwise(Script.stream().send(CHAT.answer("stolen")));
            upstream.otherwise(
                    Script.status(307)
                            .header("location", elsewhere.uri() + CHAT_PATH)
                            .length(0)
                            .send(""));
            RawResponse response = client.post(CHAT_PATH, GoldenPairsIT.CHAT);
            assertThat(response.status()).isGreaterThanOrEqualTo(400);
            assertThat(response.json().path("error").path("message").asString()).isNotEmpty();
            assertThat(elsewhere.acceptedConnections()).isZero();
        }
    }

    @Test
    @Tag("S1")
    @Tag("S7")
    void nothingInARequestSaysWhereItGoesOrWithWhichKey() {
        try (FakeUpstream elsewhere = FakeUpstream.start();
                FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(CHAT.answer("one")));
            String other = "127.0.0.1:" + elsewhere.port();
            RawRequest request =
                    RawRequest.post(CHAT_PATH, GoldenPairsIT.CHAT)
                            .header("authorization", "Bearer " + CLIENT_KEY)
                            .header("x-api-key", CLIENT_KEY)
                            .header("x-forwarded-host", other)
                            .header("x-forwarded-for", "203.0.113.9")
                            .header("te", "trailers")
                            .header("keep-alive", "timeout=5")
                            .header("proxy-authorization", "Basic " + CLIENT_KEY);
            client.exchange(request).body();
            UpstreamRequest sent = upstream.request();
            assertThat(sent.target()).isEqualTo(CHAT_PATH);
            assertThat(sent.header("host")).contains("127.0.0.1:" + upstream.port());
            assertThat(sent.header("authorization")).contains("Bearer upstream-key");
            assertThat(sent.headers().toString()).doesNotContain(CLIENT_KEY);
            for (String name :
                    new String[] {
                        "x-forwarded-host", "x-forwarded-for", "te", "keep-alive", "x-api-key"
                    }) {
                assertThat(sent.header(name)).as(name).isEmpty();
            }
            assertThat(elsewhere.acceptedConnections()).isZero();
        }
    }

    @ParameterizedTest
    @Tag("S4")
    @ValueSource(
            strings = {
                "{\"model\":\"a\",\"model\":\"b\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "{\"model\":\"a\",\"Model\":\"b\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "{\"model\":\"a\",\"m\\u006fdel\":\"b\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "{\"model\":\"a\",\"max_tokens\":9,\"messages\":[],\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "{\"model\":\"a\",\"max_tokens\":9,\"MESSAGES\":[],\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "{\"model\":\"a\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\",\"content\":\"ho\"}]}"
            })
    void aKeyThatStandsTwiceIsRefusedInBothDialects(String body) {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port())) {
            for (String path : new String[] {CHAT_PATH, MESSAGES_PATH}) {
                RawResponse response = client.post(path, body);
                assertThat(response.status()).as(path).isEqualTo(400);
                assertThat(response.json().path("error").isObject()).isTrue();
            }
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @Tag("S7")
    @ValueSource(
            strings = {
                "content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                "content-length: 4\r\ncontent-length: 5\r\n\r\n",
                "transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"
            })
    void ambiguousFramingNeverBecomesTwoRequests(String rest) {
        String hidden =
                "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: "
                        + GoldenPairsIT.CHAT.length()
                        + "\r\n\r\n"
                        + GoldenPairsIT.CHAT;
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(CHAT.answer("one")));
            client.send("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n" + rest + hidden);
            client.awaitEnd();
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    @Tag("S7")
    void anUpstreamsHeadersPassAnAllowList() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(
                    Script.stream()
                            .header("set-cookie", "a=b")
                            .header("x-internal-host", "10.0.0.1")
                            .header("keep-alive", "timeout=9")
                            .header("x-ratelimit-limit-requests", "7")
                            .header("x-ratelimit-note", "a\u00ffb")
                            .send(CHAT.answer("one")));
            RawResponse response = client.post(CHAT_PATH, GoldenPairsIT.CHAT);
            response.body();
            assertThat(response.header("x-ratelimit-limit-requests")).contains("7");
            for (String name :
                    new String[] {
                        "set-cookie", "x-internal-host", "keep-alive", "x-ratelimit-note"
                    }) {
                assertThat(response.header(name)).as(name).isEmpty();
            }
        }
    }

    @Test
    @Tag("S5")
    void noKeyAndNoPromptIsSaidAnywhere() {
        Script[] ends = {
            Script.stream().send(CHAT.answer("one")),
            Script.json(500, "{\"error\":{\"message\":\"it broke\"}}"),
            Script.stream().send(CHAT.role() + CHAT.text("one")).reset()
        };
        String request = GoldenPairsIT.CHAT.replace("\"hi\"", "\"" + PROMPT + "\"");
        for (Script end : ends) {
            try (LogCapture log = LogCapture.start();
                    FakeUpstream upstream = FakeUpstream.start().otherwise(end);
                    TestGateway gateway =
                            TestGateway.setup()
                                    .config(c -> c.withKey("ann", Secret.of(CLIENT_KEY)))
                                    .openai(upstream.uri())
                                    .start();
                    RawClient client = RawClient.connect(gateway.port())) {
                String answer =
                        client.exchange(
                                        RawRequest.post(CHAT_PATH, request)
                                                .header("authorization", "Bearer " + CLIENT_KEY))
                                .text();
                gateway.nextRecord();
                assertThat(answer).doesNotContain(CLIENT_KEY, "upstream-key", PROMPT);
                log.assertNever(CLIENT_KEY, "upstream-key", PROMPT);
            }
        }
    }

    @Test
    @Tag("R55")
    void aKeyIsTakenInBothFormsAndMissedInBothDialects() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway =
                        TestGateway.setup()
                                .config(c -> c.withKey("ann", Secret.of(CLIENT_KEY)))
                                .openai(upstream.uri())
                                .start()) {
            upstream.otherwise(Script.stream().send(CHAT.answer("one")));
            for (boolean chat : new boolean[] {true, false}) {
                RawRequest request =
                        RawRequest.post(
                                chat ? CHAT_PATH : MESSAGES_PATH,
                                chat ? GoldenPairsIT.CHAT : GoldenPairsIT.MESSAGES);
                assertThat(status(gateway, request)).isEqualTo(401);
                assertThat(status(gateway, request.header("x-api-key", "wrong"))).isEqualTo(401);
                assertThat(status(gateway, request.header("x-api-key", CLIENT_KEY))).isEqualTo(200);
                assertThat(status(gateway, request.header("authorization", "Bearer " + CLIENT_KEY)))
                        .isEqualTo(200);
            }
        }
    }

    private static int status(TestGateway gateway, RawRequest request) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            RawResponse response = client.exchange(request);
            response.body();
            return response.status();
        }
    }
}

package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.failure.Fault;
import dev.sluice.gateway.config.Secret;
import dev.sluice.testkit.Json;
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

    @ParameterizedTest
    @Tag("S1")
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsNotFollowedAndIsTheUpstreamsFailure(int status) {
        try (FakeUpstream elsewhere = FakeUpstream.start();
                FakeUpstream upstream = FakeUpstream.start()) {
            elsewhere.otherwise(Script.stream().send(CHAT.answer("stolen")));
            upstream.otherwise(
                    Script.status(status)
                            .header("location", elsewhere.uri() + CHAT_PATH)
                            .length(0)
                            .send(""));
            for (boolean chat : new boolean[] {true, false}) {
                TestGateway.Setup setup = TestGateway.setup();
                try (TestGateway gateway =
                                (chat
                                                ? setup.openai(upstream.uri())
                                                : setup.anthropic(upstream.uri()))
                                        .start();
                        RawClient client = RawClient.connect(gateway.port())) {
                    RawResponse response = client.post(CHAT_PATH, Tongue.CHAT.ask(true));
                    assertThat(response.status()).isEqualTo(502);
                    assertThat(response.header("location")).isEmpty();
                    assertThat(response.json().path("error").path("message").asString())
                            .contains("sent the request elsewhere")
                            .contains("not followed")
                            .doesNotContain(elsewhere.uri().toString());
                    assertThat(gateway.nextRecord().failure().orElseThrow().code().fault())
                            .isEqualTo(Fault.UPSTREAM);
                }
            }
            assertThat(elsewhere.acceptedConnections()).isZero();
        }
    }

    /** {@code ELSEWHERE} stands for the address of a server that must never be asked. */
    @ParameterizedTest
    @Tag("S1")
    @ValueSource(
            strings = {
                "POST http://ELSEWHERE/v1/chat/completions HTTP/1.1\r\nhost: ELSEWHERE",
                "POST http://user:pass@ELSEWHERE/v1/chat/completions HTTP/1.1\r\nhost: x",
                "POST //ELSEWHERE/v1/chat/completions HTTP/1.1\r\nhost: x",
                "POST ///v1/chat/completions HTTP/1.1\r\nhost: x",
                "POST /\\ELSEWHERE/v1/chat/completions HTTP/1.1\r\nhost: x",
                "POST /v1/chat/completions@ELSEWHERE HTTP/1.1\r\nhost: x",
                "POST /v1/../v1/chat/completions HTTP/1.1\r\nhost: x",
                "POST /v1/chat/completions?url=http://ELSEWHERE HTTP/1.1\r\nhost: ELSEWHERE",
                "POST /v1/chat/completions#@ELSEWHERE HTTP/1.1\r\nhost: x",
                "POST @ELSEWHERE/v1/chat/completions HTTP/1.1\r\nhost: x",
                "CONNECT ELSEWHERE HTTP/1.1\r\nhost: ELSEWHERE",
                "OPTIONS * HTTP/1.1\r\nhost: x",
                "POST /v1/chat/completions HTTP/1.1\r\nhost: ELSEWHERE\r\nhost: x",
                "POST /v1/chat/completions HTTP/1.1\r\nhost: x@ELSEWHERE"
            })
    void noTargetAndNoHostChangesWhereARequestGoes(String head) {
        try (FakeUpstream elsewhere = FakeUpstream.start();
                FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(CHAT.answer("one")));
            client.send(
                    head.replace("ELSEWHERE", "127.0.0.1:" + elsewhere.port())
                            + "\r\nconnection: close\r\ncontent-length: "
                            + Tongue.CHAT.ask(true).length()
                            + "\r\n\r\n"
                            + Tongue.CHAT.ask(true));
            String answer = client.rest();
            assertThat(answer).startsWith("HTTP/1.1 ");
            for (UpstreamRequest sent : upstream.requests()) {
                assertThat(sent.target()).isEqualTo(CHAT_PATH);
                assertThat(sent.header("host")).contains("127.0.0.1:" + upstream.port());
            }
            assertThat(upstream.requests().size())
                    .isEqualTo(answer.startsWith("HTTP/1.1 200") ? 1 : 0);
            assertThat(elsewhere.acceptedConnections()).isZero();
        }
    }

    @ParameterizedTest
    @Tag("S1")
    @ValueSource(
            strings = {
                "http://ELSEWHERE/v1",
                "//ELSEWHERE/x",
                "user:pass@ELSEWHERE",
                "../../admin",
                "a%2f..%2fb",
                "a?key=x#y",
                "a\\r\\nhost: ELSEWHERE",
                "a\\u0000b"
            })
    void noNameOfAModelChangesWhereARequestGoes(String name) {
        try (FakeUpstream elsewhere = FakeUpstream.start();
                FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(CHAT.answer("one")));
            String model = name.replace("ELSEWHERE", "127.0.0.1:" + elsewhere.port());
            client.post(CHAT_PATH, Tongue.CHAT.ask(true).replace("gpt-5-mini", model)).body();
            assertThat(upstream.request().target()).isEqualTo(CHAT_PATH);
            assertThat(upstream.request().header("host")).contains("127.0.0.1:" + upstream.port());
            assertThat(upstream.request().json().path("model"))
                    .isEqualTo(Json.parse("\"" + model + "\""));
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
                    RawRequest.post(CHAT_PATH, Tongue.CHAT.ask(true))
                            .header("authorization", "Bearer " + CLIENT_KEY)
                            .header("x-api-key", CLIENT_KEY)
                            .header("x-forwarded-host", other)
                            .header("x-forwarded-for", "203.0.113.9")
                            .header("te", "trailers")
                            .header("connection", "x-hop, keep-alive")
                            .header("x-hop", "1")
                            .header("trailer", "x-late")
                            .header("upgrade", "websocket")
                            .header("proxy-connection", "keep-alive")
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
                        "x-forwarded-host",
                        "x-forwarded-for",
                        "te",
                        "keep-alive",
                        "x-hop",
                        "trailer",
                        "upgrade",
                        "proxy-connection",
                        "proxy-authorization",
                        "x-api-key"
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
            RawResponse response = client.post(CHAT_PATH, Tongue.CHAT.ask(true));
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

    @ParameterizedTest
    @Tag("S7")
    @ValueSource(
            strings = {
                "x-ratelimit-note: a\rset-cookie: evil=1",
                "x-ratelimit-note: a\nset-cookie: evil=1",
                "x-ratelimit-note: a\r\n set-cookie: evil=1",
                "x-ratelimit-note: a\u0000b",
                "x-ratelimit-no\rte: a",
                "x-ratelimit-note: %0d%0aset-cookie: evil=1",
                "connection: x-ratelimit-note\r\nupgrade: h2c\r\ntrailer: set-cookie"
            })
    void noHeaderOfAnUpstreamBecomesAnotherOfOurs(String field) {
        String body = CHAT.answer("one");
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(
                    Script.raw(
                            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                                    + field
                                    + "\r\ncontent-length: "
                                    + body.length()
                                    + "\r\n\r\n"
                                    + body));
            RawResponse response = client.post(CHAT_PATH, Tongue.CHAT.ask(true));
            assertThat(response.status()).isIn(200, 502);
            for (String name : new String[] {"set-cookie", "upgrade", "trailer", "te"}) {
                assertThat(response.header(name)).as(name).isEmpty();
            }
            response.body();
        }
    }

    @ParameterizedTest
    @Tag("S7")
    @ValueSource(strings = {"a b", "a\u0001b", "a\tb", "<script>", "\u00e4", "", "a,b", "a\"b"})
    void anIdOfAClientThatIsNotPlainIsReplaced(String id) {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(CHAT.answer("one")));
            RawRequest request = RawRequest.post(CHAT_PATH, Tongue.CHAT.ask(true));
            RawResponse response = client.exchange(request.header("x-request-id", id));
            response.body();
            if (response.status() == 200) {
                assertThat(response.header("x-request-id").orElseThrow()).matches("req_[a-z0-9]+");
            } else {
                assertThat(response.status()).isEqualTo(400);
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
                                chat ? Tongue.CHAT.ask(true) : Tongue.MESSAGES.ask(true));
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

package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.ServerTls;
import dev.sluice.gateway.config.UpstreamTls;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.SseReader;
import dev.sluice.testkit.http.TlsIdentity;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The forms of HTTP that clients and upstreams speak, and the end of a gateway. */
class ProtocolIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-p", "gpt-5-mini");
    private static final String CHAT_PATH = "/v1/chat/completions";
    private static final String MESSAGES_PATH = "/v1/messages";

    @Test
    void answersPipelinedRequestsInOrderOnOneConnection() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(CHAT.answer("one")));
            RawRequest request = RawRequest.post(CHAT_PATH, Tongue.CHAT.ask(true));
            client.send(request);
            client.send(request);
            assertThat(client.response().text()).contains("one").endsWith("[DONE]\n\n");
            assertThat(client.response().text()).contains("one").endsWith("[DONE]\n\n");
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    @Test
    void servesAClientOfHttp10() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(CHAT.answer("one")));
            client.send(
                    "POST /v1/chat/completions HTTP/1.0\r\ncontent-length: "
                            + Tongue.CHAT.ask(true).length()
                            + "\r\n\r\n"
                            + Tongue.CHAT.ask(true));
            RawResponse response = client.response();
            assertThat(response.header("transfer-encoding")).isEmpty();
            assertThat(response.text()).contains("one").endsWith("[DONE]\n\n");
        }
    }

    @Test
    void tellsAClientThatAsksToGoOn() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(CHAT.answer("one")));
            RawRequest request =
                    RawRequest.post(CHAT_PATH, Tongue.CHAT.ask(true))
                            .header("expect", "100-continue");
            assertThat(client.exchange(request).text()).endsWith("[DONE]\n\n");
        }
    }

    /** Connections take the loops in turn, so that each of them is asked. */
    @Test
    void countsTheStreamsOfAllLoopsWhicheverIsAsked() {
        List<RawClient> clients = new ArrayList<>();
        try (FakeUpstream upstream =
                        FakeUpstream.start()
                                .otherwise(
                                        Script.stream().send(CHAT.role() + CHAT.text("a")).hold());
                TestGateway gateway =
                        TestGateway.setup()
                                .config(c -> c.toBuilder().workers(3).build())
                                .openai(upstream.uri())
                                .start()) {
            for (int i = 0; i < 4; i++) {
                RawClient client = RawClient.connect(gateway.port());
                clients.add(client);
                client.exchange(Tongue.CHAT.request()).events().take();
            }
            for (int i = 0; i < 3; i++) {
                try (RawClient asking = RawClient.connect(gateway.port())) {
                    assertThat(asking.get("/health").json().path("streams").asInt()).isEqualTo(4);
                }
            }
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    @Tag("R55")
    void saysInTheDialectWhatIsNotServed() {
        try (TestGateway gateway =
                        TestGateway.setup().openai(URI.create("http://127.0.0.1:9")).start();
                RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.get("/health").json().path("status").asString()).isEqualTo("ok");
            assertThat(client.get("/ready").json().path("status").asString()).isEqualTo("ok");
            RawRequest models = RawRequest.get("/v1/models");
            assertThat(client.exchange(models).json().path("object").asString()).isEqualTo("list");
            assertThat(
                            client.exchange(models.header("anthropic-version", "2023-06-01"))
                                    .json()
                                    .has("has_more"))
                    .isTrue();
            for (int status : new int[] {404, 405}) {
                RawRequest wrong = RawRequest.get(status == 404 ? "/nowhere" : MESSAGES_PATH);
                RawResponse anthropic =
                        client.exchange(wrong.header("anthropic-version", "2023-06-01"));
                assertThat(anthropic.status()).isEqualTo(status);
                assertThat(anthropic.json().path("type").asString()).isEqualTo("error");
                RawResponse chat = client.get(status == 404 ? "/nowhere" : CHAT_PATH);
                assertThat(chat.status()).isEqualTo(status);
                assertThat(chat.json().path("error").isObject()).isTrue();
            }
        }
    }

    @Test
    @Tag("S9")
    void anUpstreamsCertificateIsVerifiedUnlessToldOtherwise(@TempDir Path folder)
            throws Exception {
        TlsIdentity identity = TlsIdentity.selfSigned();
        Path ca = Files.writeString(folder.resolve("ca.pem"), identity.certificatePem());
        try (FakeUpstream upstream = FakeUpstream.start(identity.serverContext())) {
            upstream.otherwise(Script.stream().send(CHAT.answer("one")));
            RawResponse[] refused = new RawResponse[1];
            assertThat(through(upstream, UpstreamTls.DEFAULT, refused)).contains("tls.ca");
            assertThat(refused[0].status()).isEqualTo(502);
            assertThat(upstream.requests()).isEmpty();
            upstream.forgiveFailures();
            assertThat(through(upstream, new UpstreamTls(true, Optional.of(ca)), refused))
                    .endsWith("[DONE]\n\n");
            assertThat(through(upstream, new UpstreamTls(false, Optional.empty()), refused))
                    .endsWith("[DONE]\n\n");
            upstream.forgiveFailures();
        }
    }

    private static String through(FakeUpstream upstream, UpstreamTls tls, RawResponse[] head) {
        try (TestGateway gateway = TestGateway.setup().tls(tls).openai(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port())) {
            head[0] = client.post(CHAT_PATH, Tongue.CHAT.ask(true));
            return head[0].text();
        }
    }

    private static ServerTls serverTls(TlsIdentity identity, Path folder) throws IOException {
        return new ServerTls(
                Files.writeString(folder.resolve("cert.pem"), identity.certificatePem()),
                Files.writeString(folder.resolve("key.pem"), identity.keyPem()));
    }

    @Test
    void servesClientsUnderTls(@TempDir Path folder) throws Exception {
        TlsIdentity identity = TlsIdentity.selfSigned();
        ServerTls tls = serverTls(identity, folder);
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway =
                        TestGateway.setup()
                                .config(c -> c.toBuilder().listen(c.listen().withTls(tls)).build())
                                .openai(upstream.uri())
                                .start();
                RawClient client =
                        RawClient.over(
                                identity.trustingContext()
                                        .getSocketFactory()
                                        .createSocket("127.0.0.1", gateway.port()))) {
            upstream.otherwise(Script.stream().send(CHAT.answer("one")));
            assertThat(client.post(CHAT_PATH, Tongue.CHAT.ask(true)).text()).endsWith("[DONE]\n\n");
        }
    }

    @Test
    void aBrowserUnderTlsMayAskItsOwnOriginByStreamAndWebSocket(@TempDir Path folder)
            throws Exception {
        TlsIdentity identity = TlsIdentity.selfSigned();
        ServerTls tls = serverTls(identity, folder);
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway =
                        TestGateway.setup()
                                .config(c -> c.toBuilder().listen(c.listen().withTls(tls)).build())
                                .openai(upstream.uri())
                                .start();
                HttpClient http =
                        HttpClient.newBuilder().sslContext(identity.trustingContext()).build()) {
            upstream.otherwise(Script.stream().send(CHAT.answer("one")));
            String origin = "https://localhost:" + gateway.port();
            HttpResponse<String> stream =
                    http.send(
                            HttpRequest.newBuilder(URI.create(origin + "/stream?prompt=hi"))
                                    .header("origin", origin)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(stream.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(stream.body()).contains("\"one\"");
            for (String path : List.of("/ws", "/v1/responses")) {
                try (SocketClient client =
                        SocketClient.secure(gateway, path, identity.trustingContext())) {
                    client.say(
                            path.equals("/ws")
                                    ? "{\"type\":\"generate\",\"id\":\"a\",\"prompt\":\"hi\"}"
                                    : "{\"type\":\"response.create\",\"model\":\"m\",\"input\":\"hi\"}");
                    StringBuilder heard = new StringBuilder();
                    Eventually.within(
                            SOON,
                            "the answer comes over " + path,
                            () -> heard.append(client.take()).toString().contains("one"));
                }
            }
        }
    }

    @Test
    @Tag("R52")
    void aStopRefusesNewWorkAndEndsWhatRunsTooLong() {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient running = RawClient.connect(gateway.port());
                RawClient late = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(CHAT.role() + CHAT.text("one")).hold());
            SseReader events = running.post(CHAT_PATH, Tongue.CHAT.ask(true)).events();
            events.take(1);
            CompletableFuture<Void> stopped =
                    CompletableFuture.runAsync(() -> gateway.gateway().stop());
            Eventually.within(
                    SOON,
                    "not ready",
                    () -> {
                        RawResponse ready = late.get("/ready");
                        ready.body();
                        return ready.status() == 503;
                    });
            RawResponse refused = late.post(MESSAGES_PATH, Tongue.MESSAGES.ask(true));
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.json().path("type").asString()).isEqualTo("error");
            String last = events.rest().getLast().data();
            assertThat(Json.parse(last).path("error").isObject()).isTrue();
            Eventually.completes(SOON, "the stop", stopped);
        }
    }
}

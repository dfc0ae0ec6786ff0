package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.UpstreamTls;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Gate;
import dev.sluice.testkit.OpenFiles;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.TlsIdentity;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How connections to an upstream are opened, shared, bounded and let go. */
class ConnectionsIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-c", "gpt-5-mini");
    private static final String PATH = "/v1/chat/completions";

    /** Our own connections, and those of the HTTP library: the same is expected of both. */
    enum Kind {
        PLAIN,
        TLS;

        FakeUpstream upstream() {
            return this == PLAIN
                    ? FakeUpstream.start()
                    : FakeUpstream.start(TlsIdentity.selfSigned().serverContext());
        }

        TestGateway.Setup setup(FakeUpstream upstream) {
            return TestGateway.setup()
                    .tls(new UpstreamTls(false, Optional.empty()))
                    .connections(1)
                    .openai(upstream.uri());
        }
    }

    private static Script one() {
        return one(Script.stream());
    }

    private static Script one(Script head) {
        return head.send(CHAT.answer("one"));
    }

    private static RawResponse ask(RawClient client) {
        return client.post(PATH, Tongue.CHAT.ask(true));
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionIsUsedAgain(Kind kind) {
        try (FakeUpstream upstream = kind.upstream().otherwise(one());
                TestGateway gateway = kind.setup(upstream).start();
                RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(ask(client).body()).isNotEmpty();
            }
            assertThat(upstream.acceptedConnections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void moreStreamsThanConnectionsWaitTheirTurn(Kind kind) {
        Gate gate = Gate.closed();
        try (FakeUpstream upstream = kind.upstream();
                TestGateway gateway = kind.setup(upstream).start();
                RawClient first = RawClient.connect(gateway.port());
                RawClient gone = RawClient.connect(gateway.port());
                RawClient last = RawClient.connect(gateway.port())) {
            upstream.on(PATH, Script.stream().await(gate).send(CHAT.answer("one")), one());
            first.send(post("first"));
            assertThat(upstream.request().text()).contains("first");
            gone.send(post("gone"));
            Eventually.within(SOON, "it waits", () -> gateway.inFlight() == 2);
            last.send(post("last"));
            Eventually.within(SOON, "both wait", () -> gateway.inFlight() == 3);
            gone.reset();
            Eventually.within(SOON, "one has left", () -> gateway.inFlight() == 2);
            assertThat(upstream.requests()).hasSize(1);
            gate.open();
            assertThat(first.response().body()).isNotEmpty();
            assertThat(last.response().body()).isNotEmpty();
            assertThat(upstream.requests()).hasSize(2);
            assertThat(upstream.request(2).text()).contains("last");
        }
    }

    private static String post(String prompt) {
        String body =
                Tongue.CHAT
                        .ask(true)
                        .replaceFirst("\"content\":\"[^\"]*\"", "\"content\":\"" + prompt + "\"");
        return "POST "
                + PATH
                + " HTTP/1.1\r\nhost: x\r\ncontent-length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    @Test
    @Tag("S7")
    void aCrowdThatWaitsIsBounded() {
        Gate gate = Gate.closed();
        List<RawClient> crowd = new ArrayList<>();
        try (FakeUpstream upstream = Kind.PLAIN.upstream();
                TestGateway gateway = Kind.PLAIN.setup(upstream).start();
                RawClient tooMany = RawClient.connect(gateway.port())) {
            upstream.on(PATH, Script.stream().await(gate).send(CHAT.answer("one")), one());
            for (int i = 0; i < 5; i++) {
                int now = i + 1;
                RawClient client = RawClient.connect(gateway.port());
                crowd.add(client);
                client.send(post("waits"));
                Eventually.within(SOON, "it is there", () -> gateway.inFlight() == now);
            }
            RawResponse refused = ask(tooMany);
            assertThat(refused.status()).isEqualTo(502);
            assertThat(refused.json().path("error").path("message").asString())
                    .contains("all 1 connections", "are in use");
            gate.open();
            for (RawClient client : crowd) {
                assertThat(client.response().status()).isEqualTo(200);
            }
        } finally {
            crowd.forEach(RawClient::close);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anIdleConnectionIsClosedBeforeTheServerDoes(Kind kind) {
        try (FakeUpstream upstream = kind.upstream();
                TestGateway gateway = kind.setup(upstream).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(one(Script.stream().header("keep-alive", "timeout=1")));
            ask(client).body();
            Eventually.within(SOON, "it is closed", () -> upstream.openConnections() == 0);
            ask(client).body();
            assertThat(upstream.acceptedConnections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void gatewaysThatAreClosedLeaveNoConnectionOpen(Kind kind) {
        Assumptions.assumeTrue(OpenFiles.areCountable());
        oneGatewayAfterTheOther(kind, 1);
        int sockets = OpenFiles.sockets();
        oneGatewayAfterTheOther(kind, 20);
        OpenFiles.awaitSocketsAtMost(sockets, SOON);
    }

    /** Each with a connection that waits for a next request when it is closed. */
    private static void oneGatewayAfterTheOther(Kind kind, int count) {
        for (int i = 0; i < count; i++) {
            try (FakeUpstream upstream = kind.upstream().otherwise(one());
                    TestGateway gateway = kind.setup(upstream).start();
                    RawClient client = RawClient.connect(gateway.port())) {
                assertThat(ask(client).body()).isNotEmpty();
            }
        }
    }

    @Test
    void whatCannotBeUsedAgainIsNot() {
        List<Script> lasts =
                List.of(
                        one(Script.stream().header("connection", "close")),
                        one(Script.stream().http10().untilClose()),
                        one(Script.stream().untilClose()),
                        one().unframed("HTTP/1.1 200 OK"));
        for (Script last : lasts) {
            try (FakeUpstream upstream = FakeUpstream.start().otherwise(last);
                    TestGateway gateway = Kind.PLAIN.setup(upstream).start();
                    RawClient client = RawClient.connect(gateway.port())) {
                for (int i = 0; i < 2; i++) {
                    assertThat(ask(client).body()).isNotEmpty();
                }
                assertThat(upstream.acceptedConnections()).isEqualTo(2);
                upstream.forgiveFailures();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.6\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfe: what\r\n"
            })
    @Tag("S7")
    void whatIsNoHttpIsCalledSo(String answer) {
        try (FakeUpstream upstream = FakeUpstream.start().otherwise(Script.raw(answer));
                TestGateway gateway = Kind.PLAIN.setup(upstream).start();
                RawClient client = RawClient.connect(gateway.port())) {
            RawResponse response = ask(client);
            assertThat(response.status()).isEqualTo(502);
            assertThat(response.json().path("error").path("message").asString())
                    .contains("no HTTP/1.1 response");
            upstream.forgiveFailures();
        }
    }
}

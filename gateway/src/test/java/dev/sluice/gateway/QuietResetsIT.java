package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.LogCapture;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/**
 * Peers that break a connection off are everyday business: it is in the access line, and no log is
 * filled with it.
 */
class QuietResetsIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-q", "gpt-5-mini");

    @Test
    void anUpstreamThatResets() throws Exception {
        Script[] resets = {
            Script.resetAtOnce(),
            Script.stream().sendHead().reset(),
            Script.stream().send(CHAT.role() + CHAT.text("one")).reset(),
        };
        for (Script reset : resets) {
            try (LogCapture log = LogCapture.start();
                    FakeUpstream upstream = FakeUpstream.start().otherwise(reset);
                    TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                    RawClient client = RawClient.connect(gateway.port())) {
                client.post("/v1/chat/completions", Tongue.CHAT.ask(true)).body();
                gateway.nextRecord();
                assertThat(log.text()).doesNotContain("SEVERE", "WARNING");
            }
        }
    }

    @Test
    void anUpstreamThatResetsWhatIsKept() throws Exception {
        try (LogCapture log = LogCapture.start();
                FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                RawClient client = RawClient.connect(gateway.port())) {
            upstream.otherwise(Script.stream().send(CHAT.answer("one")));
            client.post("/v1/chat/completions", Tongue.CHAT.ask(true)).body();
            upstream.resetAll();
            Eventually.within(
                    SOON, "the connection is gone", () -> upstream.openConnections() == 0);
            client.post("/v1/chat/completions", Tongue.CHAT.ask(true)).body();
            assertThat(log.text()).doesNotContain("SEVERE", "WARNING");
        }
    }

    @Test
    void aClientThatResets() throws Exception {
        try (LogCapture log = LogCapture.start();
                FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start()) {
            upstream.otherwise(
                    Script.stream().endless(Duration.ofMillis(2), i -> CHAT.text("t" + i)));
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.post("/v1/chat/completions", Tongue.CHAT.ask(true)).events().take(3);
                client.reset();
            }
            gateway.nextRecord();
            assertThat(log.text()).doesNotContain("SEVERE", "WARNING");
        }
    }
}

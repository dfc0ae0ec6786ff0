package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.Protocol;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.ChatEvents;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** HTTP/2 without TLS, from clients and to upstreams, on the port that serves HTTP/1.1. */
class Http2IT {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static HttpRequest post(URI gateway, String path, String body) {
        return HttpRequest.newBuilder(gateway.resolve(path))
                .timeout(LIMIT)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static HttpClient http2() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    }

    @Test
    void streamsToClientsOfBothDialects() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                HttpClient client = http2()) {
            upstream.otherwise(
                    Script.stream(Splits.sized(Goldens.openAiChat().getFirst().bytes(), 31)));
            HttpResponse<byte[]> chat =
                    client.send(
                            post(gateway.uri(), "/v1/chat/completions", Tongue.CHAT.ask(true)),
                            HttpResponse.BodyHandlers.ofByteArray());
            assertThat(chat.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(OpenAiChatStreamValidator.expectingUsage().validate(chat.body()).text())
                    .isNotEmpty();
            HttpResponse<byte[]> messages =
                    client.send(
                            post(gateway.uri(), "/v1/messages", Tongue.MESSAGES.ask(true)),
                            HttpResponse.BodyHandlers.ofByteArray());
            assertThat(messages.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(AnthropicStreamValidator.strict().validate(messages.body()).text())
                    .isEqualTo(
                            OpenAiChatStreamValidator.expectingUsage()
                                    .validate(chat.body())
                                    .text());
        }
    }

    @Test
    @Tag("R16")
    void aResetStreamCancelsItsUpstreamAlone() throws Exception {
        ChatEvents events = ChatEvents.of("chatcmpl-1", "gpt-5-mini");
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = TestGateway.setup().openai(upstream.uri()).start();
                HttpClient client = http2()) {
            upstream.otherwise(
                    Script.stream()
                            .send(events.role())
                            .endless(Duration.ofMillis(5), i -> events.text("t" + i)));
            HttpRequest request =
                    post(gateway.uri(), "/v1/chat/completions", Tongue.CHAT.ask(true));
            HttpResponse<InputStream> left =
                    client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            HttpResponse<InputStream> stays =
                    client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(left.body().readNBytes(200)).hasSize(200);
            left.body().close();

            assertThat(gateway.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
            upstream.request(1).awaitPeerClose(LIMIT);
            assertThat(stays.body().readNBytes(200)).hasSize(200);
            assertThat(gateway.inFlight()).isEqualTo(1);
            stays.body().close();
        }
    }

    @Test
    void streamsFromAnUpstreamThatSpeaksHttp2() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway behind = TestGateway.setup().openai(upstream.uri()).start();
                TestGateway front =
                        TestGateway.setup().protocol(Protocol.H2C).openai(behind.uri()).start();
                RawClient client = RawClient.connect(front.port())) {
            upstream.otherwise(
                    Script.stream(Splits.sized(Goldens.openAiChat().getFirst().bytes(), 31)));
            byte[] body = client.post("/v1/chat/completions", Tongue.CHAT.ask(true)).body();
            assertThat(OpenAiChatStreamValidator.expectingUsage().validate(body).isComplete())
                    .isTrue();
            assertThat(front.nextRecord().outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(behind.nextRecord().outcome()).isEqualTo(Outcome.COMPLETE);
        }
    }
}

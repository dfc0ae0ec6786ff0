package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.event.Answer;
import dev.sluice.core.event.StopReason;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Gate;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;

/** Streams over real sockets. */
class HttpStreamIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Test
    void asksInTheDialectOfOpenAi() {
        try (Remote remote =
                        Remote.of(Script.stream().send(Remote.CHAT_EVENTS.answer("Hel", "lo")));
                TokenStream stream = remote.chat()) {
            assertThat(stream).extracting(Token::text).containsExactly("Hel", "lo");
            assertThat(stream.stopReason()).contains(StopReason.END_TURN);
            UpstreamRequest request = remote.upstream().request();
            assertThat(request.header("authorization")).contains("Bearer sk-openai-canary");
            assertThat(request.json().path("model").stringValue()).isEqualTo("gpt-5-mini");
            assertThat(request.json().path("stream").booleanValue()).isTrue();
            assertThat(request.json().toString()).contains("Say something.").contains("256");
        }
    }

    @Test
    void asksInTheDialectOfAnthropic() {
        Script script = Script.stream().send(Remote.MESSAGE_EVENTS.answer("Hel", "lo"));
        try (Remote remote = Remote.of(script);
                TokenStream stream = remote.message()) {
            assertThat(stream).extracting(Token::text).containsExactly("Hel", "lo");
            assertThat(stream.stopReason()).contains(StopReason.END_TURN);
            UpstreamRequest request = remote.upstream().request();
            assertThat(request.header("x-api-key")).contains("sk-ant-canary");
            assertThat(request.json().path("max_tokens").intValue()).isEqualTo(256);
            assertThat(request.json().path("stream").booleanValue()).isTrue();
        }
    }

    @Test
    void leavesSamplingThatNobodySetToTheVendor() {
        try (Remote remote = Remote.of(Script.stream().send(Remote.CHAT_EVENTS.answer("Hi")))) {
            remote.chat().text();
            assertThat(remote.upstream().request(1).json().has("temperature")).isFalse();
            assertThat(remote.upstream().request(1).json().has("top_p")).isFalse();
            remote.chat(StreamConfig.builder().temperature(0.5).stopSequences("END").build())
                    .text();
            assertThat(remote.upstream().request(2).json().path("temperature").doubleValue())
                    .isEqualTo(0.5);
            assertThat(remote.upstream().request(2).json().path("stop").toString()).contains("END");
        }
    }

    @Test
    void handsATokenOverBeforeTheNextOneIsSent() {
        Gate second = Gate.closed();
        Script script =
                Script.stream()
                        .send(Remote.CHAT_EVENTS.role())
                        .send(Remote.CHAT_EVENTS.text("one"))
                        .await(second)
                        .send(Remote.CHAT_EVENTS.text("two"))
                        .send(Remote.CHAT_EVENTS.end("stop"));
        try (Remote remote = Remote.of(script);
                TokenStream stream = remote.chat()) {
            Iterator<Token> tokens = stream.iterator();
            assertThat(tokens.next().text()).isEqualTo("one");
            second.open();
            assertThat(tokens.next().text()).isEqualTo("two");
            assertThat(tokens.hasNext()).isFalse();
        }
    }

    @Test
    void usesAConnectionAgainWhoseAnswerCameToItsEnd() {
        try (Remote remote = Remote.of(Script.stream().send(Remote.CHAT_EVENTS.answer("Hi")))) {
            for (int i = 1; i <= 3; i++) {
                UpstreamRequest request;
                try (TokenStream stream = remote.chat()) {
                    assertThat(stream.text()).isEqualTo("Hi");
                    request = remote.upstream().request(i);
                }
                Eventually.completes(SOON, "the answer is whole", request.whenAnswered());
            }
            assertThat(remote.upstream().acceptedConnections()).isLessThanOrEqualTo(2);
        }
    }

    static Stream<Golden> goldens() {
        return Stream.concat(Goldens.openAiChat().stream(), Goldens.anthropic().stream());
    }

    /** What a golden stream comes to, however it was cut on its way. */
    @ParameterizedTest
    @MethodSource("goldens")
    void foldsGoldenStreams(Golden golden) {
        Script script = Script.stream(Splits.sized(golden.bytes(), 61));
        try (Remote remote = Remote.of(script);
                TokenStream stream =
                        golden.dialect().equals("anthropic") ? remote.message() : remote.chat()) {
            if (golden.endsInError()) {
                assertThatThrownBy(stream::text).isInstanceOf(SluiceException.class);
                return;
            }
            Answer answer = stream.finalMessage();
            assertThat(answer.text()).isEqualTo(text(golden));
            assertThat(stream.textSoFar()).isEqualTo(text(golden));
            assertThat(stream.stopReason()).isPresent();
        }
    }

    private static String text(Golden golden) {
        StringBuilder text = new StringBuilder();
        JsonNode expected = golden.expected();
        if (golden.dialect().equals("anthropic")) {
            for (JsonNode block : expected.path("content")) {
                if (block.path("type").stringValue("").equals("text")) {
                    text.append(block.path("text").stringValue(""));
                }
            }
        } else {
            JsonNode message = expected.path("choices").path(0).path("message");
            text.append(message.path("content").stringValue(""));
        }
        return text.toString();
    }

    @Test
    void takesAnAnswerThatCameInOnePiece() {
        String answer =
                "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]}";
        try (Remote remote = Remote.of(Script.json(200, answer));
                TokenStream stream = remote.chat()) {
            assertThat(stream.text()).isEqualTo("Hello");
        }
    }

    @Test
    @Tag("R16")
    void leavesTheServerAtOnceWhenItIsCancelled() {
        try (Remote remote =
                        Remote.of(
                                Script.stream()
                                        .send(Remote.CHAT_EVENTS.role())
                                        .send(Remote.CHAT_EVENTS.text("one"))
                                        .hold());
                TokenStream stream = remote.chat()) {
            assertThat(stream.iterator().next().text()).isEqualTo("one");
            leaves(remote, stream);
        }
    }

    @Test
    @Tag("R16")
    void leavesTheServerAtOnceWhenItIsCancelledWhilePaused() {
        try (Remote remote = Remote.of(Remote.endless());
                TokenStream stream = remote.chat()) {
            remote.upstream().request().awaitStandstill(Duration.ofMillis(100), SOON);
            leaves(remote, stream);
        }
    }

    @Test
    @Tag("R16")
    void leavesTheServerAtOnceBeforeTheFirstToken() {
        try (Remote remote = Remote.of(Script.stream().sendHead().hold());
                TokenStream stream = remote.chat()) {
            remote.upstream().request();
            leaves(remote, stream);
        }
    }

    @Test
    @Tag("R16")
    void leavesTheServerAtOnceBeforeTheHead() {
        try (Remote remote = Remote.of(Script.silent());
                TokenStream stream = remote.chat()) {
            remote.upstream().request();
            leaves(remote, stream);
        }
    }

    /** The requirement is 100 ms; the rest is for a machine that is busy with other builds. */
    private static void leaves(Remote remote, TokenStream stream) {
        long left = System.nanoTime();
        stream.cancel();
        assertThat(remote.upstream().request().awaitPeerClose(SOON).millisSince(left))
                .isLessThan(100 + 1900);
        Eventually.within(SOON, () -> remote.upstream().openConnections() == 0);
        assertThatThrownBy(stream::text).isInstanceOf(SluiceException.Cancelled.class);
    }

    @Test
    @Tag("R24")
    void stopsAServerThatIsFasterThanItsReader() {
        try (Remote remote = new Remote()) {
            remote.upstream().sendBuffer(16 << 10).on(Remote.CHAT, Remote.endless());
            try (TokenStream stream = remote.chat()) {
                Iterator<Token> tokens = stream.iterator();
                tokens.next();
                UpstreamRequest request = remote.upstream().request();
                long sent = request.awaitStandstill(Duration.ofMillis(300), SOON);
                // Buffers of the kernel, on both sides; what stands here is a few kilobytes.
                assertThat(sent).isLessThan(8 << 20);
                assertThat(stream.metrics().tokens())
                        .isLessThanOrEqualTo(StreamConfig.DEFAULT.bufferSize() + 10);
                for (long i = 1; i < 40_000; i++) {
                    assertThat(tokens.next().index()).isEqualTo(i);
                }
                Eventually.within(SOON, () -> request.sent() > sent);
            }
        }
    }

    @Test
    @Tag("R61")
    void leavesNoConnectionBehindAfterAnyMixOfEnds() {
        try (Remote remote =
                Remote.of(
                        Script.stream().send(Remote.CHAT_EVENTS.answer("Hi")),
                        Remote.endless(),
                        Script.stream().send(Remote.CHAT_EVENTS.text("cut")).reset(),
                        Script.status(400),
                        Remote.endless())) {
            StreamConfig once = StreamConfig.builder().retries(0).build();
            for (int i = 0; i < 40; i++) {
                TokenStream stream = remote.chat(once);
                if (i % 3 == 0) {
                    try {
                        stream.forEachToken(_ -> false);
                    } catch (SluiceException.Connection | SluiceException.BadRequest ended) {
                        assertThat(ended.usage().output()).isLessThan(2);
                    }
                }
                stream.close();
            }
            Eventually.within(SOON, () -> remote.upstream().openConnections() <= 1);
        }
    }
}

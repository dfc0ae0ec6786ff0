package dev.sluice.dialect.anthropic;

import static dev.sluice.core.dialect.Tap.Sight.CONTENT;
import static dev.sluice.core.dialect.Tap.Sight.END;
import static dev.sluice.core.dialect.Tap.Sight.FAILURE;
import static dev.sluice.core.dialect.Tap.Sight.HIDDEN;
import static dev.sluice.core.dialect.Tap.Sight.PING;
import static dev.sluice.core.dialect.Tap.Sight.PREAMBLE;
import static dev.sluice.testkit.stream.AnthropicEvents.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.testkit.stream.AnthropicEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnthropicTapTest {
    private static final AnthropicEvents M = AnthropicEvents.of("msg_1", "claude-sonnet-4-5");

    @Test
    @Tag("R56")
    void holdsWhatSaysNothingYet() {
        String stream =
                M.start(5)
                        + M.ping()
                        + ": comment\n\n"
                        + M.textStart(0)
                        + M.text(0, "")
                        + M.text(0, "a")
                        + M.text(0, "b")
                        + M.ping()
                        + M.blockStop(0)
                        + M.messageDelta("end_turn", 4)
                        + M.stop()
                        + "data: [DONE]\n\n";
        assertThat(Wire.watch(stream).sights())
                .containsExactly(
                        PREAMBLE, PING, PING, PREAMBLE, PREAMBLE, CONTENT, CONTENT, PING, CONTENT,
                        CONTENT, END, HIDDEN);
    }

    @Test
    @Tag("R56")
    void takesTheStartOfACallForContent() {
        String stream = M.start(5) + M.thinkingStart(0) + M.toolStart(1, "toolu_1", "f");
        assertThat(Wire.watch(stream).sights()).containsExactly(PREAMBLE, PREAMBLE, CONTENT);
        String sealed =
                M.start(5) + M.blockStart(0, "{\"type\":\"redacted_thinking\",\"data\":\"x\"}");
        assertThat(Wire.watch(sealed).sights()).containsExactly(PREAMBLE, CONTENT);
    }

    @Test
    void knowsTokensReasonAndModel() {
        Wire.Watched watched =
                Wire.watch(M.start(5) + M.textBlock(0, "a") + M.messageDelta("max_tokens", 4));
        assertThat(watched.tap().usage())
                .isEqualTo(Usage.of(5, Usage.UNKNOWN, Usage.UNKNOWN, 4, Usage.UNKNOWN));
        assertThat(watched.tap().stopReason()).contains(StopReason.MAX_TOKENS);
        assertThat(watched.tap().model()).isEqualTo("claude-sonnet-4-5");
    }

    @Test
    @Tag("R50")
    void givesTheClientTheEndThatTheUpstreamLeftOut() {
        Wire.Watched watched =
                Wire.watch(M.start(5) + M.textBlock(0, "a") + M.messageDelta("end_turn", 4));
        ByteBuilder owed = new ByteBuilder();
        assertThat(watched.tap().onEnd(owed)).isEmpty();
        assertThat(owed.toString()).isEqualTo(M.stop());
    }

    @Test
    @Tag("R50")
    void failsAnEndInTheMiddle() {
        Wire.Watched watched = Wire.watch(M.start(5) + M.textBlock(0, "a"));
        ByteBuilder owed = new ByteBuilder();
        assertThat(watched.tap().onEnd(owed).orElseThrow().code())
                .isEqualTo(FailureCode.UPSTREAM_BROKEN);
        assertThat(owed.isEmpty()).isTrue();
        assertThat(watched.tap().stopReason()).isEmpty();
    }

    @Test
    void seesTheUpstreamsFailure() {
        Wire.Watched watched =
                Wire.watch(M.start(5) + M.error("overloaded_error", "busy") + M.stop());
        assertThat(watched.sights()).containsExactly(PREAMBLE, FAILURE, HIDDEN);
        assertThat(watched.tap().failure().orElseThrow().code()).isEqualTo(FailureCode.OVERLOADED);
        assertThat(watched.tap().onEnd(new ByteBuilder())).isEqualTo(watched.tap().failure());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"error\":{\"type\":\"api_error\",\"message\":\"x\"}}\n\n",
                "event: error\ndata: {\"error\":{\"type\":\"api_error\",\"message\":\"x\"}}\n\n",
                "event: error\ndata: nonsense\n\n",
                "event: error\ndata: {\"type\":\"error\",\"error\":\"words\"}\n\n",
                "event: error\n"
                    + "data:"
                    + " {\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"key"
                    + " sk-1\"}}\n\n",
                "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
            })
    void throwsAFailureThatClientsWouldNotKnow(String frame) {
        assertThatThrownBy(() -> Wire.watch(frame))
                .isInstanceOf(FailureException.class)
                .hasMessageNotContaining("sk-1");
    }

    @Test
    void callsABareEndOfACallByItsName() {
        String stream = M.start(5) + M.toolStart(0, "toolu_1", "f") + M.blockStop(0) + M.stop();
        assertThat(Wire.watch(stream).tap().stopReason()).contains(StopReason.TOOL_USE);
        assertThat(Wire.watch(M.start(5) + M.stop()).tap().stopReason())
                .contains(StopReason.END_TURN);
    }

    @Test
    void passesUnknownEventsOn() {
        assertThat(Wire.watch(M.start(5) + event("invented", "\"x\":1") + M.text(0, "a")).sights())
                .containsExactly(PREAMBLE, PREAMBLE, CONTENT);
    }
}

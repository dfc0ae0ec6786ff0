package dev.sluice.dialect.anthropic;

import dev.sluice.core.event.StopReason;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

/** Stop reasons on this wire. */
final class AnthropicStops {
    private AnthropicStops() {}

    /**
     * The reason behind the wire's word; {@link StopReason#OTHER} for a word that is not known
     * here.
     */
    static StopReason read(String word) {
        return switch (word) {
            case "end_turn" -> StopReason.END_TURN;
            case "max_tokens" -> StopReason.MAX_TOKENS;
            case "stop_sequence" -> StopReason.STOP_SEQUENCE;
            case "tool_use" -> StopReason.TOOL_USE;
            case "pause_turn" -> StopReason.PAUSE_TURN;
            case "refusal" -> StopReason.REFUSAL;
            case "model_context_window_exceeded" -> StopReason.CONTEXT_WINDOW;
            default -> StopReason.OTHER;
        };
    }

    /**
     * What a reason means in a message with or without tool uses, and with the stop sequence that
     * was met, if one was told: some servers call every end the end of the turn.
     */
    static StopReason inMessage(StopReason reason, boolean toolSeen, @Nullable Text sequence) {
        if (reason != StopReason.END_TURN && reason != StopReason.OTHER) {
            return reason;
        }
        if (toolSeen) {
            return StopReason.TOOL_USE;
        }
        return sequence == null || sequence.isEmpty() ? reason : StopReason.STOP_SEQUENCE;
    }

    /**
     * The wire's word for {@code reason}. A refusal in words makes a plain end a refusal; a call of
     * tools without a tool, and a stop sequence that nobody named, are plain ends.
     */
    static String word(
            StopReason reason, boolean refused, boolean toolSeen, boolean sequenceKnown) {
        return switch (reason) {
            case END_TURN, OTHER -> refused ? "refusal" : "end_turn";
            case MAX_TOKENS -> "max_tokens";
            case STOP_SEQUENCE -> sequenceKnown ? "stop_sequence" : "end_turn";
            case TOOL_USE -> toolSeen ? "tool_use" : "end_turn";
            case REFUSAL -> "refusal";
            case PAUSE_TURN -> "pause_turn";
            case CONTEXT_WINDOW -> "model_context_window_exceeded";
        };
    }
}

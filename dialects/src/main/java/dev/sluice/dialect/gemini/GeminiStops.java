package dev.sluice.dialect.gemini;

import dev.sluice.core.event.StopReason;

import org.jspecify.annotations.Nullable;

/** The table between {@code finishReason} and stop reasons. */
final class GeminiStops {
    private GeminiStops() {}

    /**
     * What the wire's word says. It says {@code STOP} of calls and of stop sequences too, so what
     * was seen decides.
     *
     * @param called whether the message has tool calls
     */
    static StopReason read(String finishReason, boolean called) {
        return switch (finishReason) {
            case "STOP" -> called ? StopReason.TOOL_USE : StopReason.END_TURN;
            case "MAX_TOKENS" -> StopReason.MAX_TOKENS;
            case "SAFETY",
                    "RECITATION",
                    "LANGUAGE",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION" ->
                    StopReason.REFUSAL;
            default -> called ? StopReason.TOOL_USE : StopReason.OTHER;
        };
    }

    /**
     * Whether the model has failed to say what it meant: what there is of the message is no answer.
     */
    static boolean isMalformed(String finishReason) {
        return switch (finishReason) {
            case "MALFORMED_FUNCTION_CALL",
                    "UNEXPECTED_TOOL_CALL",
                    "TOO_MANY_TOOL_CALLS",
                    "MALFORMED_RESPONSE",
                    "MISSING_THOUGHT_SIGNATURE" ->
                    true;
            default -> false;
        };
    }

    /** The wire's word. */
    static String write(@Nullable StopReason reason) {
        return switch (reason) {
            case null -> "OTHER";
            case END_TURN, STOP_SEQUENCE, TOOL_USE, PAUSE_TURN -> "STOP";
            case MAX_TOKENS, CONTEXT_WINDOW -> "MAX_TOKENS";
            case REFUSAL -> "SAFETY";
            case OTHER -> "OTHER";
        };
    }

    /** Whether a limit ended the message, so that its last call may be cut. */
    static boolean cut(@Nullable StopReason reason) {
        return reason == StopReason.MAX_TOKENS || reason == StopReason.CONTEXT_WINDOW;
    }
}

package dev.sluice.dialect.bedrock;

import dev.sluice.core.event.StopReason;

import org.jspecify.annotations.Nullable;

/** The table between {@code stopReason} and stop reasons. */
final class BedrockStops {
    private BedrockStops() {}

    /** What the wire's word says of a message with or without tool uses. */
    static StopReason read(String word, boolean toolSeen) {
        StopReason told =
                switch (word) {
                    case "end_turn" -> StopReason.END_TURN;
                    case "tool_use" -> StopReason.TOOL_USE;
                    case "max_tokens" -> StopReason.MAX_TOKENS;
                    case "stop_sequence" -> StopReason.STOP_SEQUENCE;
                    case "guardrail_intervened", "content_filtered" -> StopReason.REFUSAL;
                    case "model_context_window_exceeded" -> StopReason.CONTEXT_WINDOW;
                    default -> StopReason.OTHER;
                };
        boolean plainEnd = told == StopReason.END_TURN || told == StopReason.OTHER;
        return toolSeen && plainEnd ? StopReason.TOOL_USE : told;
    }

    /** Whether the word says that what the model wrote could not be read. */
    static boolean isMalformed(String word) {
        return word.equals("malformed_model_output") || word.equals("malformed_tool_use");
    }

    /** The wire's word. A refusal in words makes a plain end a filtered one. */
    static String write(StopReason reason, boolean refused) {
        return switch (reason) {
            case END_TURN, PAUSE_TURN, OTHER -> refused ? "content_filtered" : "end_turn";
            case TOOL_USE -> "tool_use";
            case MAX_TOKENS -> "max_tokens";
            case STOP_SEQUENCE -> "stop_sequence";
            case REFUSAL -> "content_filtered";
            case CONTEXT_WINDOW -> "model_context_window_exceeded";
        };
    }

    /** Whether a limit ended the message, so that its last call may be cut. */
    static boolean cut(@Nullable StopReason reason) {
        return reason == StopReason.MAX_TOKENS || reason == StopReason.CONTEXT_WINDOW;
    }
}

package dev.sluice.dialect.openaichat;

import dev.sluice.core.event.StopReason;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.Set;

/** The table between {@code finish_reason} and stop reasons. */
final class OpenAiChatStops {
    private static final Set<String> REASONS =
            Set.of("stop", "end_turn", "eos", "eos_token", "stop_sequence", "length", "tool_calls");

    private OpenAiChatStops() {}

    /** What the wire's word says; an unknown word is {@link StopReason#OTHER}. */
    static StopReason read(Text finishReason) {
        return switch (finishReason.toString()) {
            case "stop" -> StopReason.END_TURN;
            case "length" -> StopReason.MAX_TOKENS;
            case "tool_calls", "function_call" -> StopReason.TOOL_USE;
            case "content_filter" -> StopReason.REFUSAL;
            // Mistral: the context is full.
            case "model_length" -> StopReason.CONTEXT_WINDOW;
            default -> StopReason.OTHER;
        };
    }

    /** The reason that holds after another one was told: a plain end takes nothing back. */
    static StopReason later(@Nullable StopReason told, StopReason later) {
        return told == null || told == StopReason.END_TURN || told == StopReason.OTHER
                ? later
                : told;
    }

    /**
     * Whether the word that vLLM and SGLang put beside the finish reason is a stop sequence, and
     * not a reason as some others put there.
     */
    static boolean isSequence(Text word) {
        return !word.isEmpty() && !REASONS.contains(word.toString());
    }

    /** Reasons by which some servers say that the answer was broken off and is no answer. */
    static Optional<Failure> failure(Text finishReason) {
        return switch (finishReason.toString()) {
            case "error" ->
                    Optional.of(
                            Failure.of(
                                    FailureCode.UPSTREAM_ERROR,
                                    "the upstream broke its answer off with finish_reason"
                                            + " \"error\""));
            case "insufficient_system_resource" ->
                    Optional.of(
                            Failure.of(
                                    FailureCode.OVERLOADED,
                                    "the upstream broke its answer off for want of resources"));
            default -> Optional.empty();
        };
    }

    /**
     * The reason of a whole message. Servers say {@code stop} where they called tools, and {@code
     * tool_calls} where they did not: what is in the message decides.
     *
     * @param told what {@code finish_reason} said, null if it was never said
     */
    static StopReason resolve(
            @Nullable StopReason told, boolean tools, boolean refused, boolean stopSequence) {
        return switch (told) {
            case MAX_TOKENS, REFUSAL, CONTEXT_WINDOW, PAUSE_TURN, STOP_SEQUENCE -> told;
            case TOOL_USE -> tools ? StopReason.TOOL_USE : StopReason.END_TURN;
            case END_TURN, OTHER -> ended(told, tools, refused, stopSequence);
            case null -> ended(StopReason.END_TURN, tools, refused, stopSequence);
        };
    }

    private static StopReason ended(
            StopReason told, boolean tools, boolean refused, boolean stopSequence) {
        if (tools) {
            return StopReason.TOOL_USE;
        }
        if (refused) {
            return StopReason.REFUSAL;
        }
        return stopSequence ? StopReason.STOP_SEQUENCE : told;
    }

    /**
     * The wire's word.
     *
     * @param called whether the message has tool calls, without which the wire's word is not
     *     allowed
     * @param refused whether the message has refusal text, which this dialect ends with {@code
     *     stop}
     */
    static String write(@Nullable StopReason reason, boolean called, boolean refused) {
        return switch (reason) {
            case MAX_TOKENS, CONTEXT_WINDOW -> "length";
            case TOOL_USE -> called ? "tool_calls" : "stop";
            case REFUSAL -> refused ? "stop" : "content_filter";
            case END_TURN, STOP_SEQUENCE, PAUSE_TURN, OTHER -> "stop";
            case null -> "stop";
        };
    }

    /**
     * Whether the limit of tokens or of the context ended the message, so that its last call may be
     * cut.
     */
    static boolean cut(@Nullable StopReason reason) {
        return reason == StopReason.MAX_TOKENS || reason == StopReason.CONTEXT_WINDOW;
    }
}

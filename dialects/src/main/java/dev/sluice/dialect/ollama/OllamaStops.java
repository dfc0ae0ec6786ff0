package dev.sluice.dialect.ollama;

import dev.sluice.core.event.StopReason;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

/** The table between {@code done_reason} and stop reasons. */
final class OllamaStops {
    private OllamaStops() {}

    /**
     * What the wire's word says. It says {@code stop} of calls too, so what was seen decides.
     *
     * @param called whether the message has tool calls
     */
    static StopReason read(Text doneReason, boolean called) {
        StopReason told =
                switch (doneReason.toString()) {
                    case "", "stop", "load", "unload" -> StopReason.END_TURN;
                    case "length" -> StopReason.MAX_TOKENS;
                    default -> StopReason.OTHER;
                };
        return called && told != StopReason.MAX_TOKENS ? StopReason.TOOL_USE : told;
    }

    /** The wire's word. */
    static String write(@Nullable StopReason reason) {
        return cut(reason) ? "length" : "stop";
    }

    /** Whether a limit ended the message, so that its last call may be cut. */
    static boolean cut(@Nullable StopReason reason) {
        return reason == StopReason.MAX_TOKENS || reason == StopReason.CONTEXT_WINDOW;
    }
}

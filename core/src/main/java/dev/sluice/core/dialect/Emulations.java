package dev.sluice.core.dialect;

import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the gateway does in the upstream's place for one request, on the way back.
 *
 * @param toolNames names that the upstream was given, to the names that the client knows
 * @param customTools client's names of free-text tools that the upstream knows as functions with
 *     one string {@code input}
 * @param stopSequences texts at which the gateway ends the answer itself
 * @param begun the text with which the client began the answer, where the upstream says it again;
 *     else empty
 */
public record Emulations(
        Map<String, String> toolNames,
        Set<String> customTools,
        List<String> stopSequences,
        String begun) {
    /** Nothing. */
    public static final Emulations NONE = new Emulations(Map.of(), Set.of(), List.of());

    /** For an upstream that says nothing again. */
    public Emulations(
            Map<String, String> toolNames, Set<String> customTools, List<String> stopSequences) {
        this(toolNames, customTools, stopSequences, "");
    }

    /** Copies. */
    public Emulations {
        toolNames = Map.copyOf(toolNames);
        customTools = Set.copyOf(customTools);
        stopSequences = List.copyOf(stopSequences);
    }

    /** Whether there is nothing to do. */
    public boolean isNone() {
        return toolNames.isEmpty()
                && customTools.isEmpty()
                && stopSequences.isEmpty()
                && begun.isEmpty();
    }

    /**
     * The text with which a client began the answer, if {@code target} says it again: the last
     * message of {@code request}, where that is the model's.
     */
    public static String begun(Request request, Target target) {
        List<Message> messages = request.messages();
        if (!target.quirks().is(Quirk.REPEATS_PREFILL)
                || messages.isEmpty()
                || messages.getLast().role() != Role.ASSISTANT) {
            return "";
        }
        List<Block> blocks = messages.getLast().blocks();
        return blocks.size() == 1 && blocks.getFirst() instanceof Block.Text text
                ? text.text()
                : "";
    }
}

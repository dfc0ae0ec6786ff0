package dev.sluice.core.dialect;

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
 */
public record Emulations(
        Map<String, String> toolNames, Set<String> customTools, List<String> stopSequences) {
    /** Nothing. */
    public static final Emulations NONE = new Emulations(Map.of(), Set.of(), List.of());

    /** Copies. */
    public Emulations {
        toolNames = Map.copyOf(toolNames);
        customTools = Set.copyOf(customTools);
        stopSequences = List.copyOf(stopSequences);
    }

    /** Whether there is nothing to do. */
    public boolean isNone() {
        return toolNames.isEmpty() && customTools.isEmpty() && stopSequences.isEmpty();
    }
}

package dev.sluice.gateway.simulated;

import java.util.List;
import java.util.Optional;

/**
 * Finds stop sequences in text that comes in pieces, and holds back what may be the beginning of
 * one. It holds less than the longest sequence and one piece.
 */
final class StopMatcher {
    private final List<String> sequences;
    private final StringBuilder held = new StringBuilder();
    private String met = "";

    StopMatcher(List<String> sequences) {
        this.sequences = sequences.stream().filter(sequence -> !sequence.isEmpty()).toList();
    }

    /** Whether there is nothing to look for. */
    boolean isIdle() {
        return sequences.isEmpty();
    }

    /** The sequence that was met. */
    Optional<String> met() {
        return met.isEmpty() ? Optional.empty() : Optional.of(met);
    }

    /**
     * Takes a piece, returns the text that may be said now; after a sequence was met, that before
     * it.
     */
    String feed(String piece) {
        held.append(piece);
        int at = held.length();
        for (String sequence : sequences) {
            int found = held.indexOf(sequence);
            if (found >= 0 && found < at) {
                at = found;
                met = sequence;
            }
        }
        return take(met.isEmpty() ? held.length() - undecided() : at);
    }

    /** What was held back, when no more text comes. */
    String rest() {
        return take(held.length());
    }

    private String take(int length) {
        String taken = held.substring(0, length);
        held.delete(0, length);
        return taken;
    }

    /** Length of the longest end of what is held that begins a sequence. */
    private int undecided() {
        int longest = 0;
        String text = held.toString();
        for (String sequence : sequences) {
            for (int n = Math.min(text.length(), sequence.length() - 1); n > longest; n--) {
                if (text.regionMatches(text.length() - n, sequence, 0, n)) {
                    longest = n;
                }
            }
        }
        return longest;
    }
}

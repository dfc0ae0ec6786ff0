package dev.sluice.core.dialect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the first of several texts in a stream of characters (the automaton of Aho and Corasick):
 * one step for each character, however many texts there are and however they overlap. A state is a
 * number; its {@link #depth} is how many of the last characters may still become the beginning of a
 * match.
 *
 * <p>The first match is the one that ends first; of those that end together, the longest.
 */
final class StopSequences {
    /** The state before the first character. */
    static final int START = 0;

    private static final int NONE = -1;

    private final List<String> stops = new ArrayList<>();

    /**
     * Edges as an open hash table: the state and the character that leave, and the state that they
     * lead to.
     */
    private final long[] edges;

    private final int[] targets;

    private final int[] depth;
    private final int[] match;

    /** The state of the longest proper suffix that is a beginning as well. */
    private final int[] fallback;

    private int states = 1;

    /**
     * Empty texts match nothing. Nor do those that begin or end in half a character, which would
     * cut one in two.
     */
    StopSequences(List<String> texts) {
        int length = 0;
        for (String text : texts) {
            if (!text.isEmpty()
                    && !Character.isLowSurrogate(text.charAt(0))
                    && !Character.isHighSurrogate(text.charAt(text.length() - 1))) {
                stops.add(text);
                length += text.length();
            }
        }
        int room = Integer.highestOneBit(length + 1) << 2;
        edges = new long[room];
        targets = new int[room];
        depth = new int[length + 1];
        match = new int[length + 1];
        fallback = new int[length + 1];
        Arrays.fill(match, NONE);
        int[] parent = new int[length + 1];
        char[] via = new char[length + 1];
        for (int i = 0; i < stops.size(); i++) {
            insert(i, parent, via);
        }
        link(parent, via);
    }

    private void insert(int stop, int[] parent, char[] via) {
        String text = stops.get(stop);
        int state = START;
        for (int i = 0; i < text.length(); i++) {
            int slot = slot(state, text.charAt(i));
            if (targets[slot] == 0) {
                edges[slot] = edge(state, text.charAt(i));
                targets[slot] = states;
                parent[states] = state;
                via[states] = text.charAt(i);
                depth[states] = i + 1;
                states++;
            }
            state = targets[slot];
        }
        match[state] = stop;
    }

    /** Sets the fallbacks, those of shorter beginnings first. */
    private void link(int[] parent, char[] via) {
        for (int state : byDepth()) {
            if (depth[state] > 1) {
                fallback[state] = step(fallback[parent[state]], via[state]);
            }
            if (match[state] == NONE) {
                match[state] = match[fallback[state]];
            }
        }
    }

    private int[] byDepth() {
        int[] begin = new int[depth.length + 1];
        for (int state = 1; state < states; state++) {
            begin[depth[state] + 1]++;
        }
        for (int d = 1; d < begin.length; d++) {
            begin[d] += begin[d - 1];
        }
        int[] ordered = new int[states - 1];
        for (int state = 1; state < states; state++) {
            ordered[begin[depth[state]]++] = state;
        }
        return ordered;
    }

    private static long edge(int state, char c) {
        return (long) state << 16 | c;
    }

    /** Where the edge stands, or the free place where it would. */
    private int slot(int state, char c) {
        long wanted = edge(state, c);
        int mask = edges.length - 1;
        int slot = (int) (wanted * 0x9e3779b97f4a7c15L >>> 32) & mask;
        while (targets[slot] != 0 && edges[slot] != wanted) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    /** Whether there is nothing to find. */
    boolean isEmpty() {
        return stops.isEmpty();
    }

    /** The state after {@code c}. */
    int step(int state, char c) {
        int from = state;
        while (true) {
            int target = targets[slot(from, c)];
            if (target != 0) {
                return target;
            }
            if (from == START) {
                return START;
            }
            from = fallback[from];
        }
    }

    /** How many of the last characters may become a match, or are one. */
    int depth(int state) {
        return depth[state];
    }

    /** Whether a text ends here. */
    boolean matches(int state) {
        return match[state] != NONE;
    }

    /** The longest text that ends here. */
    String found(int state) {
        return stops.get(match[state]);
    }
}

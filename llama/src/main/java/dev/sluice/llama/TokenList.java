package dev.sluice.llama;

import java.util.Arrays;

/** Tokens in their order. */
final class TokenList {
    private int[] tokens = new int[64];
    private int size;

    int size() {
        return size;
    }

    void add(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, size * 2);
        }
        tokens[size++] = token;
    }

    /** Leaves the first {@code count} tokens. */
    void cut(int count) {
        size = Math.min(size, count);
    }

    /** How many tokens from the first on are those of {@code other}. */
    int common(int[] other) {
        int mismatch = Arrays.mismatch(tokens, 0, size, other, 0, other.length);
        return mismatch < 0 ? size : mismatch;
    }
}

package dev.sluice.llama;

import dev.sluice.llama.binding.Context;

import org.jspecify.annotations.Nullable;

/**
 * One of the sequences of a context: the tokens that the model has read of it, and the text that is
 * being written in it. What was read stays when a text ends, for a next one that begins alike.
 */
final class Sequence {
    private final int number;
    private final TokenList read = new TokenList();
    private @Nullable Writing writing;
    private long lastUsed;

    Sequence(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    @Nullable Writing writing() {
        return writing;
    }

    boolean isIdle() {
        return writing == null;
    }

    long lastUsed() {
        return lastUsed;
    }

    /** Tokens that were read. */
    int size() {
        return read.size();
    }

    /** How many tokens of {@code prompt} need not be read again; the last one always is. */
    int known(int[] prompt) {
        return Math.min(read.common(prompt), prompt.length - 1);
    }

    /** Takes a text and forgets what does not belong to it; returns how many tokens are known. */
    int take(Writing taken, Context context, long now) {
        writing = taken;
        lastUsed = now;
        return forget(context, known(taken.prompt()));
    }

    /** Forgets all from {@code from} on, or everything if the model cannot forget a part. */
    private int forget(Context context, int from) {
        if (from == read.size()) {
            return from;
        }
        int kept = context.forget(number, from) ? from : 0;
        if (kept == 0) {
            context.forget(number, 0);
        }
        read.cut(kept);
        return kept;
    }

    /** The text has ended. */
    void release() {
        writing = null;
    }

    /** Nobody wants what was written: only the prompt is kept. */
    void giveUp(Context context, int promptLength) {
        writing = null;
        if (read.size() > promptLength) {
            forget(context, promptLength);
        }
    }

    /** The context knows nothing any more. */
    void lose() {
        read.cut(0);
    }

    /** Whether the prompt is read. */
    boolean isWriting() {
        return writing != null && writing.drawn() >= 0;
    }

    /** Tokens of the prompt that are not read. */
    int unread() {
        return writing == null || isWriting() ? 0 : writing.prompt().length - read.size();
    }

    /** The next token of the text is drawn after the one at {@code index} of this step. */
    void drawAfter(int index) {
        if (writing != null) {
            writing.index(index);
        }
    }

    /** The next token to read, which now counts as read. */
    int next() {
        if (writing == null) {
            throw new IllegalStateException("an idle sequence has no next token");
        }
        int token = isWriting() ? writing.drawn() : writing.prompt()[read.size()];
        read.add(token);
        return token;
    }
}

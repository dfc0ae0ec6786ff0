package dev.sluice.llama;

/**
 * How many tokens of prompts a step may read. Alone they may fill it. Beside texts that are being
 * written they get so many that the step lasts about as long as a token may be late without being
 * felt, or twice as long as it does without them where the model is slow: what the steps before
 * took says how many that is.
 */
final class PromptPace {
    /** A token that is later than this is felt. */
    private static final long LONG_NANOS = 40_000_000;

    private static final int LEAST = 8;

    /** Fewer tokens say little of what one of them takes: most of their step is not theirs. */
    private static final int TELLING = 16;

    private final int batch;
    private int share;

    /** What a step takes that reads no prompt, over some of the last ones. */
    private long writingNanos;

    PromptPace(int batch) {
        this.batch = batch;
        this.share = Math.min(batch, 64);
    }

    /**
     * Tokens of prompts for the next step.
     *
     * @param writing texts that are being written and have their token in it
     * @param left room beside these
     */
    int most(int writing, int left) {
        return writing > 0 ? Math.min(left, share) : left;
    }

    /** A step that read {@code prompts} tokens of prompts took this long. */
    void took(int prompts, long nanos) {
        if (prompts == 0) {
            writingNanos += (nanos - writingNanos) / 8;
        } else if (prompts >= Math.min(TELLING, share)) {
            double most = Math.max(LONG_NANOS, 2.0 * writingNanos);
            share = (int) Math.clamp(prompts * most / nanos, Math.min(LEAST, batch), batch);
        }
    }
}

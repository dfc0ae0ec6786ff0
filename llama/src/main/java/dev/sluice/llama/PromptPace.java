package dev.sluice.llama;

/**
 * How many tokens of prompts a step may read. Alone they may fill it; beside texts that are being
 * written only as many as keep the step short, which is found out by trying.
 */
final class PromptPace {
    /** A token that is this late is felt. */
    private static final long LONG_NANOS = 60_000_000;

    private static final long SHORT_NANOS = 25_000_000;
    private static final int LEAST = 8;

    private final int batch;
    private int share;
    private boolean mixed;

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
        mixed = writing > 0;
        return mixed ? Math.min(left, share) : left;
    }

    /** The step took this long. */
    void took(long nanos) {
        if (mixed && nanos > LONG_NANOS) {
            share = Math.max(LEAST, share / 2);
        } else if (mixed && nanos < SHORT_NANOS) {
            share = Math.min(batch, share * 2);
        }
        mixed = false;
    }
}

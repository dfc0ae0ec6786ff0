package dev.sluice.core;

import java.util.SplittableRandom;

/**
 * Repeats a test on random input. A failure tells the seed of its round; {@code -Dsluice.seed=N}
 * runs that round alone.
 */
public final class Seeded {
    /** A test on random input. */
    @FunctionalInterface
    public interface Round {
        /** Runs the test once. */
        void run(SplittableRandom random);
    }

    private Seeded() {}

    /**
     * Runs {@code round} so many times, each with a seed of its own.
     *
     * @return whether all of them were run, not one that was asked for
     */
    public static boolean times(int rounds, Round round) {
        Long only = Long.getLong("sluice.seed");
        if (only != null) {
            round.run(new SplittableRandom(only));
            return false;
        }
        long base = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            long seed = base + i;
            try {
                round.run(new SplittableRandom(seed));
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError(
                        "with -Dsluice.seed=" + seed + ": " + failed.getMessage(), failed);
            }
        }
        return true;
    }
}

package dev.sluice.cli.bench;

import java.util.Arrays;

/** Numbers that were measured, all of them: what is said of them is exact. */
public final class Numbers {
    private final double[] sorted;

    private Numbers(double[] sorted) {
        this.sorted = sorted;
    }

    /** The numbers in {@code values}. */
    public static Numbers of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return new Numbers(sorted);
    }

    /** How many there are. */
    public int count() {
        return sorted.length;
    }

    /** The average; not a number if there are none. */
    public double mean() {
        return Arrays.stream(sorted).average().orElse(Double.NaN);
    }

    /** The standard deviation of a sample; 0 for one number. */
    public double deviation() {
        if (sorted.length < 2) {
            return sorted.length == 0 ? Double.NaN : 0;
        }
        double mean = mean();
        double squares = Arrays.stream(sorted).map(x -> (x - mean) * (x - mean)).sum();
        return Math.sqrt(squares / (sorted.length - 1));
    }

    /**
     * The smallest number that {@code percent} of all are not above (the nearest rank); not a
     * number if there are none.
     */
    public double percentile(double percent) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
    }

    /** The smallest. */
    public double least() {
        return percentile(0);
    }

    /** The largest. */
    public double most() {
        return percentile(100);
    }

    /** Each in its order. */
    double[] sorted() {
        return sorted;
    }
}

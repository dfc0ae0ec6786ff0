package dev.sluice.cli.bench;

import java.util.Arrays;

/**
 * One stream as its client saw it. Times are in nanoseconds and count from when the stream was due,
 * so that one that began late because others were slow shows what it waited.
 *
 * @param number which run it was
 * @param due when it was due, counted from the beginning of all
 * @param arrivals when each token came: each piece of content, be it text, thinking or arguments
 * @param tokens how many tokens the server counted; the pieces where it counted none
 * @param problem the kind of failure that ended it, empty if it is whole
 */
public record Sample(int number, long due, long[] arrivals, long tokens, String problem) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Whether it came to its end. */
    public boolean isWhole() {
        return problem.isEmpty();
    }

    /** Time to the first token; not a number if none came. */
    public double ttft() {
        return arrivals.length == 0 ? Double.NaN : (double) arrivals[0];
    }

    /** Time to the last token; not a number if none came. */
    public double ttlt() {
        return arrivals.length == 0 ? Double.NaN : (double) arrivals[arrivals.length - 1];
    }

    /** Tokens per second from the first to the last; not a number if that is no time. */
    public double tps() {
        double time = ttlt() - ttft();
        return time > 0 && tokens > 1
                ? (double) (tokens - 1) * NANOS_PER_SECOND / time
                : Double.NaN;
    }

    /** Times between two tokens, in their order. */
    public double[] tbts() {
        double[] tbts = new double[Math.max(0, arrivals.length - 1)];
        Arrays.setAll(tbts, i -> (double) (arrivals[i + 1] - arrivals[i]));
        return tbts;
    }

    /**
     * How much one time between tokens differs from the one before, on the average; not a number if
     * there are fewer than two.
     */
    public double jitter() {
        double[] tbts = tbts();
        double sum = 0;
        for (int i = 1; i < tbts.length; i++) {
            sum += Math.abs(tbts[i] - tbts[i - 1]);
        }
        return tbts.length < 2 ? Double.NaN : sum / (tbts.length - 1);
    }
}

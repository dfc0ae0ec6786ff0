package dev.sluice.gateway.exchange;

import dev.sluice.core.event.Usage;

/**
 * The times of one stream: to the first token (TTFT), between tokens (TBT), to the last (TTLT). A
 * token here is a piece of content as the upstream sent it. Times between tokens are counted in
 * classes, four for each power of two, so that percentiles cost a counter for each token and half a
 * kilobyte for each stream.
 */
public final class Measures {
    private static final int CLASSES = 128;
    private static final int STEPS = 2;

    private final long start;
    private long first;
    private long last;
    private long tokens;
    private int[] gaps = NO_GAPS;

    private static final int[] NO_GAPS = new int[0];

    Measures(long startNanos) {
        start = startNanos;
    }

    /** When the request came. */
    long start() {
        return start;
    }

    void token(long now) {
        if (tokens++ == 0) {
            first = now;
        } else {
            if (gaps.length == 0) {
                gaps = new int[CLASSES];
            }
            gaps[classOf((now - last) >>> 10)]++;
        }
        last = now;
    }

    /**
     * Microseconds (of 1024 ns) to their class: exact up to 4, then four classes for each power of
     * two.
     */
    private static int classOf(long micros) {
        if (micros < 1 << STEPS) {
            return (int) Math.max(0, micros);
        }
        int power = 63 - Long.numberOfLeadingZeros(micros);
        int step = (int) (micros >>> (power - STEPS)) & ((1 << STEPS) - 1);
        return Math.min(CLASSES - 1, ((power - STEPS + 1) << STEPS) + step);
    }

    private static double microsOf(int index) {
        if (index < 1 << STEPS) {
            return index;
        }
        int power = (index >> STEPS) + STEPS - 1;
        long step = index & ((1 << STEPS) - 1);
        long low = (1L << power) + (step << (power - STEPS));
        return low + (1L << (power - STEPS)) / 2.0;
    }

    /** Pieces of content so far. */
    public long tokens() {
        return tokens;
    }

    /** Nanoseconds to the first token, 0 before it. */
    long nanosToFirst() {
        return tokens == 0 ? 0 : first - start;
    }

    /** Milliseconds to the first token, or -1. */
    public double ttftMillis() {
        return tokens == 0 ? -1 : (first - start) / 1e6;
    }

    /** Milliseconds to the last token, or -1. */
    public double ttltMillis() {
        return tokens == 0 ? -1 : (last - start) / 1e6;
    }

    /**
     * Milliseconds between tokens that {@code part} of the gaps, 0 to 1, do not exceed; -1 when
     * there is no gap.
     */
    public double tbtMillis(double part) {
        if (tokens < 2) {
            return -1;
        }
        long wanted = (long) Math.ceil(part * (tokens - 1));
        long seen = 0;
        for (int i = 0; i < gaps.length; i++) {
            seen += gaps[i];
            if (seen >= wanted) {
                return microsOf(i) * 1.024e-3;
            }
        }
        return -1;
    }

    /**
     * Tokens per second from the first to the last, by the upstream's own count where it gave one;
     * -1 when there is no gap.
     */
    public double tokensPerSecond(Usage usage) {
        long count = usage.output() > 1 ? usage.output() : tokens;
        return tokens < 2 || last == first ? -1 : (count - 1) * 1e9 / (last - first);
    }
}

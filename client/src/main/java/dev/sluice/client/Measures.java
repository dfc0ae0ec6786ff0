package dev.sluice.client;

import dev.sluice.core.event.Usage;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** Counts the tokens of one stream and the times between them. Five numbers, however long it is. */
final class Measures {
    private static final double NANOS_PER_SECOND = 1e9;

    private final long start;
    private long first;
    private long last;
    private long longest;
    private long tokens;

    Measures(long startNanos) {
        start = startNanos;
    }

    /** Another token came. */
    void token(long now) {
        if (tokens == 0) {
            first = now;
        } else {
            longest = Math.max(longest, now - last);
        }
        tokens++;
        last = now;
    }

    long tokens() {
        return tokens;
    }

    /** How long after the start {@code now} is. */
    Duration at(long now) {
        return Duration.ofNanos(now - start);
    }

    /** What is known at {@code now}. */
    StreamMetrics snapshot(Usage usage, long now) {
        boolean some = tokens > 0;
        boolean several = tokens > 1;
        return new StreamMetrics(
                tokens,
                some ? Optional.of(at(first)) : Optional.empty(),
                several
                        ? Optional.of(Duration.ofNanos((last - first) / (tokens - 1)))
                        : Optional.empty(),
                several ? Optional.of(Duration.ofNanos(longest)) : Optional.empty(),
                several && last > first
                        ? OptionalDouble.of(perSecond(usage))
                        : OptionalDouble.empty(),
                at(now));
    }

    private double perSecond(Usage usage) {
        long count = usage.output() > 1 ? usage.output() : tokens;
        return (count - 1) * NANOS_PER_SECOND / (last - first);
    }
}

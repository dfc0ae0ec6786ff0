package dev.sluice.client;

import dev.sluice.core.failure.Failure;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before another attempt: as long as the server says, or twice as long as the time
 * before, give or take a quarter, so that clients which failed together do not come together.
 */
final class Backoff {
    private static final double SPREAD = 0.25;

    private final Duration first;
    private int left;
    private int made;

    Backoff(int retries, Duration first) {
        this.left = retries;
        this.first = first;
    }

    /**
     * The wait before the next attempt; empty when there shall be none, because they are used up or
     * because the wait is longer than {@code patience}.
     */
    Optional<Duration> next(Failure failure, Duration patience) {
        Duration wait = failure.retryAfter() == null ? growing() : failure.retryAfter();
        if (left == 0 || wait.compareTo(patience) >= 0) {
            return Optional.empty();
        }
        left--;
        made++;
        return Optional.of(wait);
    }

    private Duration growing() {
        double spread = 1 + SPREAD * ThreadLocalRandom.current().nextDouble(-1, 1);
        return Duration.ofNanos((long) (first.toNanos() * Math.pow(2, made) * spread));
    }
}

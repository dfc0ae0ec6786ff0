package dev.sluice.testkit;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for a condition, never for longer than a limit. Every wait looks once before it pauses and
 * once more after the limit, so a loaded machine cannot fail a condition that holds.
 */
public final class Eventually {
    private static final long PAUSE_NANOS = 500_000;

    private Eventually() {}

    /** A piece of test code that may throw anything. */
    @FunctionalInterface
    public interface Check {
        /** Throws when the check does not hold (yet). */
        void run() throws Exception;
    }

    /**
     * Returns as soon as the condition holds; fails naming {@code what} when it does not within the
     * limit.
     */
    public static void within(Duration limit, String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                if (condition.getAsBoolean()) {
                    return;
                }
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
            }
            pause(what);
        }
    }

    /** As {@link #within(Duration, String, BooleanSupplier)}, without a name. */
    public static void within(Duration limit, BooleanSupplier condition) {
        within(limit, "the condition", condition);
    }

    /** The value, as soon as there is one. */
    public static <T> T present(Duration limit, String what, Supplier<Optional<T>> value) {
        long start = System.nanoTime();
        while (true) {
            boolean late = System.nanoTime() - start > limit.toNanos();
            Optional<T> found = value.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (late) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
            }
            pause(what);
        }
    }

    /** Returns as soon as the check passes; fails with the check's last failure. */
    public static void passes(Duration limit, Check check) {
        long start = System.nanoTime();
        while (true) {
            boolean late = System.nanoTime() - start > limit.toNanos();
            Throwable failure = failureOf(check);
            if (failure == null) {
                return;
            }
            if (late) {
                throw new AssertionError(
                        "not within " + limit.toMillis() + " ms: " + failure.getMessage(), failure);
            }
            pause("the check");
        }
    }

    /**
     * Returns after the whole duration; fails as soon as the condition does not hold. For "and
     * nothing more happens".
     */
    public static void stays(Duration duration, String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        do {
            if (!condition.getAsBoolean()) {
                long millis = (System.nanoTime() - start) / 1_000_000;
                throw new AssertionError("no longer so after " + millis + " ms: " + what);
            }
            pause(what);
        } while (System.nanoTime() - start < duration.toNanos());
    }

    /**
     * The result of a future; fails when it is not there within the limit or when the future
     * failed.
     */
    public static <T> T completes(Duration limit, String what, Future<T> future) {
        try {
            return future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not within " + limit.toMillis() + " ms: " + what, e);
        } catch (ExecutionException e) {
            throw new AssertionError(what + " failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting: " + what, e);
        }
    }

    private static @Nullable Throwable failureOf(Check check) {
        try {
            check.run();
            return null;
        } catch (Exception | AssertionError e) {
            return e;
        }
    }

    private static void pause(String what) {
        LockSupport.parkNanos(PAUSE_NANOS);
        if (Thread.currentThread().isInterrupted()) {
            throw new AssertionError("interrupted while waiting: " + what);
        }
    }
}

package dev.sluice.gateway.exchange;

/**
 * The event loop that an exchange lives on: its clock, its timers, the end of its turn. Everything
 * of one exchange is called on it.
 */
public interface Loop {
    /** Monotonic time in nanoseconds. */
    long nanoTime();

    /** Wall-clock time in milliseconds since 1970. */
    long currentTimeMillis();

    /** Runs {@code task} once after {@code delayMillis}; the task may be cancelled. */
    Timer schedule(long delayMillis, Runnable task);

    /** Runs {@code task} on this loop, after the present turn; callable from any thread. */
    void execute(Runnable task);

    /** A task that is due later. */
    interface Timer {
        /** Takes the task back if it has not run. */
        void cancel();
    }
}

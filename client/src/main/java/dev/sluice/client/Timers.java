package dev.sluice.client;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread for the timers of all streams; it only hands tasks over to their loops. */
final class Timers {
    private static final ScheduledThreadPoolExecutor THREAD = thread();

    private Timers() {}

    private static ScheduledThreadPoolExecutor thread() {
        ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().daemon().name("sluice-timer").factory());
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    /** Runs {@code task} on {@code loop} after {@code wait}; the result, when run, prevents it. */
    static Runnable after(Duration wait, Executor loop, Runnable task) {
        Future<?> timer =
                THREAD.schedule(
                        () -> loop.execute(task),
                        Math.max(0, wait.toNanos()),
                        TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
    }
}

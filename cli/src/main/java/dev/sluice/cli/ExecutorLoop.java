package dev.sluice.cli;

import dev.sluice.gateway.exchange.Loop;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** An executor that runs one task at a time as the loop that a provider lives on. */
final class ExecutorLoop implements Loop {
    private static final ScheduledExecutorService CLOCK =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("clock").factory());

    private final Executor executor;

    ExecutorLoop(Executor executor) {
        this.executor = executor;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long currentTimeMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public Timer schedule(long delayMillis, Runnable task) {
        Due due = new Due(task);
        var _ = CLOCK.schedule(() -> executor.execute(due), delayMillis, TimeUnit.MILLISECONDS);
        return due;
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** Runs on the loop, and is cancelled there. */
    private static final class Due implements Timer, Runnable {
        private final Runnable task;
        private boolean cancelled;

        Due(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            if (!cancelled) {
                task.run();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}

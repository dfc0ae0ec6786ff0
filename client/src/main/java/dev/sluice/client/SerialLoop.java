package dev.sluice.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one at a time and in their order, as an event loop does, with no thread of its own:
 * while there are tasks, a virtual thread runs them. What is used on one loop alone needs no locks.
 */
final class SerialLoop implements Executor {
    private static final Executor THREADS =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("sluice-", 0).factory());

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            THREADS.execute(this::run);
        }
    }

    private void run() {
        do {
            Runnable task = tasks.remove();
            try {
                task.run();
            } catch (RuntimeException | Error accident) {
                // The tasks behind it must not wait for ever; whoever watches threads sees it.
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, accident);
            }
        } while (waiting.decrementAndGet() > 0);
    }
}

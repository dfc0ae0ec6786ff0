package dev.sluice.gateway.exchange;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A loop whose time stands still until a test moves it: the same calls give the same order, always.
 */
public final class ManualLoop implements Loop {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long START_NANOS = 7_000_000_000L;

    private record Due(long nanos, long order, Runnable task) {}

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Due> timers =
            new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::order));
    private long nanos = START_NANOS;
    private long order;
    private long turns;

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public long currentTimeMillis() {
        return 1_760_000_000_000L + nanos / NANOS_PER_MILLI;
    }

    @Override
    public Timer schedule(long delayMillis, Runnable task) {
        if (delayMillis < 1) {
            throw new IllegalArgumentException("delayMillis: " + delayMillis + " (expected: >= 1)");
        }
        Due due = new Due(nanos + delayMillis * NANOS_PER_MILLI, order++, task);
        timers.add(due);
        return () -> timers.remove(due);
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** How many timers wait. */
    public int timers() {
        return timers.size();
    }

    /** How many tasks wait for the next turn. */
    public int tasks() {
        return tasks.size();
    }

    /** How many turns there were that had something to do. */
    public long turns() {
        return turns;
    }

    /** Milliseconds that have passed since the loop was made. */
    public long elapsedMillis() {
        return (nanos - START_NANOS) / NANOS_PER_MILLI;
    }

    /** Runs one turn: the tasks that wait now, not those that they add; whether there were any. */
    public boolean turn() {
        int waiting = tasks.size();
        turns += waiting == 0 ? 0 : 1;
        for (int i = 0; i < waiting; i++) {
            tasks.remove().run();
        }
        return waiting > 0;
    }

    /** Runs turns until no task waits; time stands still. */
    public void settle() {
        int limit = 1_000_000;
        while (turn()) {
            if (--limit == 0) {
                throw new IllegalStateException("the loop has no rest");
            }
        }
    }

    /** Lets time pass, and runs what is due on the way, each at its time. */
    public void advance(long millis) {
        long until = nanos + millis * NANOS_PER_MILLI;
        settle();
        while (!timers.isEmpty() && timers.element().nanos() <= until) {
            fire();
            settle();
        }
        nanos = until;
    }

    /**
     * Lets time pass at once, as when the loop was kept busy: what is due runs late, at the end.
     */
    public void block(long millis) {
        nanos += millis * NANOS_PER_MILLI;
        advance(0);
    }

    /** Runs until neither a task nor a timer waits, at most an hour. */
    public void finish() {
        settle();
        long until = nanos + 3_600_000 * NANOS_PER_MILLI;
        while (!timers.isEmpty() && timers.element().nanos() <= until) {
            fire();
            settle();
        }
    }

    private void fire() {
        Due due = timers.remove();
        nanos = Math.max(nanos, due.nanos());
        turns++;
        due.task().run();
    }
}

package dev.sluice.testkit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A door that opens once. One side waits at it ({@link #await}), the other knows when it is there
 * ({@link #awaitReached}) and opens it. Two gates make the order of two threads a fact instead of a
 * hope.
 */
public final class Gate {
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> reached = new CompletableFuture<>();

    private Gate() {}

    /** A gate that nobody has opened yet. */
    public static Gate closed() {
        return new Gate();
    }

    /** Lets everybody through, now and later. */
    public void open() {
        opened.complete(null);
    }

    /** Whether it was opened. */
    public boolean isOpen() {
        return opened.isDone();
    }

    /** Waits until the gate is open; fails after the limit. */
    public void await(Duration limit) {
        Eventually.completes(limit, "the gate opens", arrive());
    }

    /** Waits until somebody stands at the gate (or went through); fails after the limit. */
    public void awaitReached(Duration limit) {
        Eventually.completes(limit, "somebody reaches the gate", reached);
    }

    /**
     * Marks the gate as reached; the returned future completes when it is open. For those who wait
     * for several things.
     */
    public CompletableFuture<Void> arrive() {
        reached.complete(null);
        return opened.copy();
    }
}

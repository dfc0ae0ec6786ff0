package dev.sluice.testkit.http;

/**
 * How and when a connection ended, seen from the side that tells it.
 *
 * @param how who ended it, and how
 * @param nanos when it was seen, by {@link System#nanoTime}
 */
public record ConnectionEnd(How how, long nanos) {
    /** Who ended it, and how. */
    public enum How {
        /** The peer closed (or half-closed) in order. */
        FIN,
        /** The peer reset. */
        RESET,
        /** This side closed first. */
        OURS
    }

    /** Whether the peer went, in whatever way. */
    public boolean byPeer() {
        return how != How.OURS;
    }

    /** Milliseconds from then to the end. */
    public long millisSince(long thenNanos) {
        return (nanos - thenNanos) / 1_000_000;
    }
}

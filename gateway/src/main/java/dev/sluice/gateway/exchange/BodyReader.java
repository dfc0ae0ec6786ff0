package dev.sluice.gateway.exchange;

import dev.sluice.core.failure.Failure;

/** Reads the body of one upstream answer, in the way that its head and the exchange call for. */
interface BodyReader {
    /** A piece of the body. */
    void onBytes(byte[] bytes, int offset, int length);

    /** The body is at its end, as its framing says. */
    void onEnd();

    /** Tells the exchange what is known so far of usage and stop reason. */
    default void observe() {}

    /** How many of the upstream's events have gone on as they were, where they are numbered. */
    default long eventsRelayed() {
        return 0;
    }

    /** The body breaks off. */
    default void onBroken(Attempt attempt, Failure failure) {
        attempt.failed(failure);
    }
}

package dev.sluice.gateway.exchange;

import java.time.Duration;

/**
 * What becomes of an exchange whose client has left.
 *
 * @param kind whether it goes on
 * @param tokens how many pieces of content may still come of one that is drained
 * @param time how long it may still take
 */
public record Departure(Kind kind, long tokens, Duration time) {
    /** Whether an exchange goes on without its client. */
    public enum Kind {
        /** Nothing was said: it ends, at once or when no client can come back to it any more. */
        USUAL,
        /** It ends at once. */
        CANCEL,
        /** It goes on to a limit, so that what is nearly there comes to its end. */
        DRAIN,
        /** It goes on to its end. */
        DETACH
    }

    /** Nothing was said. */
    public static final Departure USUAL = new Departure(Kind.USUAL, 0, Duration.ZERO);

    /** Whether the exchange ends when nobody waits for it any more. */
    boolean ends() {
        return kind == Kind.USUAL || kind == Kind.CANCEL;
    }
}

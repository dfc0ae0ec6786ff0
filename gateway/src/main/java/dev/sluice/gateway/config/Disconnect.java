package dev.sluice.gateway.config;

import java.time.Duration;

/**
 * What a route wants with answers whose clients have left.
 *
 * @param then whether they go on
 * @param tokens how many tokens may still come of one that is drained
 * @param time how long it may still take
 */
public record Disconnect(OnDisconnect then, int tokens, Duration time) {
    static final Range<Integer> TOKENS = Range.ofNumbers(1, 1_000_000);
    static final int DEFAULT_TOKENS = 256;
    static final Duration DEFAULT_TIME = Duration.ofSeconds(10);

    /** Refuses limits out of range. */
    public Disconnect {
        TOKENS.check("drain-tokens", tokens);
        Timeouts.RANGE.check("drain-time", time);
    }

    /** With the usual limits. */
    public static Disconnect of(OnDisconnect then) {
        return new Disconnect(then, DEFAULT_TOKENS, DEFAULT_TIME);
    }
}

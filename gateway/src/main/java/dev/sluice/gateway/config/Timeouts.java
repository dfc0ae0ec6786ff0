package dev.sluice.gateway.config;

import java.time.Duration;

/**
 * How long an exchange waits for its provider.
 *
 * @param connect for a connection
 * @param firstToken from the request to the first content
 * @param interToken from one piece of content to the next
 * @param total for everything
 */
public record Timeouts(Duration connect, Duration firstToken, Duration interToken, Duration total) {

    static final Range<Duration> RANGE = Range.ofDurations("1ms", "168h");

    /** Five seconds, two minutes, one minute, half an hour. */
    public static final Timeouts DEFAULT =
            new Timeouts(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(30));

    /** Refuses durations that are not positive, or longer than a week. */
    public Timeouts {
        RANGE.check("connect", connect);
        RANGE.check("first-token", firstToken);
        RANGE.check("inter-token", interToken);
        RANGE.check("total", total);
    }
}

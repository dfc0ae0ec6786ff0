package dev.sluice.gateway.exchange;

import java.time.Duration;

/**
 * How long an upstream may take.
 *
 * @param connect until its connection stands
 * @param firstToken from the request to the first content
 * @param interToken between one piece of content and the next, pings not counted
 * @param total for the whole answer
 */
public record Timeouts(Duration connect, Duration firstToken, Duration interToken, Duration total) {
    /** 5 s, 2 min, 1 min, 30 min. */
    public static final Timeouts DEFAULT =
            new Timeouts(
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(30));
}

package dev.sluice.gateway.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The timeouts that a provider or a route wants otherwise; what is absent stays as it was.
 *
 * @param connect for a connection
 * @param firstToken from the request to the first content
 * @param interToken from one piece of content to the next
 * @param total for everything
 */
public record TimeoutOverrides(
        Optional<Duration> connect,
        Optional<Duration> firstToken,
        Optional<Duration> interToken,
        Optional<Duration> total) {

    /** Nothing otherwise. */
    public static final TimeoutOverrides NONE =
            new TimeoutOverrides(
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Refuses what {@link Timeouts} would refuse. */
    public TimeoutOverrides {
        connect.ifPresent(value -> Timeouts.RANGE.check("connect", value));
        firstToken.ifPresent(value -> Timeouts.RANGE.check("first-token", value));
        interToken.ifPresent(value -> Timeouts.RANGE.check("inter-token", value));
        total.ifPresent(value -> Timeouts.RANGE.check("total", value));
    }

    /** This with another time for a connection. */
    public TimeoutOverrides withConnect(Duration value) {
        return new TimeoutOverrides(Optional.of(value), firstToken, interToken, total);
    }

    /** This with another time for the first content. */
    public TimeoutOverrides withFirstToken(Duration value) {
        return new TimeoutOverrides(connect, Optional.of(value), interToken, total);
    }

    /** This with another time between pieces of content. */
    public TimeoutOverrides withInterToken(Duration value) {
        return new TimeoutOverrides(connect, firstToken, Optional.of(value), total);
    }

    /** This with another time for everything. */
    public TimeoutOverrides withTotal(Duration value) {
        return new TimeoutOverrides(connect, firstToken, interToken, Optional.of(value));
    }

    /** {@code base} with these laid over it. */
    public Timeouts over(Timeouts base) {
        return new Timeouts(
                connect.orElse(base.connect()),
                firstToken.orElse(base.firstToken()),
                interToken.orElse(base.interToken()),
                total.orElse(base.total()));
    }
}

package dev.sluice.gateway.config;

import java.util.List;
import java.util.Optional;

/**
 * A name that clients may ask for, and who answers.
 *
 * @param name the name in a request's {@code model}
 * @param targets who is asked, in this order, until one answers
 * @param timeouts what this route wants otherwise than its providers
 * @param disconnect what it wants with answers whose clients have left; empty if nothing is said
 */
public record RouteConfig(
        String name,
        List<Target> targets,
        TimeoutOverrides timeouts,
        Optional<Disconnect> disconnect) {

    /** Refuses a route that leads nowhere. */
    public RouteConfig {
        Names.ROUTE.check("", name);
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw InvalidValue.of("to", "is empty", Target.EXPECTED);
        }
    }

    /** The route to these {@code provider/model}s. */
    public static RouteConfig of(String name, String... targets) {
        List<Target> to = List.of(targets).stream().map(Target::of).toList();
        return new RouteConfig(name, to, TimeoutOverrides.NONE, Optional.empty());
    }

    /** This with other timeouts. */
    public RouteConfig withTimeouts(TimeoutOverrides other) {
        return new RouteConfig(name, targets, other, disconnect);
    }

    /** This with something to do when a client leaves. */
    public RouteConfig withDisconnect(Disconnect other) {
        return new RouteConfig(name, targets, timeouts, Optional.of(other));
    }
}

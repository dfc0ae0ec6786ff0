package dev.sluice.gateway.config;

import java.util.List;

/**
 * A name that clients may ask for, and who answers.
 *
 * @param name the name in a request's {@code model}
 * @param targets who is asked, in this order, until one answers
 * @param timeouts what this route wants otherwise than its providers
 */
public record RouteConfig(String name, List<Target> targets, TimeoutOverrides timeouts) {

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
        return new RouteConfig(name, to, TimeoutOverrides.NONE);
    }

    /** This with other timeouts. */
    public RouteConfig withTimeouts(TimeoutOverrides other) {
        return new RouteConfig(name, targets, other);
    }
}

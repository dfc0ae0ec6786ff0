package dev.sluice.gateway.upstream;

import dev.sluice.core.provider.Provider;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The model servers that one event loop has connections to. One whose plan has changed is another:
 * the old one is retired, and its connections last as long as the streams on them.
 */
public final class OpenUpstreams {
    private record Opened(UpstreamPlan plan, Provider provider) {}

    private final Map<String, Opened> opened = new HashMap<>();
    private final Function<UpstreamPlan, Provider> open;

    /** None yet; {@code open} makes the provider of a plan. */
    public OpenUpstreams(Function<UpstreamPlan, Provider> open) {
        this.open = open;
    }

    /** The provider of {@code plan}: the one that is open, or a new one. */
    public Provider provider(UpstreamPlan plan) {
        Opened known = opened.get(plan.name());
        if (known != null && known.plan.equals(plan)) {
            return known.provider;
        }
        Opened made = new Opened(plan, open.apply(plan));
        opened.put(plan.name(), made);
        if (known != null) {
            known.provider.retire();
        }
        return made.provider;
    }

    /** Retires all that are not among {@code plans}. */
    public void keepOnly(Collection<UpstreamPlan> plans) {
        opened.values()
                .removeIf(
                        known -> {
                            boolean isGone = !plans.contains(known.plan);
                            if (isGone) {
                                known.provider.retire();
                            }
                            return isGone;
                        });
    }
}

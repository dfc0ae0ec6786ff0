package dev.sluice.gateway.routing;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.provider.Provider;
import dev.sluice.gateway.exchange.Candidate;
import dev.sluice.gateway.exchange.Candidates;
import dev.sluice.gateway.upstream.UpstreamPlan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Turns the router's answers into the providers of one event loop, which are opened when they are
 * first asked and again when an upstream turns out to be another.
 */
public final class LoopCandidates implements Candidates {
    private record Opened(UpstreamPlan plan, Provider provider) {}

    private static final long NO_LIMIT_NEEDED = 4096;

    private final Router router;
    private final Map<String, Provider> inProcess = new HashMap<>();
    private final Map<String, Opened> opened = new HashMap<>();
    private final Function<UpstreamPlan, Provider> open;

    /**
     * Candidates of one loop.
     *
     * @param providers those inside the process
     * @param open opens a model server's connections on this loop
     */
    public LoopCandidates(
            Router router, List<Provider> providers, Function<UpstreamPlan, Provider> open) {
        this.router = router;
        this.open = open;
        providers.forEach(provider -> inProcess.put(provider.name(), provider));
    }

    @Override
    public List<Candidate> forModel(String model) {
        return router.resolve(model).stream().map(this::candidate).toList();
    }

    private Candidate candidate(Hop hop) {
        if (hop.upstream().isEmpty()) {
            Provider provider = inProcess.get(hop.provider());
            if (provider == null) {
                throw Failure.of(
                                FailureCode.INTERNAL,
                                "provider `" + hop.provider() + "` is not running")
                        .asException();
            }
            Quirks quirks = provider.quirks();
            return new Candidate(
                    provider,
                    new Target(hop.model(), quirks, NO_LIMIT_NEEDED, true),
                    hop.timeouts(),
                    0);
        }
        UpstreamPlan plan = hop.upstream().get();
        return new Candidate(
                provider(plan),
                new Target(hop.model(), plan.quirks(), plan.defaultMaxOutput(), true),
                hop.timeouts(),
                plan.retries());
    }

    private Provider provider(UpstreamPlan plan) {
        Opened known = opened.get(plan.name());
        if (known == null || !known.plan.equals(plan)) {
            known = new Opened(plan, open.apply(plan));
            opened.put(plan.name(), known);
        }
        return known.provider;
    }

    @Override
    public List<ModelCard> models() {
        return router.models();
    }
}

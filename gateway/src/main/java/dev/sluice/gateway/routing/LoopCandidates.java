package dev.sluice.gateway.routing;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.provider.Provider;
import dev.sluice.gateway.exchange.Candidate;
import dev.sluice.gateway.exchange.Candidates;
import dev.sluice.gateway.exchange.Departure;
import dev.sluice.gateway.upstream.UpstreamPlan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Turns the router's answers into the providers of one event loop. */
public final class LoopCandidates implements Candidates {
    private static final long NO_LIMIT_NEEDED = 4096;

    private final Router router;
    private final Map<String, Provider> inProcess = new HashMap<>();
    private final Function<UpstreamPlan, Provider> open;

    /**
     * Candidates of one loop.
     *
     * @param providers those inside the process
     * @param open finds the provider of a model server on this loop
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
                open.apply(plan),
                new Target(hop.model(), plan.quirks(), plan.defaultMaxOutput(), true),
                hop.timeouts(),
                plan.retries());
    }

    @Override
    public Departure departure(String model) {
        return router.departure(model);
    }

    @Override
    public List<ModelCard> models() {
        return router.models();
    }
}

package dev.sluice.gateway;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.provider.Provider;
import dev.sluice.dialect.Dialects;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.exchange.Candidates;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.gateway.routing.Catalog;
import dev.sluice.gateway.routing.CatalogKeeper;
import dev.sluice.gateway.routing.LoopCandidates;
import dev.sluice.gateway.routing.Router;
import dev.sluice.gateway.simulated.SimulatedProvider;
import dev.sluice.gateway.upstream.Discovery;
import dev.sluice.gateway.upstream.UpstreamPlan;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * The plan of a gateway from its configuration: all dialects, the providers that it names, and the
 * simulated model.
 */
public final class SluicePlan implements GatewayPlan, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMillis(1450);

    private final Config config;
    private final CatalogKeeper keeper;
    private final Router router;

    private SluicePlan(Config config, CatalogKeeper keeper) {
        this.config = config;
        this.keeper = keeper;
        this.router = new Router(config, keeper.catalog(), keeper::refreshSoon);
        keeper.start();
    }

    /** Asks the providers of {@code config} what they are, for a few seconds at most, and plans. */
    public static SluicePlan of(Config config) {
        return new SluicePlan(
                config, new CatalogKeeper(config, new Discovery(PATIENCE), simulated()));
    }

    /**
     * The plan that comes after {@code before}. What that one knows of a provider at the same place
     * is not forgotten while the provider is silent.
     */
    public static SluicePlan after(SluicePlan before, Config config) {
        return new SluicePlan(config, before.keeper.after(config));
    }

    private static List<ModelCard> simulated() {
        return SimulatedProvider.models().stream()
                .map(model -> new ModelCard(model.name(), SimulatedProvider.NAME, 0))
                .toList();
    }

    /** What is known of the providers. */
    public Catalog catalog() {
        return keeper.catalog();
    }

    /** All names that can be asked for. */
    public List<ModelCard> models() {
        return router.models();
    }

    @Override
    public List<Dialect> dialects() {
        return Dialects.all();
    }

    @Override
    public Candidates candidates(Loop loop, Function<UpstreamPlan, Provider> open) {
        List<Provider> inProcess =
                config.simulated() ? List.of(new SimulatedProvider(loop)) : List.of();
        return new LoopCandidates(router, inProcess, open);
    }

    @Override
    public List<UpstreamPlan> upstreams() {
        return catalog().all().stream().flatMap(entry -> entry.upstream().stream()).toList();
    }

    @Override
    public void close() {
        keeper.close();
    }
}

package dev.sluice.gateway;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.provider.Provider;
import dev.sluice.gateway.exchange.Candidates;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.gateway.upstream.UpstreamPlan;

import java.util.List;
import java.util.function.Function;

/**
 * What a gateway is made of, beside its configuration: the dialects of its clients, and who
 * answers.
 */
public interface GatewayPlan {
    /** The dialects that clients may speak. */
    List<Dialect> dialects();

    /**
     * Who may answer to a name, on one event loop.
     *
     * @param open opens the connections of this loop to a model server
     */
    Candidates candidates(Loop loop, Function<UpstreamPlan, Provider> open);
}

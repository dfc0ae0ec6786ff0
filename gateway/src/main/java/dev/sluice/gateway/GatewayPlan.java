package dev.sluice.gateway;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.provider.Provider;
import dev.sluice.gateway.exchange.Candidates;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.gateway.upstream.UpstreamPlan;

import java.util.Collection;
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
     * @param open finds the provider of a model server, with the connections of this loop
     */
    Candidates candidates(Loop loop, Function<UpstreamPlan, Provider> open);

    /** The model servers that may be asked, as far as they are known at this moment. */
    Collection<UpstreamPlan> upstreams();
}

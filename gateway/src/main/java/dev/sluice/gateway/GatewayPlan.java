package dev.sluice.gateway;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.provider.Provider;
import dev.sluice.gateway.exchange.Candidates;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.gateway.upstream.UpstreamPlan;
import java.util.List;
import java.util.Map;

/** What a gateway is made of, beside its configuration: who answers, and to which names. */
public interface GatewayPlan {
    /** The dialects that clients may speak. */
    List<Dialect> dialects();

    /** The model servers. */
    List<UpstreamPlan> upstreams();

    /** New providers inside the process, for one event loop. */
    List<Provider> inProcess(Loop loop);

    /** Who may answer to a name, among the providers of one event loop. */
    Candidates candidates(Map<String, Provider> providers);
}

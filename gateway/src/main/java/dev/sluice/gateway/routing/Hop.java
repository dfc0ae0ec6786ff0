package dev.sluice.gateway.routing;

import dev.sluice.gateway.exchange.Timeouts;
import dev.sluice.gateway.upstream.UpstreamPlan;

import java.util.Optional;

/**
 * One upstream that may answer to a name.
 *
 * @param provider its name
 * @param model the model's name there
 * @param upstream the model server; empty for a provider inside the process
 */
public record Hop(
        String provider, String model, Optional<UpstreamPlan> upstream, Timeouts timeouts) {}

package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.gateway.config.Protocol;
import dev.sluice.gateway.config.UpstreamTls;
import dev.sluice.gateway.exchange.Timeouts;

import java.net.URI;
import java.util.Optional;

/**
 * A model server, known well enough to talk to it.
 *
 * @param headers what every request bears, credentials included
 * @param defaultMaxOutput most tokens of output to ask for where one must ask and the client did
 *     not
 * @param retries how often to try again after a failure that may pass
 * @param connections most connections for each event loop
 * @param signing how every request is signed; empty if none is
 */
public record UpstreamPlan(
        String name,
        Dialect dialect,
        Quirks quirks,
        URI base,
        Headers headers,
        Timeouts timeouts,
        long defaultMaxOutput,
        int retries,
        int connections,
        Protocol protocol,
        UpstreamTls tls,
        Optional<Signing> signing) {
    /** Leaves the credentials out. */
    @Override
    public String toString() {
        return "UpstreamPlan[" + name + ", " + dialect.name() + ", " + base + "]";
    }
}

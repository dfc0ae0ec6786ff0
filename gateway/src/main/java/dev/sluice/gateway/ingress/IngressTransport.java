package dev.sluice.gateway.ingress;

import dev.sluice.gateway.exchange.ClientTransport;
import dev.sluice.gateway.exchange.ClientWatch;

/** The way to one client, whatever it came by. */
interface IngressTransport extends ClientTransport {
    /**
     * Binds who is told when the client drains or goes away; {@code over} runs once when the answer
     * is over, well or not.
     */
    void bind(ClientWatch watch, Runnable over);
}

package dev.sluice.gateway.exchange;

/** Is told how a client fares; on the client's event loop. */
public interface ClientWatch {
    /** The client has taken what was written. */
    void onDrained();

    /** The client is gone. */
    void onClientGone();
}

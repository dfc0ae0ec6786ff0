package dev.sluice.core.provider;

/** The way back to a provider that is answering. Called on the event loop of the exchange. */
public interface Stream {
    /** Asks for a pause: the client cannot take more now. */
    void pause();

    /** Ends a pause. */
    void resume();

    /**
     * Gives the answer up, whatever its state; the upstream connection is closed or its stream
     * reset. Nothing is received afterwards. Harmless when called twice.
     */
    void cancel();
}

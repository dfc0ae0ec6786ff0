package dev.sluice.gateway.upstream;

/** The connections of one event loop to one model server. Called on this loop. */
interface Connections {
    /**
     * Sends {@code request} and tells {@code stream} what becomes of it: that it is connected, the
     * answer, or why there is none.
     */
    void send(UpstreamRequest request, HttpStream stream);

    /** Closes what is idle now, and all others when their streams are over. */
    void close();
}

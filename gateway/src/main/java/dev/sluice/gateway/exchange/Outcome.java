package dev.sluice.gateway.exchange;

/** How an exchange ended. */
public enum Outcome {
    /** The client has the whole answer. */
    COMPLETE,
    /** The client was told a failure, as a status or within the stream. */
    FAILED,
    /** The client went away before the end, or had the answer stopped. */
    CANCELLED
}

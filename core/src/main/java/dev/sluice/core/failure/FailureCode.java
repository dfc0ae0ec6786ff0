package dev.sluice.core.failure;

import static dev.sluice.core.failure.Fault.CLIENT;
import static dev.sluice.core.failure.Fault.GATEWAY;
import static dev.sluice.core.failure.Fault.POLICY;
import static dev.sluice.core.failure.Fault.UPSTREAM;

/**
 * The kinds of failure, each with its fault, the HTTP status it has before the first byte, and
 * whether the same request may succeed at another attempt. Each dialect has a table from these to
 * its own names.
 */
public enum FailureCode {
    /** The request is malformed or asks for what does not exist. */
    INVALID_REQUEST(CLIENT, 400, false),
    /** The request is well formed and the target has no counterpart for a part of it. */
    UNSUPPORTED(CLIENT, 400, false),
    /** Prompt and answer do not fit the model's context. */
    CONTEXT_TOO_LONG(CLIENT, 400, false),
    /** The client's key is missing or wrong. */
    AUTHENTICATION(CLIENT, 401, false),
    /** The account has no credit. */
    BILLING(CLIENT, 402, false),
    /** The client may not do this. */
    PERMISSION(CLIENT, 403, false),
    /** No such model, path or object. */
    NOT_FOUND(CLIENT, 404, false),
    /** The path does not take this method. */
    METHOD_NOT_ALLOWED(CLIENT, 405, false),
    /** The body is larger than allowed. */
    REQUEST_TOO_LARGE(CLIENT, 413, false),
    /** The client did not send its request in time. */
    REQUEST_TIMEOUT(CLIENT, 408, false),
    /** The client did not read in time. */
    SLOW_READER(CLIENT, 408, false),
    /** The client went away or cancelled. */
    CANCELLED(CLIENT, 499, false),
    /** Too many requests or tokens. */
    RATE_LIMIT(POLICY, 429, true),
    /** The model server has too much to do. */
    OVERLOADED(UPSTREAM, 503, true),
    /** The model server did not answer in time. */
    TIMEOUT(UPSTREAM, 504, true),
    /** The model server could not be reached. */
    UPSTREAM_UNREACHABLE(UPSTREAM, 502, true),
    /** The model server refused this gateway's own credentials. */
    UPSTREAM_CREDENTIALS(UPSTREAM, 502, false),
    /** The model server failed. */
    UPSTREAM_ERROR(UPSTREAM, 502, true),
    /** The model server's answer ended before its end, or is not what its dialect says. */
    UPSTREAM_BROKEN(UPSTREAM, 502, true),
    /** The gateway takes no more work: it is full or stopping. */
    UNAVAILABLE(GATEWAY, 503, true),
    /** The gateway failed. */
    INTERNAL(GATEWAY, 500, false);

    private final Fault fault;
    private final int status;
    private final boolean retryable;

    FailureCode(Fault fault, int status, boolean retryable) {
        this.fault = fault;
        this.status = status;
        this.retryable = retryable;
    }

    /** Whose fault it is. */
    public Fault fault() {
        return fault;
    }

    /** The HTTP status where a dialect has no status of its own for it. */
    public int status() {
        return status;
    }

    /** Whether another attempt may succeed. */
    public boolean retryable() {
        return retryable;
    }
}

package dev.sluice.core.dialect;

import dev.sluice.core.request.Request;

/**
 * What an encoder of a client's answer is told.
 *
 * @param id unguessable id of the exchange, without prefix
 * @param model the model as the client named it, used where the upstream does not name one
 * @param createdSeconds seconds since 1970 at the start of the exchange
 * @param includeUsage whether the client wants usage in the stream
 * @param requestId the id that is told to the client in errors
 * @param inputEstimate a guess of the prompt's tokens, for dialects that tell it before the
 *     upstream does
 * @param sameDialect whether the upstream speaks the client's dialect, so that opaque blocks and
 *     annotations are the client's own
 * @param request what was asked for, for dialects that repeat it in the answer
 */
public record EncodeContext(
        String id,
        String model,
        long createdSeconds,
        boolean includeUsage,
        String requestId,
        long inputEstimate,
        boolean sameDialect,
        Request request) {
    /** A context for a request of which nothing is told. */
    public EncodeContext(
            String id,
            String model,
            long createdSeconds,
            boolean includeUsage,
            String requestId,
            long inputEstimate,
            boolean sameDialect) {
        this(
                id,
                model,
                createdSeconds,
                includeUsage,
                requestId,
                inputEstimate,
                sameDialect,
                Request.builder("").build());
    }
}

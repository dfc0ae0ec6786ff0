package dev.sluice.core.dialect;

import dev.sluice.core.request.Request;

/**
 * What an encoder of a client's answer is told.
 *
 * @param operation what the client asked for, where a dialect answers in more than one form
 * @param id unguessable id of the exchange, without prefix
 * @param model the model as the client named it, used where the upstream does not name one
 * @param createdSeconds seconds since 1970 at the start of the exchange
 * @param includeUsage whether the client wants usage in the stream
 * @param requestId the id that is told to the client in errors
 * @param inputEstimate a guess of the prompt's tokens, for dialects that tell it before the
 *     upstream does
 * @param sameDialect whether the upstream speaks the client's dialect, so that opaque blocks and
 *     annotations are the client's own
 * @param elapsed the times of the answer, for dialects that tell them
 * @param request what was asked for, for dialects that repeat it in the answer
 * @param losses takes what the encoder leaves out
 */
public record EncodeContext(
        Operation operation,
        String id,
        String model,
        long createdSeconds,
        boolean includeUsage,
        String requestId,
        long inputEstimate,
        boolean sameDialect,
        Elapsed elapsed,
        Request request,
        Losses losses) {
    /** A context for a request of which nothing is told and whose times nobody measures. */
    public EncodeContext(
            String id,
            String model,
            long createdSeconds,
            boolean includeUsage,
            String requestId,
            long inputEstimate,
            boolean sameDialect) {
        this(
                Operation.GENERATE,
                id,
                model,
                createdSeconds,
                includeUsage,
                requestId,
                inputEstimate,
                sameDialect,
                Elapsed.UNKNOWN,
                Request.builder("").build(),
                new Losses());
    }
}

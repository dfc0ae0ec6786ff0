package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.request.Request;

/**
 * What a client asks of an exchange.
 *
 * @param requestId the id that the client knows
 * @param exchangeId an unguessable id of the gateway's own
 * @param principal whose key it was
 * @param strict whether this client wants an error for every parameter that is dropped
 */
public record ClientCall(
        String requestId,
        String exchangeId,
        String principal,
        ClientDialect dialect,
        Operation operation,
        Call call,
        Request request,
        boolean strict) {
    /** Whether the answer is a stream. */
    boolean streamed() {
        return operation.generates() && request.stream();
    }

    /**
     * This call without the prompt, which nobody needs once content has come: a long stream does
     * not hold a long request.
     */
    ClientCall released() {
        Request.Builder bare = Request.builder(request.dialect());
        bare.model = request.model();
        bare.choices = request.choices();
        bare.stream = request.stream();
        bare.includeUsage = request.includeUsage();
        return new ClientCall(
                requestId,
                exchangeId,
                principal,
                dialect,
                operation,
                new Call(operation, call.path(), Headers.NONE, new byte[0]),
                bare.build(),
                strict);
    }
}

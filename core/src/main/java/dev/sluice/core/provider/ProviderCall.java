package dev.sluice.core.provider;

import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.request.Request;

import java.time.Duration;

/**
 * One attempt at an answer.
 *
 * @param request the canonical request
 * @param encoded the request in the provider's dialect; an empty body for a provider inside the
 *     process
 * @param connectTimeout how long the connection may take
 * @param exchangeId id of the exchange, for the provider's own log
 */
public record ProviderCall(
        Operation operation,
        Request request,
        EncodedRequest encoded,
        Target target,
        Duration connectTimeout,
        String exchangeId) {}

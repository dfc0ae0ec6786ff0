package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.provider.Head;

import java.util.ArrayList;
import java.util.List;

/**
 * The header fields of the answer: the gateway's own, the dialect's, and some of the upstream's.
 */
final class AnswerHeaders {
    private Headers upstream = Headers.NONE;
    private List<String> warnings = List.of();

    /** Another try begins: what the one before has brought is not told. */
    void clear() {
        upstream = Headers.NONE;
        warnings = List.of();
    }

    /** The request was changed on its way. */
    void warn(List<String> changes) {
        warnings = changes;
    }

    /** What was told of changes. */
    List<String> warnings() {
        return warnings;
    }

    /** The upstream's answer has begun; a client of the same dialect sees some of its fields. */
    void of(Head head, Dialect spoken, ClientCall call) {
        upstream =
                spoken.name().equals(call.dialect().name())
                        ? ResponseHeaders.allowed(head.headers())
                        : Headers.NONE;
    }

    /** Those of a stream. */
    Headers ofStream(ClientCall call) {
        return all(call, call.dialect().streamContentType(call.request()), Headers.NONE);
    }

    /** Those of one document, {@code more} among them. */
    Headers ofDocument(ClientCall call, Headers more) {
        return all(call, "application/json", more);
    }

    private Headers all(ClientCall call, String contentType, Headers more) {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("content-type", contentType));
        if (contentType.equals(call.dialect().streamContentType(call.request()))) {
            headers.add(new Header("cache-control", "no-cache, no-transform"));
            headers.add(new Header("x-accel-buffering", "no"));
        }
        headers.add(new Header("x-request-id", call.requestId()));
        if (!call.dialect().requestIdHeader().equals("x-request-id")) {
            headers.add(new Header(call.dialect().requestIdHeader(), call.requestId()));
        }
        headers.addAll(more.all());
        headers.addAll(upstream.all());
        if (!warnings.isEmpty()) {
            headers.add(new Header("x-gateway-warnings", String.join(", ", warnings)));
        }
        return new Headers(headers);
    }
}

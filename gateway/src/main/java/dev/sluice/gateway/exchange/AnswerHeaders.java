package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.dialect.Losses;
import dev.sluice.core.provider.Head;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The header fields of the answer: the gateway's own, the dialect's, and some of the upstream's.
 * What an answer loses on its way to the client is known before the head of a document, and mostly
 * after that of a stream.
 */
final class AnswerHeaders {
    private Headers upstream = Headers.NONE;
    private List<String> changes = List.of();
    private Losses losses = new Losses();

    /** Another try begins: what the one before has brought is not told. */
    void clear() {
        upstream = Headers.NONE;
        changes = List.of();
        losses = new Losses();
    }

    /** The request was changed on its way. */
    void warn(List<String> changesOfRequest) {
        changes = changesOfRequest;
    }

    /** What of the answer the client's dialect has no place for. */
    Losses losses() {
        return losses;
    }

    /** What was changed of the request, and lost of the answer so far. */
    List<String> warnings() {
        Set<String> all = new LinkedHashSet<>(changes);
        all.addAll(losses.warnings());
        return List.copyOf(all);
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
        List<String> warnings = warnings();
        if (!warnings.isEmpty()) {
            headers.add(new Header("x-gateway-warnings", String.join(", ", warnings)));
        }
        return new Headers(headers);
    }
}

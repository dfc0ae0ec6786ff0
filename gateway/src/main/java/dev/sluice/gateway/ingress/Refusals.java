package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.gateway.exchange.Loop;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import java.util.List;

/** Tells clients, before an exchange has begun, that there will be none, and why. */
final class Refusals {
    /** The error code of HTTP/2 for an answer that needs no more of its request. */
    private static final long NO_ERROR = 0;

    private static final long LINGER_MILLIS = 2_000;

    private final Loop loop;

    Refusals(Loop loop) {
        this.loop = loop;
    }

    /** Tells {@code failure} in {@code dialect}. */
    void refuse(
            HttpServerRequest request, ClientDialect dialect, String requestId, Failure failure) {
        ErrorReply error = dialect.encodeError(failure, requestId);
        refuse(request, dialect, requestId, error, error.status());
    }

    private void refuse(
            HttpServerRequest request,
            ClientDialect dialect,
            String requestId,
            ErrorReply error,
            int status) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        var response = request.response().setStatusCode(status);
        response.putHeader("content-type", "application/json");
        response.putHeader("x-request-id", requestId);
        response.putHeader(dialect.requestIdHeader(), requestId);
        for (Header header : error.headers().all()) {
            response.putHeader(header.name(), header.value());
        }
        if (!request.isEnded()) {
            boolean isShared = request.version() == HttpVersion.HTTP_2;
            if (!isShared) {
                response.putHeader("connection", "close");
            }
            // To end it at once would reset a client that still sends, before it has read why.
            loop.schedule(LINGER_MILLIS, () -> endRest(request, isShared));
        }
        if (error.body().length == 0) {
            // All is said by the header, and a client of gRPC wants to see that it is the end.
            response.end();
        } else {
            response.end(Buffer.buffer(error.body()));
        }
    }

    /** Takes no more of a request that was refused; on a shared connection, of its stream alone. */
    private static void endRest(HttpServerRequest request, boolean isShared) {
        if (!isShared) {
            request.connection().close();
        } else if (!request.isEnded()) {
            request.response().reset(NO_ERROR);
        }
    }

    /**
     * Tells what is wrong with a request whose head or framing cannot be read, and closes its
     * connection.
     */
    void unreadable(HttpServerRequest request, ClientDialect dialect) {
        String requestId = "req_" + RequestId.random();
        Throwable why = request.decoderResult().cause();
        Failure failure =
                Failure.of(
                        FailureCode.INVALID_REQUEST,
                        switch (why) {
                            case TooLongHttpLineException _ ->
                                    "the first line of the request is longer than "
                                            + Listener.LONGEST_LINE
                                            + " bytes";
                            case TooLongHttpHeaderException _ ->
                                    "the header of the request is larger than allowed"
                                            + " (limits.header)";
                            case null, default -> "the request is not HTTP as RFC 9112 has it";
                        });
        int status =
                switch (why) {
                    case TooLongHttpLineException _ -> 414;
                    case TooLongHttpHeaderException _ -> 431;
                    case null, default -> 400;
                };
        refuse(request, dialect, requestId, dialect.encodeError(failure, requestId), status);
        request.connection().close();
    }

    // ---- why ----

    /** Nothing is served on a path, or not by this method but by {@code methods}. */
    static Failure unserved(HttpServerRequest request, List<String> methods) {
        return methods.isEmpty()
                ? Failure.of(
                        FailureCode.NOT_FOUND,
                        "nothing is served on this path; models answer on /v1/chat/completions,"
                                + " /v1/responses, /v1/messages and /stream, and /v1/models lists"
                                + " them")
                : Failure.of(
                        FailureCode.METHOD_NOT_ALLOWED,
                        "this path takes "
                                + String.join(" or ", methods)
                                + ", not "
                                + request.method().name());
    }

    /** {@code shown} is the key that the client has shown, empty if none. */
    static Failure unknownKey(String shown) {
        return Failure.of(
                FailureCode.AUTHENTICATION,
                shown.isEmpty()
                        ? "no API key; send one as `Authorization: Bearer KEY` or `x-api-key: KEY`"
                        : "this API key is not known here");
    }

    /** A client of gRPC asks for a method that is not there. */
    static Failure noMethod() {
        return Failure.of(
                FailureCode.UNSUPPORTED,
                "there is no such method here; the service is sluice.v1.Generation");
    }

    /** A page of an origin that is not listed asks. */
    static Failure otherOrigin() {
        return Failure.of(
                FailureCode.PERMISSION,
                "pages of this origin may not ask here; list it under `cors` in the configuration"
                        + " to let them");
    }
}

package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonWriter;

import java.time.Duration;

/** Writes failures as this dialect's errors: a {@code google.rpc.Status} with its details. */
final class GeminiErrors {
    /** How a kind of failure looks on this wire. */
    private record Shape(int code, String status) {}

    private static final String TYPE = "type.googleapis.com/google.rpc.";

    private GeminiErrors() {}

    private static Shape shape(FailureCode code) {
        return switch (code) {
            case INVALID_REQUEST, UNSUPPORTED, CONTEXT_TOO_LONG ->
                    new Shape(400, "INVALID_ARGUMENT");
            case AUTHENTICATION -> new Shape(401, "UNAUTHENTICATED");
            case BILLING -> new Shape(400, "FAILED_PRECONDITION");
            case PERMISSION -> new Shape(403, "PERMISSION_DENIED");
            case NOT_FOUND -> new Shape(404, "NOT_FOUND");
            case METHOD_NOT_ALLOWED -> new Shape(405, "UNIMPLEMENTED");
            case REQUEST_TOO_LARGE -> new Shape(413, "INVALID_ARGUMENT");
            case REQUEST_TIMEOUT, SLOW_READER -> new Shape(408, "DEADLINE_EXCEEDED");
            case CANCELLED -> new Shape(499, "CANCELLED");
            case RATE_LIMIT -> new Shape(429, "RESOURCE_EXHAUSTED");
            case OVERLOADED, UNAVAILABLE -> new Shape(503, "UNAVAILABLE");
            case TIMEOUT -> new Shape(504, "DEADLINE_EXCEEDED");
            case UPSTREAM_UNREACHABLE -> new Shape(502, "UNAVAILABLE");
            case UPSTREAM_CREDENTIALS, UPSTREAM_ERROR, UPSTREAM_BROKEN ->
                    new Shape(502, "INTERNAL");
            case INTERNAL -> new Shape(500, "INTERNAL");
        };
    }

    /** The reply to a request that failed before the first byte of its answer. */
    static ErrorReply reply(Failure failure, String requestId) {
        ByteBuilder body = new ByteBuilder(512);
        write(failure, requestId, body);
        Duration wait = failure.retryAfter();
        Headers headers =
                wait == null
                        ? Headers.NONE
                        : Headers.of("retry-after", Long.toString((wait.toMillis() + 999) / 1000));
        return new ErrorReply(shape(failure.code()).code(), headers, body.toBytes());
    }

    /** Writes {@code {"error":{…}}}. */
    static void write(Failure failure, String requestId, ByteBuilder out) {
        Shape shape = shape(failure.code());
        JsonWriter json = new JsonWriter(out);
        json.beginObject().name("error").beginObject();
        json.field("code", shape.code()).field("message", failure.message());
        json.field("status", shape.status()).name("details").beginArray();
        details(failure, requestId, json);
        json.endArray().endObject().endObject();
    }

    private static void details(Failure failure, String requestId, JsonWriter json) {
        String param = failure.param();
        if (param != null) {
            json.beginObject().field("@type", TYPE + "BadRequest").name("fieldViolations");
            json.beginArray().beginObject().field("field", param);
            json.field("description", failure.message()).endObject().endArray().endObject();
        }
        if (failure.code() == FailureCode.AUTHENTICATION) {
            json.beginObject().field("@type", TYPE + "ErrorInfo");
            json.field("reason", "API_KEY_INVALID").endObject();
        }
        Duration wait = failure.retryAfter();
        if (wait != null) {
            json.beginObject().field("@type", TYPE + "RetryInfo");
            json.field("retryDelay", seconds(wait)).endObject();
        }
        json.beginObject().field("@type", TYPE + "RequestInfo");
        json.field("requestId", requestId).endObject();
    }

    /** A duration as protocol buffers have it in JSON. */
    private static String seconds(Duration wait) {
        long millis = Math.max(0, wait.toMillis());
        String fraction = Long.toString(1000 + millis % 1000).substring(1);
        return millis / 1000 + (millis % 1000 == 0 ? "" : "." + fraction) + "s";
    }
}

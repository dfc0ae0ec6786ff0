package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonWriter;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Writes failures as this dialect's errors: a reply before the first byte of an answer, a last
 * frame after it.
 */
final class OpenAiChatErrors {
    /** How a kind of failure looks on this wire. */
    private record Shape(int status, String type, @Nullable String code) {}

    private static final String INVALID = "invalid_request_error";
    private static final String SERVER = "server_error";

    /** Words that upstreams use as the type of an error, and that are no code. */
    private static final Set<String> TYPES =
            Set.of(
                    INVALID,
                    SERVER,
                    "authentication_error",
                    "billing_error",
                    "permission_error",
                    "not_found_error",
                    "conflict_error",
                    "request_too_large",
                    "rate_limit_error",
                    "api_error",
                    "timeout_error",
                    "overloaded_error",
                    "requests",
                    "tokens");

    private OpenAiChatErrors() {}

    private static Shape shape(FailureCode code) {
        return switch (code) {
            case INVALID_REQUEST -> new Shape(400, INVALID, null);
            case UNSUPPORTED -> new Shape(400, INVALID, "unsupported_parameter");
            case CONTEXT_TOO_LONG -> new Shape(400, INVALID, "context_length_exceeded");
            case AUTHENTICATION -> new Shape(401, INVALID, "invalid_api_key");
            case BILLING -> new Shape(429, "insufficient_quota", "insufficient_quota");
            case PERMISSION -> new Shape(403, INVALID, null);
            case NOT_FOUND -> new Shape(404, INVALID, "model_not_found");
            case METHOD_NOT_ALLOWED -> new Shape(405, INVALID, "method_not_allowed");
            case REQUEST_TOO_LARGE -> new Shape(413, INVALID, null);
            case REQUEST_TIMEOUT -> new Shape(408, INVALID, "request_timeout");
            case SLOW_READER -> new Shape(408, INVALID, "slow_reader");
            case CANCELLED -> new Shape(499, INVALID, "cancelled");
            case RATE_LIMIT -> new Shape(429, "requests", "rate_limit_exceeded");
            case OVERLOADED -> new Shape(503, SERVER, "overloaded");
            case TIMEOUT -> new Shape(504, SERVER, "timeout");
            case UPSTREAM_UNREACHABLE -> new Shape(502, SERVER, "upstream_unreachable");
            case UPSTREAM_CREDENTIALS -> new Shape(502, SERVER, "upstream_credentials");
            case UPSTREAM_ERROR -> new Shape(502, SERVER, "upstream_error");
            case UPSTREAM_BROKEN -> new Shape(502, SERVER, "upstream_broken");
            case UNAVAILABLE -> new Shape(503, SERVER, "unavailable");
            case INTERNAL -> new Shape(500, SERVER, "internal_error");
        };
    }

    /** The reply to a request that failed before the first byte of its answer. */
    static ErrorReply reply(Failure failure) {
        ByteBuilder body = new ByteBuilder(256);
        write(failure, body);
        return new ErrorReply(
                shape(failure.code()).status(), new Headers(headers(failure)), body.toBytes());
    }

    private static List<Header> headers(Failure failure) {
        List<Header> headers = new ArrayList<>();
        Duration wait = failure.retryAfter();
        if (wait != null) {
            long millis = Math.max(0, wait.toMillis());
            headers.add(new Header("retry-after", Long.toString((millis + 999) / 1000)));
            headers.add(new Header("retry-after-ms", Long.toString(millis)));
        }
        // The official clients try these statuses again, whatever the body says.
        int status = shape(failure.code()).status();
        boolean tempting = status >= 500 || status == 408 || status == 409 || status == 429;
        if (tempting && !failure.code().retryable()) {
            headers.add(new Header("x-should-retry", "false"));
        }
        return headers;
    }

    /** Writes {@code {"error":{…}}}. */
    static void write(Failure failure, ByteBuilder out) {
        Shape shape = shape(failure.code());
        JsonWriter json = new JsonWriter(out);
        json.beginObject().name("error").beginObject();
        json.field("message", failure.message());
        json.field("type", type(failure, shape));
        nullable(json, "param", failure.param());
        nullable(json, "code", code(failure, shape));
        json.endObject().endObject();
    }

    private static String type(Failure failure, Shape shape) {
        return failure.code() == FailureCode.RATE_LIMIT && "tokens".equals(failure.vendorCode())
                ? "tokens"
                : shape.type();
    }

    /** The upstream's own code says more than ours, unless it tells of the gateway's key. */
    private static @Nullable String code(Failure failure, Shape shape) {
        String vendor = failure.vendorCode();
        boolean ours =
                vendor == null
                        || TYPES.contains(vendor)
                        || failure.code() == FailureCode.UPSTREAM_CREDENTIALS
                        || failure.code() == FailureCode.RATE_LIMIT
                        || failure.code() == FailureCode.BILLING;
        return ours ? shape.code() : vendor;
    }

    private static void nullable(JsonWriter json, String name, @Nullable String value) {
        json.name(name);
        if (value == null) {
            json.nullValue();
        } else {
            json.value(value);
        }
    }
}

package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.ByteBuilder;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes failures as clients of this dialect know them, and holds the failures that its readers
 * find.
 */
final class AnthropicErrors {
    private static final String TOO_LONG = "prompt is too long";

    private AnthropicErrors() {}

    /** The failure that an error event tells. */
    static Failure ofStream(Frame frame) {
        return UpstreamError.read(frame.dataBuffer(), frame.dataOffset(), frame.dataLength())
                .toFailure(0);
    }

    /** The stream is at its end and its message is not. */
    static Failure cut() {
        return Failure.of(
                FailureCode.UPSTREAM_BROKEN,
                "the upstream's stream ended before its message_stop event");
    }

    /** Arguments that no call can be given. */
    static Failure stray() {
        return Failure.of(
                FailureCode.UPSTREAM_BROKEN,
                "the upstream sent arguments for a tool call that did not start");
    }

    static Failure tooManyBlocks(int limit) {
        return Failure.of(
                FailureCode.UPSTREAM_BROKEN,
                "the upstream's message has more than " + limit + " blocks");
    }

    /** The failure, if one was found. */
    static Failure orBroken(@Nullable Failure failure) {
        return failure == null ? cut() : failure;
    }

    /** The error before the first byte of an answer. */
    static ErrorReply reply(Failure failure, String requestId) {
        ByteBuilder body = new ByteBuilder();
        write(body, failure, requestId);
        return new ErrorReply(status(failure.code()), headers(failure), body.toBytes());
    }

    /** Writes the object that stands for the failure, in a body and in a stream alike. */
    static void write(ByteBuilder out, Failure failure, String requestId) {
        out.add("{\"type\":\"error\",\"error\":{\"type\":")
                .quoted(type(failure.code()))
                .add(",\"message\":")
                .quoted(message(failure))
                .add("},\"request_id\":")
                .quoted(requestId.startsWith("req_") ? requestId : "req_" + requestId)
                .add('}');
    }

    /**
     * This dialect has no place for the field but the message; and clients find a prompt that is
     * too long by these words.
     */
    private static String message(Failure failure) {
        String message = failure.message();
        String param = failure.field().orElse("");
        if (!message.contains(param)) {
            message = param + ": " + message;
        }
        if (failure.code() == FailureCode.CONTEXT_TOO_LONG && !message.contains(TOO_LONG)) {
            message = TOO_LONG + ": " + message;
        }
        return message;
    }

    static int status(FailureCode code) {
        return code == FailureCode.OVERLOADED ? 529 : code.status();
    }

    static String type(FailureCode code) {
        return switch (code) {
            case INVALID_REQUEST, UNSUPPORTED, CONTEXT_TOO_LONG, METHOD_NOT_ALLOWED, CANCELLED ->
                    "invalid_request_error";
            case AUTHENTICATION -> "authentication_error";
            case BILLING -> "billing_error";
            case PERMISSION -> "permission_error";
            case NOT_FOUND -> "not_found_error";
            case REQUEST_TOO_LARGE -> "request_too_large";
            case RATE_LIMIT -> "rate_limit_error";
            case OVERLOADED, UNAVAILABLE -> "overloaded_error";
            case TIMEOUT, REQUEST_TIMEOUT, SLOW_READER -> "timeout_error";
            case UPSTREAM_UNREACHABLE,
                    UPSTREAM_CREDENTIALS,
                    UPSTREAM_ERROR,
                    UPSTREAM_BROKEN,
                    INTERNAL ->
                    "api_error";
        };
    }

    private static Headers headers(Failure failure) {
        List<String> fields = new ArrayList<>();
        if (failure.retryAfter() != null) {
            long seconds = Math.max(1, failure.retryAfter().plusMillis(999).toSeconds());
            fields.add("retry-after");
            fields.add(Long.toString(seconds));
        }
        // Official clients try again at these statuses, whatever the body says.
        int status = status(failure.code());
        boolean tempting = status >= 500 || status == 408 || status == 429;
        if (tempting && !failure.code().retryable()) {
            fields.add("x-should-retry");
            fields.add("false");
        }
        return Headers.of(fields.toArray(String[]::new));
    }
}

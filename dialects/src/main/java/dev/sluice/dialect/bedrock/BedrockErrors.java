package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes failures as this dialect's exceptions. Before the answer the exception is named in a
 * header field; within a stream, where there are five kinds, in the fields of a frame.
 */
final class BedrockErrors {
    /** What a client is told whose signature is not right; its clock may be wrong. */
    static final String INVALID_SIGNATURE = "InvalidSignatureException";

    private static final String TOO_LONG = "Input is too long";

    private BedrockErrors() {}

    /** The reply to a request that failed before the first byte of its answer. */
    static ErrorReply reply(Failure failure, InstantSource clock) {
        ByteBuilder body = new ByteBuilder(256);
        body.add("{\"message\":").quoted(message(failure)).add('}');
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("x-amzn-errortype", exception(failure)));
        // Clients set their clocks by it when a signature is refused.
        headers.add(
                new Header(
                        "date",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                clock.instant().atOffset(ZoneOffset.UTC))));
        Duration wait = failure.retryAfter();
        if (wait != null) {
            headers.add(new Header("retry-after", Long.toString((wait.toMillis() + 999) / 1000)));
        }
        return new ErrorReply(status(failure.code()), new Headers(headers), body.toBytes());
    }

    /** This dialect has no place for the field but the message. */
    static String message(Failure failure) {
        String message = failure.message();
        String param = failure.field().orElse("");
        if (!message.contains(param)) {
            message = param + ": " + message;
        }
        // Clients find a prompt that is too long by these words.
        return failure.code() == FailureCode.CONTEXT_TOO_LONG && !message.contains(TOO_LONG)
                ? TOO_LONG + " for requested model: " + message
                : message;
    }

    private static String exception(Failure failure) {
        return switch (failure.code()) {
            case INVALID_REQUEST,
                    UNSUPPORTED,
                    CONTEXT_TOO_LONG,
                    METHOD_NOT_ALLOWED,
                    REQUEST_TOO_LARGE,
                    CANCELLED ->
                    "ValidationException";
            case AUTHENTICATION ->
                    INVALID_SIGNATURE.equals(failure.vendorCode())
                            ? INVALID_SIGNATURE
                            : "UnrecognizedClientException";
            case BILLING, PERMISSION -> "AccessDeniedException";
            case NOT_FOUND -> "ResourceNotFoundException";
            case REQUEST_TIMEOUT, SLOW_READER, TIMEOUT -> "ModelTimeoutException";
            case RATE_LIMIT -> "ThrottlingException";
            case OVERLOADED, UNAVAILABLE -> "ServiceUnavailableException";
            case UPSTREAM_UNREACHABLE,
                    UPSTREAM_CREDENTIALS,
                    UPSTREAM_ERROR,
                    UPSTREAM_BROKEN,
                    INTERNAL ->
                    "InternalServerException";
        };
    }

    private static int status(FailureCode code) {
        return switch (code) {
            case AUTHENTICATION, BILLING -> 403;
            case METHOD_NOT_ALLOWED, REQUEST_TOO_LARGE, CANCELLED -> 400;
            case TIMEOUT -> 408;
            case UPSTREAM_UNREACHABLE,
                    UPSTREAM_CREDENTIALS,
                    UPSTREAM_ERROR,
                    UPSTREAM_BROKEN,
                    INTERNAL ->
                    500;
            case INVALID_REQUEST,
                    UNSUPPORTED,
                    CONTEXT_TOO_LONG,
                    PERMISSION,
                    NOT_FOUND,
                    REQUEST_TIMEOUT,
                    SLOW_READER,
                    RATE_LIMIT,
                    OVERLOADED,
                    UNAVAILABLE ->
                    code.status();
        };
    }

    /** The kind of exception that tells a failure within a stream. */
    static String inStream(FailureCode code) {
        return switch (code) {
            case INVALID_REQUEST,
                    UNSUPPORTED,
                    CONTEXT_TOO_LONG,
                    METHOD_NOT_ALLOWED,
                    REQUEST_TOO_LARGE,
                    NOT_FOUND,
                    CANCELLED ->
                    "validationException";
            case RATE_LIMIT -> "throttlingException";
            case OVERLOADED, UNAVAILABLE -> "serviceUnavailableException";
            case UPSTREAM_UNREACHABLE, UPSTREAM_ERROR, UPSTREAM_BROKEN, TIMEOUT ->
                    "modelStreamErrorException";
            case AUTHENTICATION,
                    BILLING,
                    PERMISSION,
                    REQUEST_TIMEOUT,
                    SLOW_READER,
                    UPSTREAM_CREDENTIALS,
                    INTERNAL ->
                    "internalServerException";
        };
    }
}

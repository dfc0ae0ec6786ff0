package dev.sluice.core.failure;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/**
 * What went wrong, as a value. Its message is written for the person who reads it and holds neither
 * secrets nor prompts.
 *
 * @param code the kind
 * @param message what was wrong, where, what was expected, what to do
 * @param param the request's field that is meant, such as {@code messages[0].role}
 * @param vendorCode the upstream's own code or type, kept for clients of the same dialect
 * @param retryAfter how long to wait before another attempt
 * @param status the upstream's HTTP status, 0 if there was none
 */
public record Failure(
        FailureCode code,
        String message,
        @Nullable String param,
        @Nullable String vendorCode,
        @Nullable Duration retryAfter,
        int status) {

    /** A failure of this gateway or of the way to an upstream. */
    public static Failure of(FailureCode code, String message) {
        return new Failure(code, message, null, null, null, 0);
    }

    /** A client's mistake in the field {@code param}. */
    public static Failure invalid(String param, String message) {
        return new Failure(
                FailureCode.INVALID_REQUEST,
                message,
                param.isEmpty() ? null : param,
                null,
                null,
                0);
    }

    /** Something in {@code param} that the target cannot do. */
    public static Failure unsupported(String param, String message) {
        return new Failure(
                FailureCode.UNSUPPORTED, message, param.isEmpty() ? null : param, null, null, 0);
    }

    /** This failure with a time to wait. */
    public Failure withRetryAfter(Duration wait) {
        return new Failure(code, message, param, vendorCode, wait, status);
    }

    /** This failure with another message. */
    public Failure withMessage(String newMessage) {
        return new Failure(code, newMessage, param, vendorCode, retryAfter, status);
    }

    /** This failure as another kind. */
    public Failure withCode(FailureCode newCode) {
        return new Failure(newCode, message, param, vendorCode, retryAfter, status);
    }

    /** The field that is meant, if one is. */
    public Optional<String> field() {
        return Optional.ofNullable(param);
    }

    /** As an exception, for code that cannot go on. */
    public FailureException asException() {
        return new FailureException(this);
    }
}

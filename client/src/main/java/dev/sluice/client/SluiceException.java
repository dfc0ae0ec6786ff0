package dev.sluice.client;

import dev.sluice.core.event.Answer;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/**
 * A stream that did not come to its end, or that could not be started. It carries all that was
 * received, so that nothing is lost by it. The kinds are few and each asks for another reaction;
 * the exact kind is {@link #failure}'s.
 */
public abstract sealed class SluiceException extends RuntimeException {
    private final transient Failure failure;
    private final transient Answer partial;

    private SluiceException(Failure failure, Answer partial, @Nullable Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
        this.partial = partial;
    }

    /** The model fell silent, or took longer than it was given. */
    public static final class Timeout extends SluiceException {
        private Timeout(Failure failure, Answer partial, @Nullable Throwable cause) {
            super(failure, partial, cause);
        }
    }

    /** The model or its server failed. */
    public static final class Generation extends SluiceException {
        private Generation(Failure failure, Answer partial, @Nullable Throwable cause) {
            super(failure, partial, cause);
        }
    }

    /** The server could not be reached, or the stream broke off before its end. */
    public static final class Connection extends SluiceException {
        private Connection(Failure failure, Answer partial, @Nullable Throwable cause) {
            super(failure, partial, cause);
        }
    }

    /** Too many requests or tokens; {@link #retryAfter} says when to come again, if it is known. */
    public static final class RateLimit extends SluiceException {
        private RateLimit(Failure failure, Answer partial, @Nullable Throwable cause) {
            super(failure, partial, cause);
        }
    }

    /** The key is missing or wrong, or its account may not do this. */
    public static final class Authentication extends SluiceException {
        private Authentication(Failure failure, Answer partial, @Nullable Throwable cause) {
            super(failure, partial, cause);
        }
    }

    /** The request is wrong, or asks for what does not exist. */
    public static final class BadRequest extends SluiceException {
        private BadRequest(Failure failure, Answer partial, @Nullable Throwable cause) {
            super(failure, partial, cause);
        }
    }

    /** The stream was cancelled on this side. */
    public static final class Cancelled extends SluiceException {
        private Cancelled(Failure failure, Answer partial, @Nullable Throwable cause) {
            super(failure, partial, cause);
        }
    }

    /** The exception for a failure; {@code partial} is what was received before. */
    static SluiceException of(Failure failure, Answer partial, @Nullable Throwable cause) {
        return switch (failure.code()) {
            case TIMEOUT, REQUEST_TIMEOUT -> new Timeout(failure, partial, cause);
            case OVERLOADED, UPSTREAM_ERROR, UNAVAILABLE, INTERNAL ->
                    new Generation(failure, partial, cause);
            case UPSTREAM_UNREACHABLE, UPSTREAM_BROKEN, SLOW_READER ->
                    new Connection(failure, partial, cause);
            case RATE_LIMIT -> new RateLimit(failure, partial, cause);
            case AUTHENTICATION, PERMISSION, BILLING, UPSTREAM_CREDENTIALS ->
                    new Authentication(failure, partial, cause);
            case INVALID_REQUEST,
                    UNSUPPORTED,
                    CONTEXT_TOO_LONG,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    REQUEST_TOO_LARGE ->
                    new BadRequest(failure, partial, cause);
            case CANCELLED -> new Cancelled(failure, partial, cause);
        };
    }

    /** The exception for a stream that could not be started. */
    static SluiceException of(Failure failure) {
        return of(failure, Gathered.NOTHING, null);
    }

    /** What went wrong, as a value. */
    public Failure failure() {
        return failure;
    }

    /** The message as far as it came: text, thinking, tool calls. */
    public Answer partial() {
        return partial;
    }

    /** The text as far as it came. */
    public String partialText() {
        return partial.text();
    }

    /** The tokens that were counted up to then. */
    public Usage usage() {
        return partial.usage();
    }

    /** How long to wait before another attempt, if the server said so. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(failure.retryAfter());
    }
}

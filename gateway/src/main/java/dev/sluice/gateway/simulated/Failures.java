package dev.sluice.gateway.simulated;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** What goes wrong with the models whose job it is to go wrong. */
final class Failures {
    private Failures() {}

    static Failure rateLimit() {
        return said(
                FailureCode.RATE_LIMIT,
                429,
                "the simulated model `error` always has too many requests; try again in 2 seconds",
                Duration.ofSeconds(2));
    }

    static Failure overloaded(String script) {
        return said(
                FailureCode.OVERLOADED,
                503,
                "the simulated model `" + script + "` always has too much to do",
                null);
    }

    static Failure contextTooLong(long tokens) {
        return said(
                FailureCode.CONTEXT_TOO_LONG,
                400,
                "the prompt has "
                        + tokens
                        + " tokens, and the simulated model `error-context` always has room for one"
                        + " less",
                null);
    }

    static Failure cut() {
        return Failure.of(
                FailureCode.UPSTREAM_BROKEN,
                "the simulated model's answer was at an end before the message was, as `cut` does");
    }

    static Failure disconnected() {
        return Failure.of(
                FailureCode.UPSTREAM_BROKEN,
                "the connection to the simulated model was reset, as `disconnect` does");
    }

    /** What a model server would have said with this status. */
    private static Failure said(
            FailureCode code, int status, String message, @Nullable Duration retryAfter) {
        return new Failure(code, message, null, null, retryAfter, status);
    }
}

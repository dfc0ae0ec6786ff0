package dev.sluice.client;

import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.TokenEstimate;

import org.jspecify.annotations.Nullable;

/** What one stream has reserved of a budget, if there is one. */
final class Reservation {
    private final @Nullable TokenBudget budget;
    private final long input;
    private final long output;

    private Reservation(@Nullable TokenBudget budget, long input, long output) {
        this.budget = budget;
        this.input = input;
        this.output = output;
    }

    /**
     * Reserves what {@code request} may need.
     *
     * @throws dev.sluice.core.failure.FailureException when nothing is left for it
     */
    static Reservation of(StreamConfig config, Request request) {
        TokenBudget budget = config.tokenBudget().orElse(null);
        if (budget == null) {
            return new Reservation(null, 0, Long.MAX_VALUE);
        }
        long input = TokenEstimate.of(request);
        long wanted = request.maxOutput() == null ? config.maxTokens() : request.maxOutput();
        long output = budget.reserve(input, wanted);
        if (output == 0) {
            throw usedUp(budget, "is used up: nothing is left for a prompt of about " + input)
                    .asException();
        }
        return new Reservation(budget, input, output);
    }

    private static Failure usedUp(TokenBudget budget, String what) {
        return Failure.of(
                FailureCode.RATE_LIMIT, "the budget of " + budget.limit() + " tokens " + what);
    }

    /** Whether less output than the request asks for is left for it. */
    Request limit(Request request) {
        if (budget == null || request.maxOutput() == null || request.maxOutput() <= output) {
            return request;
        }
        Request.Builder limited = request.toBuilder();
        limited.maxOutput = output;
        return limited.build();
    }

    /** Whether {@code tokens} of output are more than there may be. */
    boolean isExceeded(long tokens) {
        return tokens > output;
    }

    /** The failure of a stream that would go beyond the budget. */
    Failure exceeded() {
        return budget == null
                ? Failure.of(FailureCode.INTERNAL, "there is no budget to exceed")
                : usedUp(budget, "leaves " + output + " for this answer, and it went on");
    }

    /** The stream did not begin. */
    void release() {
        settle(Usage.NONE, 0);
    }

    /** The stream is over. A stream of which nothing came costs nothing. */
    void settle(Usage usage, long tokens) {
        if (budget == null) {
            return;
        }
        long spent = 0;
        if (tokens > 0 || !usage.isNone()) {
            long prompt = usage.totalInput() == Usage.UNKNOWN ? input : usage.totalInput();
            spent = prompt + Math.max(0, usage.output());
        }
        budget.settle(input + output, spent);
    }
}

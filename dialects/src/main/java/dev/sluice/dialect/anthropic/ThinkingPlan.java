package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.ThinkingConfig.Mode;
import dev.sluice.core.request.ThinkingConfig.Show;

import org.jspecify.annotations.Nullable;

/**
 * How much the model is told to think, and the limit of output that goes with it: on this wire the
 * limit counts thinking too.
 *
 * @param thinking what is said of thinking; null for nothing
 * @param maxTokens the limit
 */
record ThinkingPlan(@Nullable ThinkingConfig thinking, long maxTokens) {
    private static final long LEAST = 1024;

    /** What a client of this dialect said, as it said it. */
    static ThinkingPlan own(Request request, Target target) {
        return new ThinkingPlan(request.thinking(), limit(request, target));
    }

    /**
     * What a client of another dialect meant. {@code impossible} says whether the rest of the
     * request does not go together with thinking.
     */
    static ThinkingPlan of(Request request, Target target, boolean impossible, Warnings warnings) {
        ThinkingConfig wanted = request.thinking();
        long limit = limit(request, target);
        if (wanted == null || wanted.mode() == Mode.OFF) {
            return new ThinkingPlan(wanted, limit);
        }
        if (impossible || !target.quirks().is(Quirk.REASONING_EFFORT)) {
            warnings.dropped("thinking");
            return new ThinkingPlan(null, limit);
        }
        if (wanted.mode() == Mode.ADAPTIVE) {
            return new ThinkingPlan(wanted, limit);
        }
        return budgeted(request, wanted, limit, warnings);
    }

    private static long limit(Request request, Target target) {
        return request.maxOutput() == null
                ? Math.max(1, target.defaultMaxOutput())
                : request.maxOutput();
    }

    private static ThinkingPlan budgeted(
            Request request, ThinkingConfig wanted, long limit, Warnings warnings) {
        long budget = Math.max(LEAST, wanted.asBudget().orElse(LEAST));
        if (request.maxOutput() != null && !request.maxOutputCountsThinking()) {
            return enabled(budget, wanted.show(), limit + budget);
        }
        if (budget < limit) {
            return enabled(budget, wanted.show(), limit);
        }
        if (limit <= LEAST) {
            warnings.dropped("thinking");
            return new ThinkingPlan(null, limit);
        }
        // Half of what there is, so that an answer fits behind the thinking.
        warnings.clamped("thinking");
        return enabled(Math.max(LEAST, limit / 2), wanted.show(), limit);
    }

    private static ThinkingPlan enabled(long budget, Show show, long limit) {
        return new ThinkingPlan(
                new ThinkingConfig(Mode.BUDGET, budget, Effort.UNSAID, show), limit);
    }

    /**
     * Whether the model is told to think, in which case it takes no other way of drawing tokens.
     */
    boolean isOn() {
        return thinking != null
                && (thinking.mode() == Mode.BUDGET || thinking.mode() == Mode.ADAPTIVE);
    }
}

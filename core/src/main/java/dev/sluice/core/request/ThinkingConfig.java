package dev.sluice.core.request;

import java.util.OptionalLong;

/**
 * How much the model shall think before it answers.
 *
 * @param mode how the amount is given
 * @param budget tokens of thinking, for {@link Mode#BUDGET}
 * @param effort how hard, for {@link Mode#EFFORT} and {@link Mode#ADAPTIVE} if it was said; else
 *     {@link Effort#UNSAID}
 * @param show whether the client wants to read the thinking
 */
public record ThinkingConfig(Mode mode, long budget, Effort effort, Show show) {
    /** How the amount of thinking is given. */
    public enum Mode {
        OFF,
        /** The model decides. */
        ADAPTIVE,
        BUDGET,
        EFFORT
    }

    /** Whether thinking is shown to the client. */
    public enum Show {
        UNSAID,
        SUMMARIZED,
        OMITTED
    }

    /** How hard to think, with the budget that stands for it where a target knows budgets alone. */
    public enum Effort {
        UNSAID(0),
        NONE(0),
        MINIMAL(1024),
        LOW(2048),
        MEDIUM(8192),
        HIGH(16384),
        XHIGH(24576),
        MAX(32768);

        private final long budget;

        Effort(long budget) {
            this.budget = budget;
        }

        /** Tokens of thinking that stand for this effort. */
        public long budget() {
            return budget;
        }

        /** The wire's word. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** The effort whose budget is nearest to {@code tokens}. */
        public static Effort nearest(long tokens) {
            Effort best = MINIMAL;
            for (Effort effort : values()) {
                if (effort.budget > 0
                        && Math.abs(effort.budget - tokens) < Math.abs(best.budget - tokens)) {
                    best = effort;
                }
            }
            return best;
        }
    }

    /** No thinking. */
    public static ThinkingConfig off() {
        return new ThinkingConfig(Mode.OFF, 0, Effort.UNSAID, Show.UNSAID);
    }

    /** As hard as {@code effort}. */
    public static ThinkingConfig effort(Effort effort) {
        return effort == Effort.NONE
                ? off()
                : new ThinkingConfig(Mode.EFFORT, 0, effort, Show.UNSAID);
    }

    /** At most {@code tokens}. */
    public static ThinkingConfig budget(long tokens) {
        return new ThinkingConfig(Mode.BUDGET, tokens, Effort.UNSAID, Show.UNSAID);
    }

    /** Tokens of thinking that this stands for, if it says an amount. */
    public OptionalLong asBudget() {
        return switch (mode) {
            case OFF -> OptionalLong.empty();
            case BUDGET -> OptionalLong.of(budget);
            case ADAPTIVE, EFFORT ->
                    effort.budget() > 0 ? OptionalLong.of(effort.budget()) : OptionalLong.empty();
        };
    }

    /** The effort that this stands for; {@link Effort#UNSAID} if it says no amount. */
    public Effort asEffort() {
        return switch (mode) {
            case OFF -> Effort.NONE;
            case BUDGET -> Effort.nearest(budget);
            case ADAPTIVE, EFFORT -> effort;
        };
    }
}

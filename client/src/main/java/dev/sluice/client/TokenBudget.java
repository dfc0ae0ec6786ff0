package dev.sluice.client;

/**
 * Tokens that one or several streams may spend together, prompt and answer. A stream reserves what
 * it may need when it starts and settles with what it took when it ends, however it ends. A stream
 * for which too little is left gets a lower limit of output; one for which nothing is left is
 * refused, and a model that goes beyond its limit is cut.
 */
public final class TokenBudget {
    private final long limit;
    private long taken;

    private TokenBudget(long limit) {
        this.limit = limit;
    }

    /** A budget of {@code tokens}. */
    public static TokenBudget of(long tokens) {
        if (tokens < 1) {
            throw new IllegalArgumentException("tokens: " + tokens + " (expected: > 0)");
        }
        return new TokenBudget(tokens);
    }

    /** All tokens of the budget, spent or not. */
    public long limit() {
        return limit;
    }

    /** Tokens that are neither spent nor reserved by a stream that runs. */
    public synchronized long remaining() {
        return Math.max(0, limit - taken);
    }

    /**
     * Reserves a prompt and as much output as is left, at most {@code wanted}. Returns how much
     * output that is; 0 when not even one token is left, and then nothing is reserved.
     */
    synchronized long reserve(long input, long wanted) {
        long output = Math.min(wanted, limit - taken - input);
        if (output < 1) {
            return 0;
        }
        taken += input + output;
        return output;
    }

    /** Gives back what was reserved and takes what was spent. */
    synchronized void settle(long reserved, long spent) {
        taken += spent - reserved;
    }
}

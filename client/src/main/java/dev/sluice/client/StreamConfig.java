package dev.sluice.client;

import dev.sluice.core.request.Sampling;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How one stream shall run: how much the model may say, how it draws its tokens, how much is
 * buffered, how long is waited. Immutable; start from {@link #DEFAULT}.
 *
 * <p>{@link #temperature}, {@link #topK} and {@link #topP} that nobody set are sent to models that
 * have no better idea. The vendors' own servers do, and some of their models refuse these
 * parameters: there they are sent only when they were set.
 */
public final class StreamConfig {
    private static final int MAX_TOKENS = 256;
    private static final double TEMPERATURE = 1.0;
    private static final int TOP_K = 40;
    private static final double TOP_P = 0.9;
    private static final int BUFFER_SIZE = 64;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int RETRIES = 2;
    private static final Duration BACKOFF = Duration.ofMillis(500);
    private static final int MAX_KEPT_BYTES = 16 << 20;

    /** What holds when nothing is said. */
    public static final StreamConfig DEFAULT = new Builder().build();

    private final int maxTokens;
    private final @Nullable Double temperature;
    private final @Nullable Integer topK;
    private final @Nullable Double topP;
    private final List<String> stopSequences;
    private final int bufferSize;
    private final Duration timeout;
    private final @Nullable Duration deadline;
    private final int retries;
    private final Duration backoff;
    private final @Nullable TokenBudget tokenBudget;
    private final int maxKeptBytes;

    private StreamConfig(Builder from) {
        maxTokens = from.maxTokens;
        temperature = from.temperature;
        topK = from.topK;
        topP = from.topP;
        stopSequences = from.stopSequences;
        bufferSize = from.bufferSize;
        timeout = from.timeout;
        deadline = from.deadline;
        retries = from.retries;
        backoff = from.backoff;
        tokenBudget = from.tokenBudget;
        maxKeptBytes = from.maxKeptBytes;
    }

    /** A builder that starts from the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from this. */
    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.maxTokens = maxTokens;
        copy.temperature = temperature;
        copy.topK = topK;
        copy.topP = topP;
        copy.stopSequences = stopSequences;
        copy.bufferSize = bufferSize;
        copy.timeout = timeout;
        copy.deadline = deadline;
        copy.retries = retries;
        copy.backoff = backoff;
        copy.tokenBudget = tokenBudget;
        copy.maxKeptBytes = maxKeptBytes;
        return copy;
    }

    /** Most tokens of the answer: 256. */
    public int maxTokens() {
        return maxTokens;
    }

    /** How freely tokens are drawn: 1.0. */
    public double temperature() {
        return temperature == null ? TEMPERATURE : temperature;
    }

    /** From how many of the likeliest tokens one is drawn: 40. */
    public int topK() {
        return topK == null ? TOP_K : topK;
    }

    /** From which share of the probability a token is drawn: 0.9. */
    public double topP() {
        return topP == null ? TOP_P : topP;
    }

    /** Texts at which the model stops: none. */
    public List<String> stopSequences() {
        return stopSequences;
    }

    /** How many tokens wait for a slow reader before the model is paused: 64. */
    public int bufferSize() {
        return bufferSize;
    }

    /**
     * How long the first token may take, retries and all, and every later one: 30 s. Time in which
     * the model is paused because the reader is slow does not count.
     */
    public Duration timeout() {
        return timeout;
    }

    /** How long the whole stream may take, a slow reader's time included: not limited. */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(deadline);
    }

    /** How often a request that failed before its first token is sent again: 2. */
    public int retries() {
        return retries;
    }

    /** The wait before the first retry, where the server says none: 500 ms; doubled each time. */
    public Duration backoff() {
        return backoff;
    }

    /** The tokens that this stream shares with others: not limited. */
    public Optional<TokenBudget> tokenBudget() {
        return Optional.ofNullable(tokenBudget);
    }

    /**
     * How much of the answer is kept for {@link TokenStream#text}, {@link TokenStream#finalMessage}
     * and exceptions: 16 MiB.
     */
    public int maxKeptBytes() {
        return maxKeptBytes;
    }

    /** As a request says it; {@code all} whether defaults that nobody set are said too. */
    Sampling sampling(boolean all) {
        boolean sayTopK = all || topK != null;
        return new Sampling(
                all || temperature != null ? temperature() : null,
                all || topP != null ? topP() : null,
                sayTopK ? Long.valueOf(topK()) : null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                stopSequences);
    }

    /** Gathers a {@link StreamConfig}. */
    public static final class Builder {
        private int maxTokens = MAX_TOKENS;
        private @Nullable Double temperature;
        private @Nullable Integer topK;
        private @Nullable Double topP;
        private List<String> stopSequences = List.of();
        private int bufferSize = BUFFER_SIZE;
        private Duration timeout = TIMEOUT;
        private @Nullable Duration deadline;
        private int retries = RETRIES;
        private Duration backoff = BACKOFF;
        private @Nullable TokenBudget tokenBudget;
        private int maxKeptBytes = MAX_KEPT_BYTES;

        private Builder() {}

        /** Most tokens of the answer. */
        public Builder maxTokens(int tokens) {
            maxTokens = positive("maxTokens", tokens);
            return this;
        }

        /** How freely tokens are drawn, 0 to 2. */
        public Builder temperature(double value) {
            check(value >= 0 && value <= 2, "temperature", value, "0 to 2");
            temperature = value;
            return this;
        }

        /** From how many of the likeliest tokens one is drawn. */
        public Builder topK(int count) {
            topK = positive("topK", count);
            return this;
        }

        /** From which share of the probability a token is drawn, above 0 and up to 1. */
        public Builder topP(double share) {
            check(share > 0 && share <= 1, "topP", share, "> 0 and <= 1");
            topP = share;
            return this;
        }

        /** Texts at which the model stops. */
        public Builder stopSequences(String... texts) {
            return stopSequences(List.of(texts));
        }

        /** Texts at which the model stops. */
        public Builder stopSequences(List<String> texts) {
            check(!texts.contains(""), "stopSequences", texts, "no empty text");
            stopSequences = List.copyOf(texts);
            return this;
        }

        /** How many tokens wait for a slow reader before the model is paused. */
        public Builder bufferSize(int tokens) {
            bufferSize = positive("bufferSize", tokens);
            return this;
        }

        /** How long the first token may take, and every later one. */
        public Builder timeout(Duration wait) {
            timeout = positive("timeout", wait);
            return this;
        }

        /** How long the whole stream may take. */
        public Builder deadline(Duration limit) {
            deadline = positive("deadline", limit);
            return this;
        }

        /** How often a request that failed before its first token is sent again. */
        public Builder retries(int count) {
            check(count >= 0, "retries", count, ">= 0");
            retries = count;
            return this;
        }

        /** The wait before the first retry; doubled each time. */
        public Builder backoff(Duration wait) {
            backoff = positive("backoff", wait);
            return this;
        }

        /** The tokens that streams of this config share. */
        public Builder tokenBudget(TokenBudget budget) {
            tokenBudget = budget;
            return this;
        }

        /** How much of the answer is kept. */
        public Builder maxKeptBytes(int bytes) {
            maxKeptBytes = positive("maxKeptBytes", bytes);
            return this;
        }

        /** The config. */
        public StreamConfig build() {
            return new StreamConfig(this);
        }

        private static int positive(String name, int value) {
            check(value > 0, name, value, "> 0");
            return value;
        }

        private static Duration positive(String name, Duration value) {
            check(value.isPositive(), name, value, "> 0");
            return value;
        }

        private static void check(boolean holds, String name, Object value, String expected) {
            if (!holds) {
                throw new IllegalArgumentException(
                        name + ": " + value + " (expected: " + expected + ")");
            }
        }
    }
}

package dev.sluice.client;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The times of a stream: of what came up to now, and at the end of all. A token here is a piece of
 * content as it arrived, be it text, thinking or a tool's arguments. While the reader is slower
 * than the model, the times between tokens are the reader's.
 *
 * @param tokens how many came
 * @param ttft from the start of the stream to the first token (TTFT), retries and all
 * @param meanTbt between two tokens (TBT), on the average
 * @param longestTbt the longest time between two tokens
 * @param tokensPerSecond from the first token to the last (TPS), by the model's own count where it
 *     gave one
 * @param elapsed from the start to now, or to the end
 */
public record StreamMetrics(
        long tokens,
        Optional<Duration> ttft,
        Optional<Duration> meanTbt,
        Optional<Duration> longestTbt,
        OptionalDouble tokensPerSecond,
        Duration elapsed) {}

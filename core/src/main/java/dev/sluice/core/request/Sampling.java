package dev.sluice.core.request;

import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * How tokens are drawn. Null means not said.
 *
 * @param stop texts at which the model stops
 * @param logitBias token id to bias, as it was written
 * @param topLogprobs how many alternatives are told with each token
 */
public record Sampling(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Long topK,
        @Nullable Double minP,
        @Nullable Double presencePenalty,
        @Nullable Double frequencyPenalty,
        @Nullable Double repetitionPenalty,
        @Nullable Long seed,
        @Nullable Boolean logprobs,
        @Nullable Long topLogprobs,
        @Nullable Raw logitBias,
        List<String> stop) {
    /** Nothing said. */
    public static final Sampling NONE =
            new Sampling(
                    null, null, null, null, null, null, null, null, null, null, null, List.of());

    /** Copies the list. */
    public Sampling {
        stop = List.copyOf(stop);
    }
}

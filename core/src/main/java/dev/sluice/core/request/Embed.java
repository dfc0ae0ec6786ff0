package dev.sluice.core.request;

import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What shall be turned into vectors.
 *
 * @param texts a vector is made of each; empty where {@code tokens} stand in their place
 * @param tokens the input as it was written where it is the numbers of tokens, which mean something
 *     to one model alone; null if it is text
 * @param dimensions how long the vectors shall be; null means as the model makes them
 * @param base64 whether the client wants the bytes of the numbers in base64
 */
public record Embed(
        List<String> texts, @Nullable Raw tokens, @Nullable Long dimensions, boolean base64) {
    /** Copies the list and checks the number. */
    public Embed {
        texts = List.copyOf(texts);
        if (dimensions != null && dimensions < 1) {
            throw new IllegalArgumentException(
                    "dimensions: " + dimensions + " (expected: at least 1)");
        }
    }
}

package dev.sluice.core.event;

import java.util.List;

/**
 * The answer to a request for embeddings.
 *
 * @param model who made them; empty if not told
 * @param vectors one for each text, in their order; not to be altered
 */
public record Embeddings(String model, List<float[]> vectors, Usage usage) {
    /** Copies the list. */
    public Embeddings {
        vectors = List.copyOf(vectors);
    }
}

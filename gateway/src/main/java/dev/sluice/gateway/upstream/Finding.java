package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.ModelCard;

import java.util.List;
import java.util.Optional;

/**
 * What a provider's own answers tell about it, and what the configuration says besides.
 *
 * @param dialect name of the dialect that it speaks; empty if that could not be found
 * @param server kind of the server, as the known servers are called
 * @param base where its dialect's paths begin
 * @param models what it lists; perhaps nothing
 * @param problem what is wrong, in a sentence that says what was asked, what came and what to do;
 *     empty if it answered as hoped
 */
public record Finding(
        Optional<String> dialect,
        String server,
        String base,
        List<ModelCard> models,
        Optional<String> problem) {
    /** Copies the list. */
    public Finding {
        models = List.copyOf(models);
    }

    /** This with a problem that came up later; what was known stays known. */
    public Finding withProblem(String sentence) {
        return new Finding(dialect, server, base, models, Optional.of(sentence));
    }
}

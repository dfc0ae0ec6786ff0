package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.ModelCard;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What a provider's own answers tell about it.
 *
 * @param dialect name of the dialect it speaks; empty if that could not be found
 * @param server kind of the server, as the known servers are called
 * @param base where its dialect's paths begin
 * @param models what it lists; perhaps nothing
 * @param problem what is wrong, in a sentence with what to do; empty if it answered as hoped
 */
public record Finding(
        Optional<String> dialect,
        String server,
        URI base,
        List<ModelCard> models,
        Optional<String> problem) {
    /** Copies the list. */
    public Finding {
        models = List.copyOf(models);
    }
}

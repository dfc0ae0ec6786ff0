package dev.sluice.gateway.routing;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.gateway.upstream.UpstreamPlan;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of every provider at this moment: how to talk to it and which models it lists. Read on event loops and replaced by whoever asks the providers; a
 * reader sees one whole snapshot.
 */
public final class Catalog {
    /**
     * One provider.
     *
     * @param upstream how to talk to it; empty for a provider inside the process, and for one that has not answered yet
     * @param models what it lists
     * @param problem why it cannot be talked to, in a sentence; empty if it can
     */
    public record Entry(
            String name,
            Optional<UpstreamPlan> upstream,
            List<ModelCard> models,
            Optional<String> problem) {
        /** Copies the list. */
        public Entry {
            models = List.copyOf(models);
        }

        /** Whether it can be asked. */
        public boolean isUsable() {
            return problem.isEmpty();
        }

        /** Whether it lists {@code model}. */
        boolean lists(String model) {
            return models.stream().anyMatch(card -> card.id().equals(model));
        }
    }

    private volatile Map<String, Entry> entries = Map.of();

    /** Puts {@code entry} in the place of what was known of its provider. */
    public synchronized void put(Entry entry) {
        Map<String, Entry> next = new LinkedHashMap<>(entries);
        next.put(entry.name(), entry);
        entries = next;
    }

    /** What is known of {@code provider}; empty if there is none of this name. */
    public Optional<Entry> find(String provider) {
        return Optional.ofNullable(entries.get(provider));
    }

    /** All providers in the order in which they were put first. */
    public Collection<Entry> all() {
        return entries.values();
    }
}

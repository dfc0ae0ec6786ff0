package dev.sluice.gateway.routing;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.upstream.UpstreamPlan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of every provider at this moment: how to talk to it and which models it lists. Read
 * on event loops and replaced by whoever asks the providers; a reader sees one whole snapshot.
 */
public final class Catalog {
    /**
     * One provider.
     *
     * @param upstream how to talk to it; empty for a provider inside the process, and for one of
     *     which not enough is known yet
     * @param models what it lists
     * @param problem what is wrong with it, in a sentence; empty if nothing is
     * @param inProcess whether its models are inside this process
     */
    public record Entry(
            String name,
            Optional<UpstreamPlan> upstream,
            List<ModelCard> models,
            Optional<String> problem,
            boolean inProcess) {
        /** Copies the list. */
        public Entry {
            models = List.copyOf(models);
        }

        /** A provider somewhere else, or the simulated model. */
        public Entry(
                String name,
                Optional<UpstreamPlan> upstream,
                List<ModelCard> models,
                Optional<String> problem) {
            this(name, upstream, models, problem, name.equals(ProviderConfig.SIMULATED));
        }

        /** A provider inside the process. */
        public static Entry inProcess(
                String name, List<ModelCard> models, Optional<String> problem) {
            return new Entry(name, Optional.empty(), models, problem, true);
        }

        /** A provider of which nothing is known but the problem. */
        static Entry unknown(String name, String problem) {
            return new Entry(name, Optional.empty(), List.of(), Optional.of(problem));
        }

        /** Whether it is the simulated model. */
        public boolean isSimulated() {
            return name.equals(ProviderConfig.SIMULATED);
        }

        /**
         * Whether enough is known to ask it for an answer, which is possible with a problem too.
         */
        public boolean isUsable() {
            return inProcess ? !models.isEmpty() : upstream.isPresent();
        }
    }

    /** Everything as it is at one moment. */
    private record Snapshot(Map<String, Entry> entries, Map<String, List<Entry>> byModel) {
        static final Snapshot EMPTY = new Snapshot(Map.of(), Map.of());

        static Snapshot of(Map<String, Entry> entries) {
            Map<String, List<Entry>> byModel = new HashMap<>();
            for (Entry entry : entries.values()) {
                if (!entry.isSimulated()) {
                    entry.models().forEach(model -> add(byModel, model.id(), entry));
                }
            }
            return new Snapshot(Collections.unmodifiableMap(entries), byModel);
        }

        private static void add(Map<String, List<Entry>> byModel, String model, Entry entry) {
            List<Entry> listing = byModel.computeIfAbsent(model, _ -> new ArrayList<>(1));
            if (!listing.contains(entry)) {
                listing.add(entry);
            }
        }
    }

    private static final String LATEST = ":latest";

    private volatile Snapshot now = Snapshot.EMPTY;

    /** Puts {@code entry} in the place of what was known of its provider. */
    public synchronized void put(Entry entry) {
        Map<String, Entry> next = new LinkedHashMap<>(now.entries);
        next.put(entry.name(), entry);
        now = Snapshot.of(next);
    }

    /** What is known of {@code provider}; empty if there is none of this name. */
    public Optional<Entry> find(String provider) {
        return Optional.ofNullable(now.entries.get(provider));
    }

    /** All providers in the order in which they were put first. */
    public Collection<Entry> all() {
        return now.entries.values();
    }

    /**
     * The upstreams that list {@code model}; the simulated model is none. A name without a tag
     * means {@code :latest} where only that is listed, as those mean it who list models with tags.
     */
    public Listing listing(String model) {
        Map<String, List<Entry>> byModel = now.byModel;
        List<Entry> exact = byModel.getOrDefault(model, List.of());
        if (!exact.isEmpty() || model.indexOf(':') >= 0) {
            return new Listing(model, exact);
        }
        String latest = model + LATEST;
        return new Listing(latest, byModel.getOrDefault(latest, List.of()));
    }

    /**
     * Who lists a model.
     *
     * @param model the model as it is listed
     * @param entries the upstreams, in their order
     */
    public record Listing(String model, List<Entry> entries) {
        /** Copies the list. */
        public Listing {
            entries = List.copyOf(entries);
        }
    }
}

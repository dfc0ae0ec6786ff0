package dev.sluice.gateway.routing;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.upstream.Discovery;
import dev.sluice.gateway.upstream.Finding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the catalog true: asks every provider at the start, asks again from time to time, and soon
 * when a name was asked for that nobody lists. One virtual thread, and one more for each provider
 * while it is asked.
 */
public final class CatalogKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CatalogKeeper.class.getName());

    /**
     * How often providers are asked.
     *
     * @param calm while nothing is wrong
     * @param soonest while something is wrong, and at most when somebody wishes it
     */
    record Pace(Duration calm, Duration soonest) {
        /** Each minute; each 5 s. */
        static final Pace DEFAULT = new Pace(Duration.ofSeconds(60), Duration.ofSeconds(5));
    }

    private final Config config;
    private final List<ModelCard> simulated;
    private final Planner planner;
    private final Discovery discovery;
    private final Pace pace;
    private final Catalog catalog = new Catalog();
    private final Map<String, Finding> findings;
    private final Semaphore wishes = new Semaphore(0);
    private final Thread thread;

    /**
     * A keeper for the providers of {@code config}; when it is made they have been asked once.
     *
     * @param simulated the models inside the process
     * @throws dev.sluice.gateway.config.ConfigException when a provider cannot be planned
     */
    public CatalogKeeper(Config config, Discovery discovery, List<ModelCard> simulated) {
        this(config, discovery, simulated, Pace.DEFAULT);
    }

    CatalogKeeper(Config config, Discovery discovery, List<ModelCard> simulated, Pace pace) {
        this(config, discovery, simulated, pace, Map.of());
    }

    private CatalogKeeper(
            Config config,
            Discovery discovery,
            List<ModelCard> simulated,
            Pace pace,
            Map<String, Finding> known) {
        this.config = config;
        this.simulated = simulated;
        this.planner = new Planner(config);
        this.discovery = discovery;
        this.pace = pace;
        this.findings = new ConcurrentHashMap<>(known);
        this.thread = Thread.ofVirtual().name("catalog").unstarted(this::keep);
        for (ProviderConfig provider : config.providers()) {
            catalog.put(Catalog.Entry.unknown(provider.name(), "it was not asked yet"));
        }
        if (config.simulated()) {
            catalog.put(
                    new Catalog.Entry(
                            ProviderConfig.SIMULATED,
                            Optional.empty(),
                            simulated,
                            Optional.empty()));
        }
        askAll();
    }

    /**
     * A keeper for another configuration, which begins with what is known here of the providers
     * that are the same servers there.
     *
     * @throws dev.sluice.gateway.config.ConfigException when a provider cannot be planned
     */
    public CatalogKeeper after(Config next) {
        Map<String, Finding> known = new HashMap<>();
        for (ProviderConfig provider : next.providers()) {
            Finding finding = findings.get(provider.name());
            if (finding != null
                    && config.provider(provider.name())
                            .filter(provider::isSameServer)
                            .isPresent()) {
                known.put(provider.name(), finding);
            }
        }
        return new CatalogKeeper(next, discovery, simulated, pace, known);
    }

    /** What is known. */
    public Catalog catalog() {
        return catalog;
    }

    /** Starts to keep it true in the background. */
    public void start() {
        thread.start();
    }

    /** Asks again soon; never blocks. */
    public void refreshSoon() {
        if (wishes.availablePermits() == 0) {
            wishes.release();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void keep() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(pace.soonest.toNanos());
                boolean wished = wishes.tryAcquire(moreNanos(), TimeUnit.NANOSECONDS);
                if (wished) {
                    wishes.drainPermits();
                }
                askAll();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** How long to wait beyond the soonest time. */
    private long moreNanos() {
        boolean trouble = catalog.all().stream().anyMatch(entry -> entry.problem().isPresent());
        return trouble ? 0 : pace.calm.minus(pace.soonest).toNanos();
    }

    private void askAll() {
        List<Thread> questions = new ArrayList<>();
        for (ProviderConfig provider : config.providers()) {
            questions.add(
                    Thread.ofVirtual().name("asks " + provider.name()).start(() -> ask(provider)));
        }
        try {
            for (Thread question : questions) {
                question.join();
            }
        } catch (InterruptedException closed) {
            questions.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
    }

    private void ask(ProviderConfig provider) {
        try {
            Finding found = found(provider);
            if (!Thread.currentThread().isInterrupted()) {
                learn(provider, found);
            }
        } catch (RuntimeException accident) {
            LOG.log(System.Logger.Level.ERROR, "cannot ask provider " + provider.name(), accident);
            catalog.put(
                    Catalog.Entry.unknown(
                            provider.name(), "it cannot be asked; the gateway's log says more"));
        }
    }

    private Finding found(ProviderConfig provider) {
        Optional<Finding> told = Discovery.told(provider);
        if (told.isPresent()) {
            return told.get();
        }
        Finding before = findings.get(provider.name());
        return before == null || before.models().isEmpty()
                ? discovery.find(provider)
                : discovery.refresh(provider, before);
    }

    /**
     * Takes what was found; a provider that was known and is in trouble now keeps what was known of
     * it.
     */
    private void learn(ProviderConfig provider, Finding found) {
        Finding before = findings.get(provider.name());
        boolean silent = found.models().isEmpty() && found.problem().isPresent();
        Finding now =
                before != null && !before.models().isEmpty() && silent
                        ? before.withProblem(found.problem().get())
                        : found;
        if (before != null) {
            tell(provider, before, now);
        }
        findings.put(provider.name(), now);
        catalog.put(planner.entry(provider, now));
    }

    private static void tell(ProviderConfig provider, Finding before, Finding now) {
        if (before.problem().equals(now.problem())) {
            return;
        }
        if (now.problem().isPresent()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "provider " + provider.name() + ": " + now.problem().get());
        } else {
            LOG.log(
                    System.Logger.Level.INFO,
                    "provider "
                            + provider.name()
                            + " is there: "
                            + now.dialect().orElse("")
                            + ", "
                            + now.server()
                            + ", models: "
                            + now.models().size());
        }
    }
}

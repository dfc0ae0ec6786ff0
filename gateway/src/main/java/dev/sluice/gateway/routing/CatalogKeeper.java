package dev.sluice.gateway.routing;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.KnownServers;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.DialectKind;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.config.Timeouts;
import dev.sluice.gateway.upstream.Discovery;
import dev.sluice.gateway.upstream.Finding;
import dev.sluice.gateway.upstream.UpstreamPlan;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the catalog true: asks every provider at the start, asks again from time to time and when a name is asked for that nobody lists. One virtual thread.
 */
public final class CatalogKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CatalogKeeper.class.getName());
    private static final long REFRESH_SECONDS = 60;
    private static final long SOONEST_SECONDS = 5;
    private static final long DEFAULT_MAX_OUTPUT = 8192;

    private final Config config;
    private final Discovery discovery;
    private final Catalog catalog = new Catalog();
    private final Semaphore soon = new Semaphore(0);
    private final Thread thread;

    /** A keeper for the providers of {@code config}; {@code simulated} are the models inside the process. */
    public CatalogKeeper(Config config, Discovery discovery, List<ModelCard> simulated) {
        this.config = config;
        this.discovery = discovery;
        this.thread = Thread.ofVirtual().name("catalog").unstarted(this::keep);
        ask();
        if (config.simulated()) {
            catalog.put(
                    new Catalog.Entry(
                            ProviderConfig.SIMULATED,
                            Optional.empty(),
                            simulated,
                            Optional.empty()));
        }
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
        if (soon.availablePermits() == 0) {
            soon.release();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void keep() {
        try {
            while (true) {
                boolean asked = soon.tryAcquire(waitSeconds(), TimeUnit.SECONDS);
                ask();
                if (asked) {
                    TimeUnit.SECONDS.sleep(SOONEST_SECONDS);
                    soon.drainPermits();
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private long waitSeconds() {
        boolean trouble = catalog.all().stream().anyMatch(entry -> !entry.isUsable());
        return trouble ? SOONEST_SECONDS : REFRESH_SECONDS;
    }

    private void ask() {
        List<Thread> questions = new ArrayList<>();
        for (ProviderConfig provider : config.providers()) {
            questions.add(
                    Thread.ofVirtual()
                            .name("asks " + provider.name())
                            .start(() -> catalogue(provider)));
        }
        try {
            for (Thread question : questions) {
                question.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void catalogue(ProviderConfig provider) {
        try {
            Finding finding = known(provider).orElseGet(() -> discovery.find(provider));
            Catalog.Entry next = entry(provider, finding);
            Optional<Catalog.Entry> before = catalog.find(provider.name());
            if (next.isUsable() || before.isEmpty() || !before.get().isUsable()) {
                catalog.put(next);
            }
        } catch (RuntimeException accident) {
            LOG.log(System.Logger.Level.ERROR, "provider " + provider.name() + " cannot be asked", accident);
            catalog.put(
                    new Catalog.Entry(
                            provider.name(),
                            Optional.empty(),
                            List.of(),
                            Optional.of("it cannot be asked (" + accident.getMessage() + ")")));
        }
    }

    /** What the configuration says in full needs no asking. */
    private static Optional<Finding> known(ProviderConfig provider) {
        if (provider.dialect().isEmpty()
                || provider.server().isEmpty()
                || provider.models().isEmpty()) {
            return Optional.empty();
        }
        String dialect = provider.dialect().get().word();
        return Optional.of(
                new Finding(
                        Optional.of(dialect),
                        provider.server().get().word(),
                        base(provider, dialect),
                        provider.models().stream()
                                .map(model -> new ModelCard(model, provider.name(), 0))
                                .toList(),
                        Optional.empty()));
    }

    /** OpenAI's paths begin below {@code /v1}, Anthropic's at the root. */
    private static URI base(ProviderConfig provider, String dialect) {
        String url = provider.url().toString();
        boolean chat = dialect.equals(DialectKind.OPENAI_CHAT.word());
        if (chat) {
            return URI.create(provider.url().path().isEmpty() ? url + "/v1" : url);
        }
        return URI.create(url.endsWith("/v1") ? url.substring(0, url.length() - 3) : url);
    }

    private Catalog.Entry entry(ProviderConfig provider, Finding finding) {
        boolean speaks = finding.dialect().isPresent();
        boolean listed = !finding.models().isEmpty();
        // A vendor that is named needs no list to be asked; one that had to be found does.
        boolean usable = speaks && (listed || provider.dialect().isPresent() || finding.problem().isEmpty());
        return new Catalog.Entry(
                provider.name(),
                speaks ? Optional.of(plan(provider, finding)) : Optional.empty(),
                finding.models(),
                usable
                        ? Optional.empty()
                        : Optional.of(finding.problem().orElse("it speaks no known dialect")));
    }

    private UpstreamPlan plan(ProviderConfig provider, Finding finding) {
        Dialect dialect = Dialects.find(finding.dialect().orElseThrow()).orElseThrow();
        Quirks quirks =
                KnownServers.find(dialect.name(), finding.server())
                        .orElseGet(() -> KnownServers.compatible(dialect.name()))
                        .with(overrides(provider));
        URI base =
                finding.problem().isPresent() && provider.dialect().isPresent()
                        ? base(provider, dialect.name())
                        : finding.base();
        Timeouts told = config.timeouts(provider);
        return new UpstreamPlan(
                provider.name(),
                dialect,
                quirks,
                base,
                headers(provider, dialect),
                new dev.sluice.gateway.exchange.Timeouts(
                        told.connect(), told.firstToken(), told.interToken(), told.total()),
                provider.maxTokens().map(Integer::longValue).orElse(DEFAULT_MAX_OUTPUT),
                provider.retries(),
                provider.connections(),
                provider.protocol(),
                provider.tls());
    }

    private static Map<Quirk, Boolean> overrides(ProviderConfig provider) {
        Map<Quirk, Boolean> overrides = new EnumMap<>(Quirk.class);
        provider.quirks()
                .forEach(
                        (name, value) ->
                                overrides.put(
                                        Quirk.valueOf(
                                                name.toUpperCase(Locale.ROOT).replace('-', '_')),
                                        Boolean.parseBoolean(value)));
        return overrides;
    }

    private static Headers headers(ProviderConfig provider, Dialect dialect) {
        List<Header> headers = new ArrayList<>();
        Optional<String> key = provider.key().map(Secret::reveal);
        for (Header header : dialect.credentials(key.orElse("")).all()) {
            boolean credential =
                    header.name().equalsIgnoreCase("authorization")
                            || header.name().equalsIgnoreCase("x-api-key");
            if (key.isPresent() || !credential) {
                headers.add(header);
            }
        }
        provider.headers()
                .values()
                .forEach((name, value) -> headers.add(new Header(name, value.reveal())));
        return new Headers(headers);
    }

    /** The names of quirks that a configuration may override. */
    public static List<String> quirkNames() {
        List<String> names = new ArrayList<>();
        for (Quirk quirk : Quirk.values()) {
            names.add(quirk.word());
        }
        return names;
    }
}

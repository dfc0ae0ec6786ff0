package dev.sluice.gateway.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A {@link Config} in the making; what is not said stays as it was. */
public final class ConfigBuilder {

    private Listen listen;
    private ClientKeys keys;
    private final List<ProviderConfig> providers;
    private final List<RouteConfig> routes;
    private LocalConfig local;
    private Timeouts timeouts;
    private Limits limits;
    private KeptResponses responses;
    private KeptStreams resume;
    private List<String> cors;
    private Duration keepalive;
    private Duration shutdown;
    private AccessLog accessLog;
    private boolean strict;
    private boolean simulated;
    private int workers;

    ConfigBuilder(Config from) {
        listen = from.listen();
        keys = from.keys();
        providers = new ArrayList<>(from.providers());
        routes = new ArrayList<>(from.routes());
        local = from.local();
        timeouts = from.timeouts();
        limits = from.limits();
        responses = from.responses();
        resume = from.resume();
        cors = from.cors();
        keepalive = from.keepalive();
        shutdown = from.shutdown();
        accessLog = from.accessLog();
        strict = from.strict();
        simulated = from.simulated();
        workers = from.workers();
    }

    /** Where clients come in. */
    public ConfigBuilder listen(Listen value) {
        listen = value;
        return this;
    }

    /** What clients may present. */
    public ConfigBuilder keys(ClientKeys value) {
        keys = value;
        return this;
    }

    /** One more client key; the same name is replaced. */
    public ConfigBuilder key(String name, ClientKey value) {
        keys = keys.with(name, value);
        return this;
    }

    /** One more provider; the same name is replaced. */
    public ConfigBuilder provider(ProviderConfig value) {
        put(providers, value, other -> other.name().equals(value.name()));
        return this;
    }

    /** One more route; the same name is replaced. */
    public ConfigBuilder route(RouteConfig value) {
        put(routes, value, other -> other.name().equals(value.name()));
        return this;
    }

    /** The models that this process reads from files. */
    public ConfigBuilder local(LocalConfig value) {
        local = value;
        return this;
    }

    /** How long exchanges wait. */
    public ConfigBuilder timeouts(Timeouts value) {
        timeouts = value;
        return this;
    }

    /** The bounds of what grows with input. */
    public ConfigBuilder limits(Limits value) {
        limits = value;
        return this;
    }

    /** The bounds of what is kept for clients that come back to it. */
    public ConfigBuilder responses(KeptResponses value) {
        responses = value;
        return this;
    }

    /** The bounds of streams that clients may take up again. */
    public ConfigBuilder resume(KeptStreams value) {
        resume = value;
        return this;
    }

    /** The origins whose pages may ask. */
    public ConfigBuilder cors(List<String> value) {
        cors = value;
        return this;
    }

    /** How long a stream may be silent; zero means for ever. */
    public ConfigBuilder keepalive(Duration value) {
        keepalive = value;
        return this;
    }

    /** How long streams may run on after the order to stop. */
    public ConfigBuilder shutdown(Duration value) {
        shutdown = value;
        return this;
    }

    /** The form of the access line. */
    public ConfigBuilder accessLog(AccessLog value) {
        accessLog = value;
        return this;
    }

    /** Whether a parameter that cannot be carried is an error. */
    public ConfigBuilder strict(boolean value) {
        strict = value;
        return this;
    }

    /** Whether the simulated model is served. */
    public ConfigBuilder simulated(boolean value) {
        simulated = value;
        return this;
    }

    /** Event loops; 0 means one per core. */
    public ConfigBuilder workers(int value) {
        workers = value;
        return this;
    }

    /** The configuration; throws {@link InvalidValue} for what none can be. */
    public Config build() {
        return new Config(
                listen, keys, providers, routes, local, timeouts, limits, responses, resume, cors,
                keepalive, shutdown, accessLog, strict, simulated, workers);
    }

    /** Puts {@code value} where its namesake was, or at the end. */
    private static <T> void put(List<T> all, T value, Predicate<T> isNamesake) {
        for (int i = 0; i < all.size(); i++) {
            if (isNamesake.test(all.get(i))) {
                all.set(i, value);
                return;
            }
        }
        all.add(value);
    }
}

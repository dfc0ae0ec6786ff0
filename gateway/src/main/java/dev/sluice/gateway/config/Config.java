package dev.sluice.gateway.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Everything the gateway was told to do. Each part holds itself to its own rules when it is made;
 * {@link #checked()} holds them to each other, once all who have a say (file, environment, command
 * line) have had it.
 *
 * @param listen where clients come in
 * @param keys what clients may present
 * @param providers who answers
 * @param routes names that clients may ask for
 * @param local the models that this process reads from files
 * @param timeouts how long exchanges wait
 * @param limits the bounds of what grows with input
 * @param responses the bounds of what is kept for clients that come back to it
 * @param resume the bounds of streams that clients may take up again
 * @param cors the origins whose pages may ask, beside the gateway's own
 * @param keepalive how long a stream may be silent before a sign of life is sent; zero means never
 * @param shutdown how long streams may run on after the order to stop
 * @param accessLog the form of the access line
 * @param strict whether a parameter that cannot be carried is an error instead of a warning
 * @param simulated whether the simulated model is served
 * @param workers event loops; 0 means one per core
 */
public record Config(
        Listen listen,
        ClientKeys keys,
        List<ProviderConfig> providers,
        List<RouteConfig> routes,
        LocalConfig local,
        Timeouts timeouts,
        Limits limits,
        KeptResponses responses,
        KeptStreams resume,
        List<String> cors,
        Duration keepalive,
        Duration shutdown,
        AccessLog accessLog,
        boolean strict,
        boolean simulated,
        int workers) {

    static final Range<Duration> KEEPALIVES = Range.ofDurations("0s", "10m");
    static final Range<Duration> SHUTDOWNS = Range.ofDurations("0s", "24h");
    static final Range<Integer> WORKERS = Range.ofNumbers(0, 1024);

    private static final Config DEFAULT =
            new Config(
                    Listen.DEFAULT,
                    ClientKeys.NONE,
                    List.of(),
                    List.of(),
                    LocalConfig.NONE,
                    Timeouts.DEFAULT,
                    Limits.DEFAULT,
                    KeptResponses.DEFAULT,
                    KeptStreams.DEFAULT,
                    List.of(),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    AccessLog.TEXT,
                    false,
                    true,
                    0);

    /** Refuses numbers out of range and two things of one name. */
    public Config {
        providers = List.copyOf(providers);
        routes = List.copyOf(routes);
        cors = cors.stream().map(Origin::parse).toList();
        checkOnce("providers", providers, ProviderConfig::name);
        checkOnce("routes", routes, RouteConfig::name);
        checkOnce("models", local.models(), LocalModelConfig::name);
        KEEPALIVES.check("keepalive", keepalive);
        SHUTDOWNS.check("shutdown", shutdown);
        WORKERS.check("workers", workers);
    }

    /** What is done when nothing was said: the simulated model, for this machine alone. */
    public static Config defaults() {
        return DEFAULT;
    }

    /** Starts from this and changes parts of it. */
    public ConfigBuilder toBuilder() {
        return new ConfigBuilder(this);
    }

    /** This on another host. */
    public Config withHost(String host) {
        return toBuilder().listen(listen.withHost(host)).build();
    }

    /** This on another port. */
    public Config withPort(int port) {
        return toBuilder().listen(listen.withPort(port)).build();
    }

    /** This with one more provider; the same name is replaced. */
    public Config withProvider(ProviderConfig provider) {
        return toBuilder().provider(provider).build();
    }

    /** This with one more route; the same name is replaced. */
    public Config withRoute(RouteConfig route) {
        return toBuilder().route(route).build();
    }

    /** This with one more client key; the same name is replaced. */
    public Config withKey(String name, Secret key) {
        return toBuilder().key(name, ClientKey.of(key)).build();
    }

    /**
     * This with what the environment says by itself: providers from {@link
     * ProvidersFromEnvironment}, where no provider has the name yet, the credentials that providers
     * of AWS do not name, and {@code SLUICE_API_KEY} as the client key of {@code default}.
     */
    public Config withEnvironment(Map<String, String> env) {
        ConfigBuilder builder = toBuilder();
        ProvidersFromEnvironment.of(env).stream()
                .filter(found -> provider(found.name()).isEmpty())
                .forEach(builder::provider);
        builder.keys(EnvironmentKey.added(keys, env));
        List<Problem> problems = new ArrayList<>();
        providers.stream()
                .map(provider -> AwsEnvironment.completed(provider, env, problems))
                .forEach(builder::provider);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return builder.build();
    }

    /** The provider of that name. */
    public Optional<ProviderConfig> provider(String name) {
        return providers.stream().filter(provider -> provider.name().equals(name)).findFirst();
    }

    /** The timeouts for a provider that was asked for by its own name. */
    public Timeouts timeouts(ProviderConfig provider) {
        return provider.timeouts().over(timeouts);
    }

    /** The timeouts for a provider that a route leads to: the route has the last word. */
    public Timeouts timeouts(RouteConfig route, ProviderConfig provider) {
        return route.timeouts().over(timeouts(provider));
    }

    /**
     * This, or a {@link ConfigException} with all {@link #problems()}: the last step before a
     * start.
     */
    public Config checked() {
        List<Problem> problems = problems();
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return this;
    }

    /** What keeps this from being started: {@link #refusal()}, and routes to nowhere. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        refusal().ifPresent(problems::add);
        problems.addAll(References.dangling(this, List.of()));
        problems.addAll(References.namesakes(this));
        return problems;
    }

    /**
     * Why this must not be started: other machines could come in, and nobody would ask who they
     * are.
     */
    public Optional<Problem> refusal() {
        if (listen.isLoopback() || !keys.isEmpty()) {
            return Optional.empty();
        }
        String what =
                Wording.quote(listen.host())
                        + " lets other machines in, and there is no client key to tell who may"
                        + " come";
        return Optional.of(
                Problem.of("listen.host", what)
                        .expecting(
                                "set SLUICE_API_KEY, or add `keys:` to the configuration,"
                                        + " or stay on this machine with --host 127.0.0.1"));
    }

    /** What must never be said: keys that providers want to see, and headers that may hold one. */
    public List<Secret> secrets() {
        return providers.stream()
                .flatMap(
                        provider ->
                                Stream.concat(
                                        Stream.concat(provider.key().stream(), aws(provider)),
                                        provider.headers().values().values().stream()))
                .toList();
    }

    private static Stream<Secret> aws(ProviderConfig provider) {
        return provider.aws().stream()
                .flatMap(
                        aws ->
                                Stream.concat(
                                        aws.secretKey().stream(), aws.sessionToken().stream()));
    }

    /** The providers whose certificate nobody checks. */
    public List<ProviderConfig> unverifiedProviders() {
        return providers.stream().filter(ProviderConfig::isUnverified).toList();
    }

    /** What must be said loudly at every start, a line each. */
    public List<String> warnings() {
        return unverifiedProviders().stream()
                .map(
                        provider ->
                                "WARNING: the certificate of provider `%s` (%s) is NOT verified: whoever is in between can read and change everything. Remove `tls.verify: false`, or name its authority in `tls.ca`."
                                        .formatted(provider.name(), provider.url()))
                .toList();
    }

    private static <T> void checkOnce(String key, List<T> all, Function<T, String> name) {
        Set<String> seen = new HashSet<>();
        for (T one : all) {
            if (!seen.add(name.apply(one))) {
                throw InvalidValue.of(
                        key, Wording.quote(name.apply(one)) + " is there twice", "each name once");
            }
        }
    }
}

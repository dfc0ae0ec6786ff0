package dev.sluice.gateway.routing;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.KnownServers;
import dev.sluice.dialect.bedrock.AwsCredentials;
import dev.sluice.gateway.config.AwsConfig;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ConfigException;
import dev.sluice.gateway.config.NearestWord;
import dev.sluice.gateway.config.Problem;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.config.Timeouts;
import dev.sluice.gateway.upstream.Finding;
import dev.sluice.gateway.upstream.Signing;
import dev.sluice.gateway.upstream.Trust;
import dev.sluice.gateway.upstream.UpstreamPlan;

import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans how to talk to a provider, from what the configuration says and what was found. */
public final class Planner {
    /** Enough for a long answer, and no more than the models that people still use can give. */
    private static final long DEFAULT_MAX_OUTPUT = 8192;

    private final Config config;
    private final Map<String, Map<Quirk, Boolean>> overrides;

    /**
     * A planner for the providers of {@code config}.
     *
     * @throws ConfigException when a quirk has a name or a value that there is not
     */
    public Planner(Config config) {
        this.config = config;
        List<Problem> problems = problems(config);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        overrides = new HashMap<>();
        config.providers().forEach(provider -> overrides.put(provider.name(), overrides(provider)));
    }

    /**
     * What is wrong with the providers of {@code config} that the configuration itself could not
     * see: quirks that there are not, authorities that cannot be read. Empty if nothing is.
     */
    public static List<Problem> problems(Config config) {
        List<Problem> problems = new ArrayList<>();
        for (ProviderConfig provider : config.providers()) {
            String path = "providers." + provider.name();
            provider.quirks()
                    .forEach(
                            (name, value) ->
                                    problem(name, value)
                                            .map(found -> under(path + ".quirks." + name, found))
                                            .ifPresent(problems::add));
            Trust.problem(provider.tls())
                    .map(what -> Problem.of(path + ".tls.ca", what).expecting("a PEM file"))
                    .ifPresent(problems::add);
        }
        return problems;
    }

    private static Problem under(String path, Problem problem) {
        return new Problem(
                problem.place(), path, problem.what(), problem.nearest(), problem.expected());
    }

    private static Optional<Problem> problem(String name, String value) {
        if (quirk(name).isEmpty()) {
            return Optional.of(
                    new Problem(
                            Optional.empty(),
                            "",
                            "is an unknown quirk",
                            NearestWord.of(name, quirkNames()),
                            Optional.empty()));
        }
        return value.equals("true") || value.equals("false")
                ? Optional.empty()
                : Optional.of(
                        Problem.of("", "is neither true nor false").expecting("true or false"));
    }

    private static Optional<Quirk> quirk(String name) {
        for (Quirk quirk : Quirk.values()) {
            if (quirk.word().equals(name)) {
                return Optional.of(quirk);
            }
        }
        return Optional.empty();
    }

    /** The names of quirks that a configuration may override. */
    public static List<String> quirkNames() {
        List<String> names = new ArrayList<>();
        for (Quirk quirk : Quirk.values()) {
            names.add(quirk.word());
        }
        return names;
    }

    private static Map<Quirk, Boolean> overrides(ProviderConfig provider) {
        Map<Quirk, Boolean> overrides = new EnumMap<>(Quirk.class);
        provider.quirks()
                .forEach(
                        (name, value) ->
                                overrides.put(quirk(name).orElseThrow(), value.equals("true")));
        return overrides;
    }

    /** What the catalog says of {@code provider} after {@code finding}. */
    Catalog.Entry entry(ProviderConfig provider, Finding finding) {
        return new Catalog.Entry(
                provider.name(),
                finding.dialect().flatMap(dialect -> plan(provider, finding, dialect)),
                finding.models(),
                finding.problem());
    }

    private Optional<UpstreamPlan> plan(
            ProviderConfig provider, Finding finding, String dialectName) {
        URI base = URI.create(finding.base());
        if (base.getHost() == null) {
            return Optional.empty();
        }
        Dialect dialect = Dialects.find(dialectName).orElseThrow();
        Quirks quirks =
                KnownServers.find(dialect.name(), finding.server())
                        .orElseGet(() -> KnownServers.compatible(dialect.name()))
                        .with(overrides.getOrDefault(provider.name(), Map.of()));
        return Optional.of(
                new UpstreamPlan(
                        provider.name(),
                        dialect,
                        quirks,
                        base,
                        headers(provider, dialect),
                        exchangeTimeouts(config.timeouts(provider)),
                        provider.maxTokens().map(Integer::longValue).orElse(DEFAULT_MAX_OUTPUT),
                        provider.retries(),
                        provider.connections(),
                        provider.protocol(),
                        provider.tls(),
                        provider.aws().flatMap(Planner::signing)));
    }

    private static Optional<Signing> signing(AwsConfig aws) {
        if (aws.accessKey().isEmpty() || aws.secretKey().isEmpty() || aws.region().isEmpty()) {
            return Optional.empty();
        }
        AwsCredentials credentials =
                new AwsCredentials(
                        aws.accessKey().get().reveal(),
                        aws.secretKey().get().reveal(),
                        aws.sessionToken().map(Secret::reveal));
        return Optional.of(new Signing(credentials, aws.region().get()));
    }

    /** The words of the configuration in those of an exchange. */
    static dev.sluice.gateway.exchange.Timeouts exchangeTimeouts(Timeouts told) {
        return new dev.sluice.gateway.exchange.Timeouts(
                told.connect(), told.firstToken(), told.interToken(), told.total());
    }

    /** Credentials, then what the configuration adds, which has the last word. */
    private static Headers headers(ProviderConfig provider, Dialect dialect) {
        List<Header> headers = new ArrayList<>();
        for (Header header :
                dialect.credentials(provider.key().map(Secret::reveal).orElse("")).all()) {
            if (!header.value().isEmpty()
                    && !provider.headers().values().containsKey(header.name())) {
                headers.add(header);
            }
        }
        provider.headers()
                .values()
                .forEach((name, value) -> headers.add(new Header(name, value.reveal())));
        return new Headers(headers);
    }
}

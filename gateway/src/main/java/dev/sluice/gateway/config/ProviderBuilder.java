package dev.sluice.gateway.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A {@link ProviderConfig} in the making; what is not said keeps its default. */
public final class ProviderBuilder {

    private final String name;
    private final ProviderUrl url;
    private final Map<String, String> quirks = new LinkedHashMap<>();
    private Optional<DialectKind> dialect = Optional.empty();
    private Optional<ServerKind> server = Optional.empty();
    private Optional<Secret> key = Optional.empty();
    private List<String> models = List.of();
    private Protocol protocol = Protocol.AUTO;
    private Headers headers = Headers.NONE;
    private UpstreamTls tls = UpstreamTls.DEFAULT;
    private Optional<Integer> maxTokens = Optional.empty();
    private int retries = ProviderConfig.DEFAULT_RETRIES;
    private TimeoutOverrides timeouts = TimeoutOverrides.NONE;
    private int connections = ProviderConfig.DEFAULT_CONNECTIONS;
    private Optional<AwsConfig> aws = Optional.empty();

    ProviderBuilder(String name, ProviderUrl url) {
        this.name = name;
        this.url = url;
    }

    /** What it speaks. */
    public ProviderBuilder dialect(DialectKind value) {
        dialect = Optional.of(value);
        return this;
    }

    /** Which program it is. */
    public ProviderBuilder server(ServerKind value) {
        server = Optional.of(value);
        return this;
    }

    /** What it wants to see. */
    public ProviderBuilder key(Secret value) {
        key = Optional.of(value);
        return this;
    }

    /** What it offers. */
    public ProviderBuilder models(String... values) {
        models = List.of(values);
        return this;
    }

    /** Which HTTP. */
    public ProviderBuilder protocol(Protocol value) {
        protocol = value;
        return this;
    }

    /** A header of every request; the same name is replaced. */
    public ProviderBuilder header(String header, String value) {
        headers = headers.with(header, value);
        return this;
    }

    /** How its certificate is judged. */
    public ProviderBuilder tls(UpstreamTls value) {
        tls = value;
        return this;
    }

    /** The limit on tokens where the client gave none and the dialect needs one. */
    public ProviderBuilder maxTokens(int value) {
        maxTokens = Optional.of(value);
        return this;
    }

    /** How often one exchange may try again. */
    public ProviderBuilder retries(int value) {
        retries = value;
        return this;
    }

    /** What it wants otherwise than the rest. */
    public ProviderBuilder timeouts(TimeoutOverrides value) {
        timeouts = value;
        return this;
    }

    /** The most connections per event loop. */
    public ProviderBuilder connections(int value) {
        connections = value;
        return this;
    }

    /** How requests to Amazon Bedrock are signed. */
    public ProviderBuilder aws(AwsConfig value) {
        aws = Optional.of(value);
        return this;
    }

    /** A departure from the dialect. */
    public ProviderBuilder quirk(String quirk, String value) {
        quirks.put(quirk, value);
        return this;
    }

    /** The provider; throws {@link InvalidValue} for what none can be. */
    public ProviderConfig build() {
        return new ProviderConfig(
                name,
                url,
                dialect,
                server,
                key,
                models,
                protocol,
                headers,
                tls,
                maxTokens,
                retries,
                timeouts,
                connections,
                quirks,
                aws);
    }
}

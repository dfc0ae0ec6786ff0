package dev.sluice.gateway.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who answers, and how to speak to them.
 *
 * @param name its name, before the slash of {@code provider/model}
 * @param url where it is
 * @param dialect what it speaks; absent means that it is asked
 * @param server which program it is; absent means that its answers tell
 * @param key what it wants to see; bound to the host of {@code url}
 * @param models what it offers; empty means that it is asked
 * @param protocol which HTTP
 * @param headers what every request to it carries
 * @param tls how its certificate is judged
 * @param maxTokens what it is told when its dialect needs a limit and the client gave none
 * @param retries how often one exchange may try again before the first content
 * @param timeouts what it wants otherwise than the rest
 * @param connections the most connections to it per event loop
 * @param quirks departures from the dialect, laid over those of {@code server}
 * @param aws how requests to Amazon Bedrock are signed
 */
public record ProviderConfig(
        String name,
        ProviderUrl url,
        Optional<DialectKind> dialect,
        Optional<ServerKind> server,
        Optional<Secret> key,
        List<String> models,
        Protocol protocol,
        Headers headers,
        UpstreamTls tls,
        Optional<Integer> maxTokens,
        int retries,
        TimeoutOverrides timeouts,
        int connections,
        Map<String, String> quirks,
        Optional<AwsConfig> aws) {

    /** The provider that is built in, and takes no other's name. */
    public static final String SIMULATED = "simulated";

    /** The provider of the models that this process reads from files; taken while there are any. */
    public static final String LOCAL = "local";

    static final Range<Integer> TOKENS = Range.ofNumbers(1, 100_000_000);
    static final Range<Integer> RETRIES = Range.ofNumbers(0, 10);
    static final Range<Integer> CONNECTIONS = Range.ofNumbers(1, 65_535);
    static final int DEFAULT_RETRIES = 2;
    static final int DEFAULT_CONNECTIONS = 1000;

    /** Refuses what no provider can be. */
    public ProviderConfig {
        checkName(Wording.quote(name) + " ", Names.SHORT.check("", name));
        key.ifPresent(secret -> secret.checkToken("key"));
        models = List.copyOf(models);
        models.forEach(model -> Names.MODEL.check("models", model));
        checkProtocol(protocol, url);
        maxTokens.ifPresent(value -> TOKENS.check("max-tokens", value));
        RETRIES.check("retries", retries);
        CONNECTIONS.check("connections", connections);
        quirks = Collections.unmodifiableMap(new LinkedHashMap<>(quirks));
    }

    /** The provider at {@code url}, with everything else found by asking or by default. */
    public static ProviderConfig at(String name, String url) {
        return builder(name, url).build();
    }

    /** A provider at {@code url}, to be told more. */
    public static ProviderBuilder builder(String name, String url) {
        return new ProviderBuilder(name, ProviderUrl.of(url));
    }

    /** This with another key. */
    ProviderConfig withKey(Secret other) {
        return with(Optional.of(other), aws);
    }

    /** This, signing in another way. */
    ProviderConfig withAws(AwsConfig other) {
        return with(key, Optional.of(other));
    }

    private ProviderConfig with(Optional<Secret> newKey, Optional<AwsConfig> newAws) {
        return new ProviderConfig(
                name,
                url,
                dialect,
                server,
                newKey,
                models,
                protocol,
                headers,
                tls,
                maxTokens,
                retries,
                timeouts,
                connections,
                quirks,
                newAws);
    }

    /** Whether {@code other} is at the same place and described as the same server. */
    public boolean isSameServer(ProviderConfig other) {
        return url.equals(other.url)
                && dialect.equals(other.dialect)
                && server.equals(other.server)
                && models.equals(other.models);
    }

    /** Whether it is Amazon Bedrock, or speaks as that does. */
    public boolean isBedrock() {
        return AwsEnvironment.isMeant(this);
    }

    /** Whether nobody checks that it is who it says. */
    public boolean isUnverified() {
        return url.secure() && !tls.verify();
    }

    /** Refuses the name of the built-in provider; the objection begins with {@code subject}. */
    static void checkName(String subject, String name) {
        if (name.equals(SIMULATED)) {
            throw InvalidValue.of(
                    "", subject + "is the name of the built-in model", "another name");
        }
    }

    private static void checkProtocol(Protocol protocol, ProviderUrl url) {
        if (protocol == Protocol.H2 && !url.secure()) {
            throw InvalidValue.of("protocol", "`h2` needs TLS, and the url is http", "h2c");
        }
        if (protocol == Protocol.H2C && url.secure()) {
            throw InvalidValue.of("protocol", "`h2c` is without TLS, and the url is https", "h2");
        }
    }
}

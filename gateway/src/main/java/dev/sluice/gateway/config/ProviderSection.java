package dev.sluice.gateway.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The keys of one of the {@code providers}. */
final class ProviderSection {
    private static final Key<Boolean> VERIFY =
            Key.of(
                    "verify",
                    Single.ofTruth(),
                    UpstreamTls.DEFAULT.verify(),
                    "Whether the certificate is checked. Without it, every start says so loudly.");
    private static final Key<Path> CA =
            Key.optional(
                    "ca",
                    Single.ofFile(),
                    "the authorities that Java trusts",
                    "The PEM file of the authorities to trust, and no others.");

    static final Section<UpstreamTls> UPSTREAM_TLS =
            Section.of(v -> new UpstreamTls(v.get(VERIFY), v.find(CA)), VERIFY, CA);

    private static final Key<ProviderUrl> URL =
            Key.required(
                    "url",
                    Single.ofUrl(),
                    "Where it is. A key goes to this host and to no other; redirects are not"
                            + " followed.");
    private static final Key<DialectKind> DIALECT =
            Key.optional(
                    "dialect",
                    Single.of(DialectKind.class),
                    "found by asking it",
                    "What it speaks.");
    private static final Key<ServerKind> SERVER =
            Key.optional(
                    "server",
                    Single.of(ServerKind.class),
                    "found from its answers",
                    "Which program it is; its known departures from the dialect come with it.");
    private static final Key<Secret> PROVIDER_KEY =
            Key.optional(
                    "key", token(), "none is sent", "What it wants to see, best as `${NAME}`.");
    private static final Key<List<String>> MODELS =
            Key.optional(
                    "models",
                    new ListOf<>(Single.of(Names.MODEL), "[llama3, qwen3]"),
                    "found by asking it",
                    "The models it offers.");
    private static final Key<Protocol> PROTOCOL =
            Key.of(
                    "protocol",
                    Single.of(Protocol.class),
                    Protocol.AUTO,
                    "Which HTTP: `auto` is HTTP/2 where TLS agrees on it, else HTTP/1.1; `h2c` is"
                            + " HTTP/2 without TLS.");
    private static final Key<Headers> HEADERS =
            Key.optional(
                    "headers",
                    new MapOf<>(
                            "HEADER",
                            (name, _) -> Headers.checkName("", name),
                            Single.ofSecret(
                                    Headers.VALUE, text -> Headers.checkValue("", Secret.of(text))),
                            Headers::new),
                    "none",
                    "Headers that every request to it carries.");
    private static final Key<UpstreamTls> PROVIDER_TLS =
            Key.optional("tls", UPSTREAM_TLS, "verified", "How its certificate is judged.");
    private static final Key<Integer> MAX_TOKENS =
            Key.optional(
                    "max-tokens",
                    Single.of(ProviderConfig.TOKENS),
                    "the gateway's own",
                    "The limit it is told when its dialect needs one and the client gave none.");
    private static final Key<Integer> RETRIES =
            Key.of(
                    "retries",
                    Single.of(ProviderConfig.RETRIES),
                    ProviderConfig.DEFAULT_RETRIES,
                    "How often one exchange may try again, always before the first content.");
    private static final Key<TimeoutOverrides> PROVIDER_TIMEOUTS =
            Key.optional(
                    "timeouts",
                    TimeoutSection.overrides(TimeoutSection.OF_ALL),
                    TimeoutSection.OF_ALL,
                    "What it wants otherwise.");
    private static final Key<Integer> CONNECTIONS =
            Key.of(
                    "connections",
                    Single.of(ProviderConfig.CONNECTIONS),
                    ProviderConfig.DEFAULT_CONNECTIONS,
                    "The most connections to it per event loop.");
    private static final Key<Map<String, String>> QUIRKS =
            Key.optional(
                    "quirks",
                    new MapOf<>(
                            "QUIRK",
                            ProviderSection::checkQuirk,
                            Single.ofText(),
                            Function.identity()),
                    "those of `server`",
                    "Departures from the dialect, laid over those that come with `server`.");

    private static final Key<String> AWS_REGION =
            Key.optional(
                    "region",
                    Single.of(AwsConfig.REGION, AwsConfig::parseRegion),
                    "told by the host of `url`, or by AWS_REGION",
                    "Where the models are.");
    private static final Key<String> AWS_PROFILE =
            Key.optional(
                    "profile",
                    Single.of(Names.SHORT),
                    "the environment's keys, then the default profile",
                    "Whose keys of `~/.aws/credentials` to take.");
    private static final Key<Secret> AWS_ACCESS_KEY =
            Key.optional("access-key", token(), "that of the profile", "Names the secret key.");
    private static final Key<Secret> AWS_SECRET_KEY =
            Key.optional("secret-key", token(), "that of the profile", "Signs, best as `${NAME}`.");
    private static final Key<Secret> AWS_SESSION_TOKEN =
            Key.optional(
                    "session-token",
                    token(),
                    "that of the profile",
                    "Goes with keys that are good for a while.");

    private static final Section<AwsConfig> AWS_SECTION =
            Section.of(
                    v ->
                            new AwsConfig(
                                    v.find(AWS_REGION),
                                    v.find(AWS_PROFILE),
                                    v.find(AWS_ACCESS_KEY),
                                    v.find(AWS_SECRET_KEY),
                                    v.find(AWS_SESSION_TOKEN)),
                    AWS_REGION,
                    AWS_PROFILE,
                    AWS_ACCESS_KEY,
                    AWS_SECRET_KEY,
                    AWS_SESSION_TOKEN);
    private static final Key<AwsConfig> AWS =
            Key.optional(
                    "aws",
                    AWS_SECTION,
                    "found in the environment and in AWS's files",
                    "How requests to Amazon Bedrock are signed, where there is no `key`.");

    static final Section<ProviderConfig> PROVIDER =
            Section.of(
                    ProviderSection::provider,
                    URL,
                    DIALECT,
                    SERVER,
                    PROVIDER_KEY,
                    MODELS,
                    PROTOCOL,
                    HEADERS,
                    PROVIDER_TLS,
                    MAX_TOKENS,
                    RETRIES,
                    PROVIDER_TIMEOUTS,
                    CONNECTIONS,
                    QUIRKS,
                    AWS);

    private ProviderSection() {}

    private static ProviderConfig provider(Values v) {
        return new ProviderConfig(
                v.name(),
                v.get(URL),
                v.find(DIALECT),
                v.find(SERVER),
                v.find(PROVIDER_KEY),
                v.find(MODELS).orElse(List.of()),
                v.get(PROTOCOL),
                v.find(HEADERS).orElse(Headers.NONE),
                v.find(PROVIDER_TLS).orElse(UpstreamTls.DEFAULT),
                v.find(MAX_TOKENS),
                v.get(RETRIES),
                v.find(PROVIDER_TIMEOUTS).orElse(TimeoutOverrides.NONE),
                v.get(CONNECTIONS),
                v.find(QUIRKS).orElse(Map.of()),
                v.find(AWS));
    }

    private static Single<Secret> token() {
        return Single.ofSecret(Secret.TOKEN, text -> Secret.of(text).checkToken(""));
    }

    static void checkName(String name, Reading reading) {
        ProviderConfig.checkName("", Names.SHORT.parse(name));
    }

    private static void checkQuirk(String name, Reading reading) {
        Optional<Set<String>> known = reading.quirks();
        if (known.isPresent() && !known.get().contains(name)) {
            throw new InvalidValue(
                    Problem.of("", "is an unknown quirk")
                            .near(NearestWord.of(name, known.get()))
                            .expecting(Wording.either(known.get())));
        }
    }
}

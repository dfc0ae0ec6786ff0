package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class ConfigTest {

    @Test
    @Tag("S2")
    void refusesToListenBeyondLoopbackWithoutAKey() {
        for (String host :
                List.of("0.0.0.0", "::", "192.168.1.5", "example.com", "[::]", "2001:db8::1")) {
            Config config = Config.defaults().withHost(host);
            assertThat(config.refusal()).as(host).isPresent();
            assertThatThrownBy(config::checked).isInstanceOf(ConfigException.class);
            assertThat(config.withKey("alice", Secret.of("k")).refusal()).as(host).isEmpty();
        }
    }

    @Test
    @Tag("S2")
    void saysHowToGoOn() {
        assertThatThrownBy(() -> Config.defaults().withHost("0.0.0.0").checked())
                .hasMessage(
                        "listen.host: `0.0.0.0` lets other machines in, and there is no client key"
                            + " to tell who may come (expected: set SLUICE_API_KEY, or add `keys:`"
                            + " to the configuration, or stay on this machine with --host"
                            + " 127.0.0.1)");
        assertThat(
                        Config.defaults()
                                .withHost("0.0.0.0")
                                .withEnvironment(Map.of("SLUICE_API_KEY", "k"))
                                .checked()
                                .keys()
                                .authenticate("k"))
                .contains(new Principal("default"));
    }

    @Test
    @Tag("S2")
    void anEmptyVariableIsNoKey() {
        Config config =
                Config.defaults()
                        .withHost("0.0.0.0")
                        .withEnvironment(Map.of("SLUICE_API_KEY", " "));
        assertThat(config.refusal()).isPresent();
    }

    @Test
    @Tag("S2")
    void needsNoKeyOnThisMachine() {
        for (String host :
                List.of(
                        "127.0.0.1",
                        "127.8.8.8",
                        "::1",
                        "[::1]",
                        "localhost",
                        "::ffff:127.0.0.1")) {
            assertThat(Config.defaults().withHost(host).refusal()).as(host).isEmpty();
        }
    }

    @Test
    @Tag("S9")
    void listsTheProvidersThatAreNotVerified() {
        UpstreamTls unverified = new UpstreamTls(false, Optional.empty());
        Config config =
                Config.defaults()
                        .withProvider(ProviderConfig.at("good", "https://good.example"))
                        .withProvider(
                                ProviderConfig.builder("bad", "https://bad.example/v1")
                                        .tls(unverified)
                                        .build())
                        .withProvider(
                                ProviderConfig.builder("plain", "http://plain.example")
                                        .tls(unverified)
                                        .build());
        assertThat(config.unverifiedProviders())
                .extracting(ProviderConfig::name)
                .containsExactly("bad");
        assertThat(config.warnings())
                .containsExactly(
                        "WARNING: the certificate of provider `bad` (https://bad.example/v1) is NOT"
                            + " verified: whoever is in between can read and change everything."
                            + " Remove `tls.verify: false`, or name its authority in `tls.ca`.");
        assertThat(UpstreamTls.DEFAULT.verify()).isTrue();
    }

    @Test
    void theCommandLineHasTheLastWord() {
        Config config =
                Config.defaults()
                        .withHost("localhost")
                        .withPort(0)
                        .withProvider(ProviderConfig.at("a", "http://old"))
                        .withProvider(ProviderConfig.at("b", "http://b"))
                        .withProvider(ProviderConfig.at("a", "http://new"))
                        .withRoute(RouteConfig.of("fast", "a/x"))
                        .withKey("alice", Secret.of("k"));
        assertThat(config.listen()).isEqualTo(new Listen("localhost", 0, Optional.empty()));
        assertThat(config.providers())
                .extracting(one -> one.name() + " " + one.url())
                .containsExactly("a http://new", "b http://b");
        assertThat(config.routes()).containsExactly(RouteConfig.of("fast", "a/x"));
        assertThat(config.keys().authenticate("k")).contains(new Principal("alice"));
        assertThat(config.problems()).isEmpty();
    }

    @Test
    void theEnvironmentAddsAndDoesNotReplace() {
        Map<String, String> env =
                Map.of(
                        "OPENAI_API_KEY",
                        "o",
                        "ANTHROPIC_API_KEY",
                        "a",
                        "SLUICE_API_KEY",
                        "alices-key");
        ProviderConfig own = ProviderConfig.at("openai", "http://my.proxy/v1");
        Config config =
                Config.defaults()
                        .withProvider(own)
                        .withKey("alice", Secret.of("alices-key"))
                        .withEnvironment(env);
        assertThat(config.provider("openai")).contains(own);
        assertThat(config.provider("anthropic")).isPresent();
        assertThat(config.keys().names()).containsExactly("alice");
    }

    @Test
    void theEnvironmentsKeyIsNotSomebodyElses() {
        Config config = Config.defaults().withKey("default", Secret.of("one"));
        assertThatThrownBy(() -> config.withEnvironment(Map.of("SLUICE_API_KEY", "two")))
                .hasMessage(
                        "SLUICE_API_KEY: is another key than that of `default` in the configuration"
                                + " (expected: one of the two, or another name for the one in"
                                + " `keys:`)");
        assertThatThrownBy(() -> config.withEnvironment(Map.of("SLUICE_API_KEY", "t w o")))
                .hasMessage(
                        "SLUICE_API_KEY: cannot be sent in a header (expected: visible ASCII"
                                + " characters without spaces)");
    }

    @Test
    void findsRoutesToNowhereBeforeAStart() {
        Config config = Config.defaults().withRoute(RouteConfig.of("fast", "opnai/x"));
        assertThat(config.problems())
                .extracting(Problem::sentence)
                .containsExactly("routes.fast[0]: no provider `opnai` (expected: simulated)");
        assertThat(config.withProvider(ProviderConfig.at("openai", "http://h")).problems())
                .extracting(Problem::sentence)
                .containsExactly(
                        "routes.fast[0]: no provider `opnai`; did you mean `openai`? (expected:"
                                + " openai or simulated)");
    }

    @Test
    void recordsHoldThemselvesToTheRangesOfTheFile() {
        assertInvalid(
                () -> Config.defaults().withPort(65536),
                "port: `65536` is too large (expected: a whole number from 0 to 65535)");
        assertInvalid(
                () -> Config.defaults().withHost("a b"),
                "host: `a b` is not a host (expected: an address or a name alone, like 127.0.0.1,"
                        + " ::1 or 0.0.0.0)");
        assertInvalid(
                () -> Limits.DEFAULT.withBody(1),
                "body: `1` is too small (expected: a size from 1KiB to 1GiB)");
        assertInvalid(
                () -> Limits.DEFAULT.withStreams(0),
                "streams: `0` is too small (expected: a whole number from 1 to 1000000)");
        assertInvalid(
                () -> TimeoutOverrides.NONE.withConnect(Duration.ZERO),
                "connect: `0s` is too small (expected: a duration from 1ms to 168h)");
        assertInvalid(
                () -> Config.defaults().toBuilder().keepalive(Duration.ofHours(1)).build(),
                "keepalive: `1h` is too large (expected: a duration from 0s to 10m)");
        assertInvalid(
                () -> ProviderConfig.builder("a", "http://h").retries(11).build(),
                "retries: `11` is too large (expected: a whole number from 0 to 10)");
        assertInvalid(
                () -> ProviderConfig.at("a/b", "http://h"),
                "`a/b` is not a name (expected: up to 64 letters, digits, and any of . _ @ -)");
        assertInvalid(
                () -> ProviderConfig.at("simulated", "http://h"),
                "`simulated` is the name of the built-in model (expected: another name)");
        assertInvalid(
                () -> RouteConfig.of("fast"),
                "to: is empty (expected: provider/model, like openai/gpt-5-mini)");
        assertInvalid(
                () -> RouteConfig.of("fast", "x"),
                "is not a model of a provider (expected: provider/model, like openai/gpt-5-mini)");
    }

    @Test
    void noTwoThingsHaveOneName() {
        Config one = Config.defaults();
        ProviderConfig provider = ProviderConfig.at("a", "http://h");
        assertInvalid(
                () ->
                        new Config(
                                one.listen(),
                                one.keys(),
                                List.of(provider, provider),
                                one.routes(),
                                one.local(),
                                one.timeouts(),
                                one.limits(),
                                one.responses(),
                                one.resume(),
                                one.cors(),
                                one.keepalive(),
                                one.shutdown(),
                                one.accessLog(),
                                one.strict(),
                                one.simulated(),
                                one.workers()),
                "providers: `a` is there twice (expected: each name once)");
    }

    private static void assertInvalid(Runnable making, String message) {
        assertThatThrownBy(making::run).isInstanceOf(InvalidValue.class).hasMessage(message);
    }
}

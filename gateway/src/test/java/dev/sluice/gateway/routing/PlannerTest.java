package dev.sluice.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.Quirks.Quirk;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ConfigException;
import dev.sluice.gateway.config.DialectKind;
import dev.sluice.gateway.config.ProviderBuilder;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.config.UpstreamTls;
import dev.sluice.gateway.upstream.Finding;
import dev.sluice.gateway.upstream.UpstreamPlan;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class PlannerTest {
    private static ProviderBuilder provider() {
        return ProviderConfig.builder("up", "http://127.0.0.1:1/v1");
    }

    private static UpstreamPlan plan(ProviderConfig provider, String dialect, String server) {
        Finding finding =
                new Finding(
                        Optional.of(dialect),
                        server,
                        "http://127.0.0.1:1/v1",
                        List.of(),
                        Optional.empty());
        return new Planner(Config.defaults().withProvider(provider))
                .entry(provider, finding)
                .upstream()
                .orElseThrow();
    }

    @Test
    void takesTheQuirksOfTheServerAndLaysTheConfigurationOver() {
        UpstreamPlan plain = plan(provider().build(), "openai-chat", "mlx-lm");
        UpstreamPlan changed =
                plan(
                        provider().quirk("tool-choice", "true").quirk("media", "false").build(),
                        "openai-chat",
                        "mlx-lm");

        assertThat(plain.quirks().server()).isEqualTo("mlx-lm");
        assertThat(plain.quirks().is(Quirk.TOOL_CHOICE)).isFalse();
        assertThat(changed.quirks().is(Quirk.TOOL_CHOICE)).isTrue();
        assertThat(changed.quirks().is(Quirk.MEDIA)).isFalse();
        assertThat(changed.quirks().is(Quirk.NEEDS_MAX_TOKENS)).isTrue();
    }

    @Test
    void takesAnUnknownServerForOneThatIsCompatible() {
        assertThat(plan(provider().build(), "anthropic", "vllm").quirks().server())
                .isEqualTo("compatible");
    }

    @Test
    void bearsTheKeyAndTheHeadersOfTheConfigurationWhichHasTheLastWord() {
        UpstreamPlan keyed =
                plan(
                        provider().key(Secret.of("k1")).header("x-team", "blue").build(),
                        "openai-chat",
                        "vllm");
        UpstreamPlan own =
                plan(
                        provider()
                                .key(Secret.of("k1"))
                                .header("anthropic-version", "2099-01-01")
                                .build(),
                        "anthropic",
                        "anthropic");
        UpstreamPlan open = plan(provider().build(), "anthropic", "ollama");

        assertThat(keyed.headers().get("authorization")).contains("Bearer k1");
        assertThat(keyed.headers().get("x-team")).contains("blue");
        assertThat(own.headers().get("x-api-key")).contains("k1");
        assertThat(own.headers().joined("anthropic-version")).contains("2099-01-01");
        assertThat(open.headers().get("x-api-key")).isEmpty();
        assertThat(open.headers().get("anthropic-version")).isPresent();
    }

    @Test
    @Tag("S5")
    void hidesTheKeyWhenItIsPrinted() {
        UpstreamPlan plan =
                plan(provider().key(Secret.of("canary-key")).build(), "openai-chat", "vllm");

        assertThat(plan.toString()).doesNotContain("canary-key");
        assertThat(new Hop("up", "m", Optional.of(plan), plan.timeouts()).toString())
                .doesNotContain("canary-key");
    }

    @Test
    void refusesQuirksThatThereAreNotAndAuthoritiesThatCannotBeRead() {
        ProviderConfig odd =
                ProviderConfig.builder("up", "https://localhost:1/v1")
                        .quirk("tool-choise", "true")
                        .quirk("media", "yes")
                        .tls(new UpstreamTls(true, Optional.of(Path.of("no-such-file.pem"))))
                        .build();

        assertThatThrownBy(() -> new Planner(Config.defaults().withProvider(odd)))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        """
                        providers.up.quirks.tool-choise: is an unknown quirk; did you mean `tool-choice`?
                        providers.up.quirks.media: is neither true nor false (expected: true or false)
                        providers.up.tls.ca: cannot be read as certificates (expected: a PEM file)\
                        """);
    }

    @Test
    void plansNothingForADialectThatWasNotFound() {
        ProviderConfig provider = provider().build();
        Catalog.Entry entry =
                new Planner(Config.defaults().withProvider(provider))
                        .entry(
                                provider,
                                new Finding(
                                        Optional.empty(),
                                        "compatible",
                                        "http://127.0.0.1:1/v1",
                                        List.of(),
                                        Optional.of("a web page")));

        assertThat(entry.isUsable()).isFalse();
        assertThat(entry.problem()).contains("a web page");
    }

    @Test
    void plansForAProviderThatIsSilentButConfigured() {
        ProviderConfig provider =
                provider().dialect(DialectKind.OPENAI_CHAT).maxTokens(99).retries(7).build();
        Finding silent =
                new Finding(
                        Optional.of("openai-chat"),
                        "compatible",
                        "http://127.0.0.1:1/v1",
                        List.of(),
                        Optional.of("nothing listens"));
        Catalog.Entry entry =
                new Planner(Config.defaults().withProvider(provider)).entry(provider, silent);

        assertThat(entry.isUsable()).isTrue();
        assertThat(entry.upstream().orElseThrow())
                .extracting(
                        UpstreamPlan::base, UpstreamPlan::defaultMaxOutput, UpstreamPlan::retries)
                .containsExactly(URI.create("http://127.0.0.1:1/v1"), 99L, 7);
    }
}

package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.Map;

final class ProvidersFromEnvironmentTest {

    @Test
    void keysMakeProviders() {
        assertThat(
                        ProvidersFromEnvironment.of(
                                Map.of("OPENAI_API_KEY", "o-key", "ANTHROPIC_API_KEY", "a-key\n")))
                .containsExactly(
                        ProviderConfig.builder("openai", "https://api.openai.com/v1")
                                .dialect(DialectKind.OPENAI_CHAT)
                                .server(ServerKind.OPENAI)
                                .key(Secret.of("o-key"))
                                .build(),
                        ProviderConfig.builder("anthropic", "https://api.anthropic.com")
                                .dialect(DialectKind.ANTHROPIC)
                                .server(ServerKind.ANTHROPIC)
                                .key(Secret.of("a-key"))
                                .build());
    }

    @Test
    void takesTheFirstKeyOfAVendorThatReadsTwo() {
        ProviderConfig one = gemini("one");
        assertThat(ProvidersFromEnvironment.of(Map.of("GOOGLE_API_KEY", "one")))
                .containsExactly(one);
        assertThat(
                        ProvidersFromEnvironment.of(
                                Map.of("GEMINI_API_KEY", "one", "GOOGLE_API_KEY", "two")))
                .containsExactly(one);
    }

    private static ProviderConfig gemini(String key) {
        return ProviderConfig.builder("gemini", "https://generativelanguage.googleapis.com")
                .dialect(DialectKind.GEMINI)
                .server(ServerKind.GOOGLE)
                .key(Secret.of(key))
                .build();
    }

    @Test
    void anotherAddressMayBeAnotherProgram() {
        assertThat(
                        ProvidersFromEnvironment.of(
                                Map.of(
                                        "OPENAI_API_KEY",
                                        "k",
                                        "OPENAI_BASE_URL",
                                        "http://localhost:1234/v1/")))
                .containsExactly(
                        ProviderConfig.builder("openai", "http://localhost:1234/v1")
                                .dialect(DialectKind.OPENAI_CHAT)
                                .key(Secret.of("k"))
                                .build());
    }

    @Test
    void withoutAKeyThereIsNone() {
        assertThat(ProvidersFromEnvironment.of(Map.of())).isEmpty();
        assertThat(
                        ProvidersFromEnvironment.of(
                                Map.of("OPENAI_API_KEY", " ", "OPENAI_BASE_URL", "http://h")))
                .isEmpty();
    }

    @Test
    void saysAllThatIsWrongAndNoKey() {
        Map<String, String> env =
                Map.of(
                        "OPENAI_API_KEY", "can ary",
                        "ANTHROPIC_API_KEY", "k",
                        "ANTHROPIC_BASE_URL", "https://user:canary@h");
        assertThatThrownBy(() -> ProvidersFromEnvironment.of(env))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        """
                        OPENAI_API_KEY: cannot be sent in a header (expected: visible ASCII characters without spaces)
                        ANTHROPIC_BASE_URL: holds a user or a password, which belongs to `key` or `headers` (expected: a URL like http://127.0.0.1:8081/v1)\
                        """);
    }
}

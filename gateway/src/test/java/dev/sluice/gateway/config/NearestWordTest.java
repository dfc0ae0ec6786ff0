package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

final class NearestWordTest {

    private static final List<String> WORDS =
            List.of(
                    "url",
                    "key",
                    "host",
                    "port",
                    "connect",
                    "first-token",
                    "max-tokens",
                    "access-log",
                    "llama.cpp",
                    "mlx-lm",
                    "openai");

    @ParameterizedTest
    @CsvSource({
        "conect, connect",
        "connnect, connect",
        "cnonect, connect",
        "hots, host",
        "prot, port",
        "URL, url",
        "urls, url",
        "Key, key",
        "first_token, first-token",
        "firstToken, first-token",
        "maxTokens, max-tokens",
        "max_token, max-tokens",
        "accesslog, access-log",
        "llama-cpp, llama.cpp",
        "llamacpp, llama.cpp",
        "llama, llama.cpp",
        "mlx, mlx-lm",
        "opnai, openai",
        "OpenAI, openai",
        "api_key, key",
        "apiKey, key",
        "base-url, url"
    })
    void findsWhatWasMeant(String written, String meant) {
        assertThat(NearestWord.of(written, WORDS)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"zebra", "x", "''", "connection-pool-size", "tls", "e", "token", "pod-name"})
    void saysNothingWhenNothingIsNear(String written) {
        assertThat(NearestWord.of(written, WORDS)).isEmpty();
    }

    @Test
    void ignoresWhatIsTooLong() {
        assertThat(NearestWord.of("k".repeat(65), List.of("k".repeat(65)))).isEmpty();
        assertThat(NearestWord.of("key", List.of("k".repeat(65), "kez"))).contains("kez");
    }

    @Test
    void countsInsertionsDeletionsReplacementsAndSwaps() {
        assertThat(NearestWord.distance("", "")).isZero();
        assertThat(NearestWord.distance("abc", "abc")).isZero();
        assertThat(NearestWord.distance("abc", "abxc")).isEqualTo(1);
        assertThat(NearestWord.distance("abc", "ac")).isEqualTo(1);
        assertThat(NearestWord.distance("abc", "axc")).isEqualTo(1);
        assertThat(NearestWord.distance("abc", "acb")).isEqualTo(1);
        assertThat(NearestWord.distance("abc", "")).isEqualTo(3);
        assertThat(NearestWord.distance("kitten", "sitting")).isEqualTo(3);
    }
}

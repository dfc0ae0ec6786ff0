package dev.sluice.core.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamWordsTest {
    @Test
    @Tag("R54")
    void areOneLineOfBoundedLength() {
        assertThat(UpstreamWords.clean(" a\r\nb\u0000c\u2028d ")).isEqualTo("a  b c d");
        assertThat(UpstreamWords.clean("x".repeat(1 << 20))).hasSize(500).endsWith("…");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<p>", "  <!DOCTYPE html>", "oh <HTML><body>"})
    @Tag("R54")
    void areNoWebPage(String page) {
        assertThat(UpstreamWords.clean(page)).isEmpty();
    }

    @Test
    @Tag("S5")
    void holdNoKey() {
        assertThat(UpstreamWords.clean("wrong key sk-ant-api03-canary_1, see"))
                .isEqualTo("wrong key [key], see")
                .doesNotContain("canary");
    }
}

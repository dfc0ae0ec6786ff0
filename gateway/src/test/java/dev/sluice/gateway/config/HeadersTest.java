package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.LinkedHashMap;
import java.util.Map;

final class HeadersTest {

    @Test
    void keepsOrderAndLowersNames() {
        Headers headers = Headers.NONE.with("X-B", "1").with("x-a", "a\tb c").with("X-b", "2");
        assertThat(headers.values())
                .containsExactly(
                        Map.entry("x-b", Secret.of("2")), Map.entry("x-a", Secret.of("a\tb c")));
        assertThat(headers).hasToString("Headers[values={x-b=***, x-a=***}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nx-evil: 1", "a\n", "a\r", "a\u0000", "\u007f", "é", "\u010a"})
    void noValueEndsItsLine(String value) {
        assertThatThrownBy(() -> Headers.NONE.with("x-a", value))
                .isInstanceOf(InvalidValue.class)
                .hasMessage(
                        "x-a: holds a line break or a character beyond ASCII (expected: up to 8192"
                                + " visible ASCII characters and spaces)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "a\r\nb", "é", "a\u0000", "(a)"})
    void noNameIsMoreThanAName(String name) {
        assertThatThrownBy(() -> Headers.NONE.with(name, "v"))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining(
                        "is not the name of a header (expected: letters, digits and dashes, like"
                                + " x-team)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "content-length",
                "Transfer-Encoding",
                "connection",
                "te",
                "upgrade",
                "trailer",
                "keep-alive"
            })
    void whatFramesARequestIsTheGatewaysOwn(String name) {
        assertThatThrownBy(() -> Headers.NONE.with(name, "v"))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("is set by the gateway itself (expected: another header)");
    }

    @Test
    void sizesAreBounded() {
        assertThatThrownBy(() -> Headers.NONE.with("x", "v".repeat(8193)))
                .hasMessageContaining("is too long");
        assertThatThrownBy(() -> Headers.NONE.with("x".repeat(129), "v"))
                .isInstanceOf(InvalidValue.class);
    }

    @Test
    void oneNameInTwoCasesIsRefused() {
        Map<String, Secret> twice = new LinkedHashMap<>();
        twice.put("x-a", Secret.of("1"));
        twice.put("X-A", Secret.of("2"));
        assertThatThrownBy(() -> new Headers(twice))
                .hasMessage("X-A: is here already, in another case (expected: each header once)");
    }
}

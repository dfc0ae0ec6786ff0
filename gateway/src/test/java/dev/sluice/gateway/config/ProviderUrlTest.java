package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProviderUrlTest {

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8081/v1, http://127.0.0.1:8081/v1, false, 127.0.0.1, 8081, /v1",
        "HTTPS://API.OpenAI.com/v1/, https://api.openai.com/v1, true, api.openai.com, 443, /v1",
        "https://api.anthropic.com, https://api.anthropic.com, true, api.anthropic.com, 443, ''",
        "http://h///, http://h, false, h, 80, ''",
        "https://h:443/a/B%20c, https://h/a/B%20c, true, h, 443, /a/B%20c",
        "http://[::1]:11434, http://[::1]:11434, false, ::1, 11434, ''",
        "http://[::1], http://[::1], false, ::1, 80, ''",
        "http://my_host:1/x, http://my_host:1/x, false, my_host, 1, /x",
        "' http://h ', http://h, false, h, 80, ''",
    })
    void takesAUrlApart(
            String text, String normal, boolean secure, String host, int port, String path) {
        ProviderUrl url = ProviderUrl.of(text);
        assertThat(url).isEqualTo(new ProviderUrl(secure, host, port, path)).hasToString(normal);
        assertThat(ProviderUrl.of(url.toString())).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "h",
                "ftp://h",
                "file:///etc/passwd",
                "http://",
                "http:///v1",
                "http://:80",
                "http://h:",
                "http://h:0",
                "http://h:65536",
                "http://h:x",
                "http://u@h",
                "http://u:p@h",
                "http://h?x",
                "http://h/v1?x=y",
                "http://h#x",
                "http://a b",
                "http://h/a b",
                "http://h/a\nb",
                "http://h\r\nx",
                "http://[::1",
                "http://[::g]",
                "http://::1",
                "http://-h",
                "http://h\\x",
                "http://h/\\x",
                "http://hö",
                "http://[127.0.0.1]:x",
                "://h",
                "http//h"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> ProviderUrl.of(text))
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("(expected: a URL like");
    }
}

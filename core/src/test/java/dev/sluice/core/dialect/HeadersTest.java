package dev.sluice.core.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.provider.Head;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

class HeadersTest {
    @Test
    void areFoundWithoutRegardToCase() {
        Headers headers = Headers.of("Accept", "a", "x-Beta", "1", "X-BETA", "2");
        assertThat(headers.get("accept")).contains("a");
        assertThat(headers.get("x-beta")).contains("1");
        assertThat(headers.joined("x-beta")).contains("1,2");
        assertThat(headers.get("none")).isEmpty();
        assertThat(headers.joined("none")).isEmpty();
    }

    @Test
    @Tag("S5")
    void areNotWrittenWithTheirValues() {
        Headers headers = Headers.of("Authorization", "Bearer canary");
        Call call = new Call("model", headers, "canary".getBytes(StandardCharsets.UTF_8));
        EncodedRequest request =
                new EncodedRequest(new byte[0], headers, List.of(), Emulations.NONE);
        assertThat(headers.toString() + call + request)
                .contains("Authorization")
                .doesNotContain("canary");
    }

    @Test
    void tellTheMediaTypeOfAnAnswer() {
        assertThat(
                        new Head(
                                        200,
                                        Headers.of(
                                                "content-type", "Text/Event-Stream; charset=utf-8"))
                                .mediaType())
                .isEqualTo("text/event-stream");
        assertThat(new Head(204, Headers.NONE).mediaType()).isEmpty();
        assertThat(new Head(204, Headers.NONE).isSuccess()).isTrue();
        assertThat(new Head(302, Headers.NONE).isSuccess()).isFalse();
    }
}

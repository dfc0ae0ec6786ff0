package dev.sluice.core.framing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.failure.FailureException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class JsonArrayDecoderTest {
    private static final String ARRAY =
            "\r\n[{\"a\":\"}]{\\\"\\\\\"}\n,\r\n{\"b\":[{},{\"c\":\"ü🎉\"}]} ,{} ]\n";

    private final List<String> data = new ArrayList<>();
    private final StringBuilder raw = new StringBuilder();

    private void take(Frame frame) {
        if (frame.hasData()) {
            data.add(frame.dataText());
        }
        raw.append(
                new String(
                        frame.buffer(),
                        frame.rawOffset(),
                        frame.rawEnd() - frame.rawOffset(),
                        StandardCharsets.ISO_8859_1));
    }

    private void cut(byte[] bytes, int size) {
        data.clear();
        raw.setLength(0);
        JsonArrayDecoder decoder = new JsonArrayDecoder(1 << 20);
        for (int i = 0; i < bytes.length; i += size) {
            decoder.feed(bytes, i, Math.min(size, bytes.length - i), this::take);
        }
        decoder.end(this::take);
    }

    @Test
    @Tag("R3")
    @Tag("R4")
    void findsTheObjectsHoweverTheStreamIsCut() {
        byte[] bytes = ARRAY.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            cut(bytes, size);
            assertThat(data)
                    .as("pieces of %d", size)
                    .containsExactly(
                            "{\"a\":\"}]{\\\"\\\\\"}", "{\"b\":[{},{\"c\":\"ü🎉\"}]}", "{}");
            assertThat(raw.toString().getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(bytes);
        }
    }

    @Test
    void takesAnObjectAlone() {
        cut("{\"a\":1}".getBytes(StandardCharsets.UTF_8), 3);
        assertThat(data).containsExactly("{\"a\":1}");
    }

    @Test
    @Tag("R50")
    void dropsWhatTheEndHasCut() {
        cut("[{\"a\":1},{\"b\":".getBytes(StandardCharsets.UTF_8), 64);
        assertThat(data).containsExactly("{\"a\":1}");
    }

    @Test
    @Tag("R6")
    void refusesAnObjectWithoutEnd() {
        JsonArrayDecoder decoder = new JsonArrayDecoder(100);
        byte[] piece = "[{\"a\":\"0123456789".getBytes(StandardCharsets.UTF_8);
        decoder.feed(piece, 0, piece.length, this::take);
        byte[] more = "0123456789".repeat(10).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> decoder.feed(more, 0, more.length, this::take))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("limits.event");
        assertThatThrownBy(() -> new JsonArrayDecoder(0)).hasMessageContaining("expected: > 0");
    }

    @Test
    void refusesWhatIsNoArrayOfObjects() {
        byte[] words = "[1]".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new JsonArrayDecoder(100).feed(words, 0, 3, this::take))
                .isInstanceOf(FailureException.class);
    }
}

package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.json.Text;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class GeminiChunkTest {
    private final GeminiChunk chunk = new GeminiChunk(false);

    private void read(String text, int count) {
        String piece =
                """
                {"candidates":[{"content":{"parts":[{"text":"%s"}],"role":"model"},"index":0}],\
                "usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":%d,"totalTokenCount":%d,\
                "promptTokensDetails":[{"modality":"TEXT","tokenCount":10}]},"modelVersion":"m"}\
                """
                        .formatted(text, count, count + 10);
        byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
        chunk.read(bytes, 0, bytes.length);
        assertThat(chunk.parts())
                .singleElement()
                .satisfies(part -> assertThat(part.text()).hasToString(text));
        assertThat(chunk.usage().output()).isEqualTo(count);
        assertThat(chunk.usage().totalInput()).isEqualTo(10);
    }

    @Test
    void recognisesPiecesThatDifferInTextAndCountsAlone() {
        read("one", 9);
        assertThat(chunk.model()).hasToString("m");
        read("two, and more", 10);
        assertThat(chunk.model()).as("what is recognised is not read").matches(Text::isEmpty);
        read("three", 11);
        assertThat(chunk.model()).matches(Text::isEmpty);
    }
}

package dev.sluice.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.Seeded;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class TextReaderTest {
    private static String read(TextReader reader, Text text) {
        reader.reset(text);
        StringBuilder out = new StringBuilder();
        while (reader.hasNext()) {
            out.append(reader.next());
        }
        return out.toString();
    }

    @Test
    void readsTheCharactersOfATextHoweverTheyAreEscaped() {
        TextReader reader = new TextReader();
        Seeded.times(
                2000,
                random -> {
                    byte[] quoted =
                            ('"' + RandomJson.content(random) + '"')
                                    .getBytes(StandardCharsets.UTF_8);
                    Text text = new JsonReader(quoted).text();
                    assertThat(read(reader, text)).isEqualTo(text.toString());
                });
    }

    @Test
    void readsEveryCharacter() {
        TextReader reader = new TextReader();
        for (int point = 0; point <= 0x10ffff; point++) {
            String value =
                    point <= 0xffff
                            ? String.valueOf((char) point)
                            : new String(Character.toChars(point));
            assertThat(read(reader, Text.of(value))).isEqualTo(value);
            point += point > 0x3000 ? 61 : 0;
        }
    }

    @Test
    void startsOverInTheMiddleOfACharacter() {
        TextReader reader = new TextReader();
        reader.reset(Text.of("😀"));
        assertThat(reader.next()).isEqualTo('\ud83d');
        assertThat(reader.hasNext()).isTrue();
        assertThat(read(reader, Text.of("a"))).isEqualTo("a");
        assertThat(read(reader, Text.EMPTY)).isEmpty();
    }
}

package dev.sluice.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.Seeded;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class TextTest {
    /** The inside of a string that is known to be one. */
    private static Text inside(String escaped) {
        return new JsonReader(('"' + escaped + '"').getBytes(StandardCharsets.UTF_8)).text();
    }

    private static String parsed(Text text) {
        byte[] written = new ByteBuilder().quoted(text).toBytes();
        return Trees.jackson(written).orElseThrow().stringValue();
    }

    @Test
    @Tag("R13")
    void everyCharSurvives() {
        for (int c = 0; c <= 0xffff; c++) {
            String value = "a" + (char) c + "b";
            Text text = Text.of(value);
            assertThat(text.toString()).isEqualTo(value);
            assertThat(JsonReader.isContent(text.bytes(), text.offset(), text.length())).isTrue();
            if (c % 7 == 0 || c < 0x100 || Character.isSurrogate((char) c)) {
                assertThat(parsed(text)).isEqualTo(value);
            }
        }
    }

    @Test
    @Tag("R13")
    void everyPairOfSurrogatesSurvives() {
        for (int point = 0x10000; point <= 0x10ffff; point += 97) {
            String value = new String(Character.toChars(point));
            assertThat(Text.of(value).toString()).isEqualTo(value);
            assertThat(Text.of(value).length()).isEqualTo(4);
        }
        String swapped = "\udc00\ud800";
        assertThat(parsed(Text.of(swapped))).isEqualTo(swapped);
        assertThat(parsed(Text.of("x\ud800"))).isEqualTo("x\ud800");
    }

    @Test
    void unescapesLikeTheOtherLibrary() {
        Seeded.times(
                2000,
                random -> {
                    String escaped = RandomJson.content(random);
                    Text text = inside(escaped);
                    String value = parsed(text);
                    assertThat(text.toString()).isEqualTo(value);
                    assertThat(Text.of(value)).isEqualTo(text).hasSameHashCodeAs(text);
                    assertThat(text.contentEquals(value)).isTrue();
                    assertThat(text.contentEquals(value + "x")).isFalse();
                    assertThat(text.isEmpty()).isEqualTo(value.isEmpty());
                });
    }

    @Test
    void knowsItsContentHoweverItIsEscaped() {
        assertThat(inside("assistant").contentEquals("assistant")).isTrue();
        assertThat(inside("assist\\u0061nt").contentEquals("assistant")).isTrue();
        assertThat(inside("a\\/b").contentEquals("a/b")).isTrue();
        assertThat(inside("é").contentEquals("é")).isTrue();
        assertThat(inside("\\u00e9").contentEquals("é")).isTrue();
        assertThat(inside("\\u00e9").contentEquals("e")).isFalse();
        assertThat(inside("ab").contentEquals("a")).isFalse();
        assertThat(inside("a").contentEquals("ab")).isFalse();
        assertThat(inside("").contentEquals("")).isTrue();
        assertThat(inside("a\\n").contentEquals("a\\n")).isFalse();
    }

    @Test
    void keepsACopyThatOutlivesItsBuffer() {
        byte[] buffer = "{\"a\":\"text\"}".getBytes(StandardCharsets.UTF_8);
        JsonReader reader = new JsonReader(buffer);
        reader.beginObject();
        reader.nextField(Names.of());
        Text text = reader.text();
        Text kept = text.keep();
        java.util.Arrays.fill(buffer, (byte) '!');
        assertThat(text.toString()).isEqualTo("!!!!");
        assertThat(kept.toString()).isEqualTo("text");
        assertThat(kept.keep()).isSameAs(kept);
        assertThat(kept.at(1)).isEqualTo((byte) 'e');
    }

    @Test
    void aBuilderBecomesTextWhenItHoldsText() {
        ByteBuilder out = new ByteBuilder().content("a\"\ud800").content(inside("\\u00e9"));
        assertThat(out.toText().toString()).isEqualTo("a\"\ud800é");
        assertThat(new ByteBuilder().toText()).isSameAs(Text.EMPTY);
        for (String broken : new String[] {"\"", "\\", "\\x", "\\u12", "\n", "\u0000"}) {
            assertThatThrownBy(() -> new ByteBuilder().add(broken).toText())
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> new ByteBuilder().add(0xc3).toText())
                .isInstanceOf(IllegalStateException.class);
    }
}

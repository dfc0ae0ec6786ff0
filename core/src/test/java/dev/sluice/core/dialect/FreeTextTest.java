package dev.sluice.core.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.Seeded;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Text;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class FreeTextTest {
    private static String taken(List<String> pieces) {
        FreeText free = new FreeText();
        StringBuilder text = new StringBuilder();
        for (String piece : pieces) {
            text.append(free.take(Text.of(piece)));
        }
        return text.append(free.end()).toString();
    }

    private static String quoted(String value) {
        return new ByteBuilder().quoted(value).toString();
    }

    @ParameterizedTest
    @Tag("R3")
    @ValueSource(
            strings = {
                "",
                "plain",
                "line\nline\t\"quoted\" \\ back\\\\slash",
                "é語😀🎉",
                "{\"input\":\"nested\"}",
                "\u0000\u001f\u2028",
                "\\u0041",
                "a\ud83db\ude00"
            })
    void takesTheTextInEverySplit(String value) {
        for (String arguments :
                new String[] {
                    "{\"input\":" + quoted(value) + "}",
                    " {\n\"input\" :\t" + ascii(value) + " } \n",
                    "{\"input\":" + quoted(value) + ",\"other\":{\"x\":\"y\"}}"
                }) {
            for (int first = 0; first <= arguments.length(); first++) {
                for (int second = first; second <= arguments.length(); second += 3) {
                    List<String> pieces =
                            List.of(
                                    arguments.substring(0, first),
                                    arguments.substring(first, second),
                                    arguments.substring(second));
                    assertThat(taken(pieces)).isEqualTo(value);
                }
            }
        }
    }

    /** As a JSON string in which every character is an escape of four digits. */
    private static String ascii(String value) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            out.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
        }
        return out.append('"').toString();
    }

    @Test
    void takesTheTextHoweverTheWireEscapesIt() {
        Seeded.times(
                500,
                random -> {
                    String value = "a\n\"é😀\\".repeat(1 + random.nextInt(3));
                    String arguments =
                            "{\"input\":"
                                    + (random.nextBoolean() ? quoted(value) : ascii(value))
                                    + "}";
                    FreeText free = new FreeText();
                    StringBuilder text = new StringBuilder();
                    for (int from = 0; from < arguments.length(); ) {
                        int to = Math.min(arguments.length(), from + random.nextInt(4));
                        Text piece = wire(arguments.substring(from, to), random);
                        Text out = free.take(piece);
                        assertThat(endsInHalfACharacter(out)).isFalse();
                        text.append(out);
                        from = to;
                    }
                    assertThat(text.append(free.end()).toString()).isEqualTo(value);
                });
    }

    private static boolean endsInHalfACharacter(Text text) {
        String value = text.toString();
        return !value.isEmpty() && Character.isHighSurrogate(value.charAt(value.length() - 1));
    }

    /** A text with some characters escaped that need not be. */
    private static Text wire(String value, SplittableRandom random) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean must = c < 0x20 || c == '"' || c == '\\' || Character.isSurrogate(c);
            if (must || random.nextInt(5) == 0) {
                quoted.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
            } else {
                quoted.append(c);
            }
        }
        return new JsonReader(quoted.append('"').toString().getBytes(StandardCharsets.UTF_8))
                .text();
    }

    @Test
    void givesABeginningOfTheTextWhenTheArgumentsAreCut() {
        String value = "é\n\"x\\ 😀";
        String arguments = "{ \"input\" : " + quoted(value) + "}";
        for (int length = 0; length < arguments.length(); length++) {
            String taken = taken(List.of(arguments.substring(0, length)));
            assertThat(value).startsWith(taken);
        }
        assertThat(taken(List.of("{ \"inp"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "free text",
                "{}",
                "[]",
                "\"text\"",
                "{\"text\":\"x\"}",
                "{\"inputs\":\"x\"}",
                "{\"inp\":\"x\"}",
                "{\"input\":5}",
                "{\"input\":null}",
                "{\"input\":{\"a\":1}}",
                "{\"a\":1,\"input\":\"x\"}",
                "{\"input\"\"x\"}",
                "{input:\"x\"}",
                "é😀\"\\"
            })
    void givesArgumentsOfAnotherShapeWhole(String arguments) {
        for (int cut = 0; cut <= arguments.length(); cut++) {
            assertThat(taken(List.of(arguments.substring(0, cut), arguments.substring(cut))))
                    .isEqualTo(arguments);
        }
    }

    @Test
    void keepsWhatIsNoEscapeAsItIs() {
        assertThat(taken(List.of("{\"input\":\"a\\qb\"}"))).isEqualTo("a\\qb");
        assertThat(taken(List.of("{\"input\":\"a\\u12x\"}"))).isEqualTo("a\\u12x");
        assertThat(taken(List.of("{\"input\":\"\\u\"}"))).isEqualTo("\\u");
        assertThat(taken(List.of("{\"input\":\"\\u0a1\\n\"}"))).isEqualTo("\\u0a1\n");
    }

    @Test
    void holdsNoMoreThanAHeadOfWhiteSpace() {
        List<String> pieces = new ArrayList<>();
        pieces.add("{");
        for (int i = 0; i < 100; i++) {
            pieces.add(" ".repeat(100));
        }
        FreeText free = new FreeText();
        int out = 0;
        for (String piece : pieces) {
            out += free.take(Text.of(piece)).toString().length();
        }
        assertThat(out).isEqualTo(10_001);
    }
}

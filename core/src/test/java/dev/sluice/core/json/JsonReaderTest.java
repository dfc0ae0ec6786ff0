package dev.sluice.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.core.Seeded;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

class JsonReaderTest {
    private static final String SYNTAX = "{}[]\",:\\u0e-. tfn\n";

    /** The other library refuses them in names, and when damage makes one of a pair. */
    private static final Pattern LONE_SURROGATE = Pattern.compile("(?i)[\\\\]ud[89a-f]");

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static JsonReader reader(String document) {
        return new JsonReader(utf8(document));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "\"\"",
                "0",
                "-0",
                "null",
                "true",
                "false",
                " {} ",
                "\n[\t1 ,\r2 ]\n",
                "{\"a\":{\"b\":[{}]}}",
                "[[],[[]],{}]",
                "1E400",
                "-1.5e-3",
                "[0.0,1e1,1E+1,1e-1]",
                "18446744073709551615",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "\"\\\\\\\"\\/\\b\\f\\n\\r\\t\"",
                "\"\u2028\u2029\u007f\"",
                "{\"\":1}",
                "{\"\\u0061\":1}",
                "[\"é😀語\"]",
                "\ufeff[1]",
                "\ufeff {}"
            })
    void takesWhatTheOtherLibraryTakes(String document) {
        JsonNode expected = Trees.jackson(utf8(document)).orElseThrow();
        assertThat(Trees.walk(reader(document))).contains(expected);
        assertThat(Trees.walk(JsonReader.strict(utf8(document)))).contains(expected);
        assertThat(Trees.skips(utf8(document))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "}",
                "]",
                "{]",
                "[}",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{,}",
                "{\"a\" 1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":1;\"b\":2}",
                "{a:1}",
                "{'a':1}",
                "{1:1}",
                "{\"a\":}",
                "{\"a\"::1}",
                "{null:1}",
                "[1,]",
                "[,1]",
                "[,]",
                "[1 2]",
                "[1,,2]",
                "[1",
                "[1,",
                "1 2",
                "{}{}",
                "[]]",
                "01",
                "-01",
                "00",
                "-",
                "+1",
                ".5",
                "1.",
                "1.e5",
                "1e",
                "1e+",
                "0x10",
                "1_000",
                "NaN",
                "Infinity",
                "-Infinity",
                "1a",
                "0a",
                "[-]",
                "tru",
                "truE",
                "True",
                "nul",
                "nulll",
                "fals",
                "t",
                "n",
                "f",
                "\"",
                "\"a",
                "\"\\",
                "\"\\\"",
                "\"\\x\"",
                "\"\\u\"",
                "\"\\u12\"",
                "\"\\u123\"",
                "\"\\u123g\"",
                "\"\\u\u0661234\"",
                "\"\\'\"",
                "\"\\\n\"",
                "// c\n1",
                "/**/1",
                "#",
                "\u00a0[]",
                "\u000b1",
                "[1\u000c]",
                "\u2003{}",
                "\ufeff\ufeff1",
                "\ufeff"
            })
    void refusesWhatTheOtherLibraryRefuses(String document) {
        assertThat(Trees.jackson(utf8(document))).isEmpty();
        assertThat(Trees.walk(reader(document))).isEmpty();
        assertThat(Trees.skips(utf8(document))).isFalse();
        assertThatThrownBy(() -> JsonReader.strict(utf8(document)))
                .isInstanceOf(MalformedJson.class);
    }

    @Test
    void readsRandomDocumentsAsTheOtherLibraryDoes() {
        Seeded.times(
                3000,
                random -> {
                    byte[] document = utf8(RandomJson.document(random));
                    JsonNode expected = Trees.jackson(document).orElseThrow();
                    assertThat(Trees.walk(new JsonReader(document))).contains(expected);
                    assertThat(Trees.walk(JsonReader.strict(document))).contains(expected);
                    assertThat(Trees.skips(document)).isTrue();
                    byte[] kept = utf8(new JsonReader(document).raw().toString());
                    assertThat(Trees.jackson(kept)).contains(expected);
                });
    }

    @Test
    void agreesWithTheOtherLibraryOnDamagedDocuments() {
        Seeded.times(
                6000,
                random -> {
                    byte[] document = utf8(RandomJson.document(random));
                    int changes = 1 + random.nextInt(3);
                    for (int i = 0; i < changes && document.length > 0; i++) {
                        int at = random.nextInt(document.length);
                        switch (random.nextInt(3)) {
                            case 0 -> document[at] = (byte) random.nextInt(256);
                            case 1 ->
                                    document[at] =
                                            (byte) SYNTAX.charAt(random.nextInt(SYNTAX.length()));
                            default -> document = Arrays.copyOf(document, at);
                        }
                    }
                    String shown = new String(document, StandardCharsets.UTF_8);
                    if (!LONE_SURROGATE.matcher(shown).find()) {
                        assertThat(strictly(document)).as(shown).isEqualTo(Trees.jackson(document));
                    }
                    byte[] same = document;
                    Trees.walk(new JsonReader(same))
                            .ifPresent(tree -> assertThat(Trees.skips(same)).as(shown).isTrue());
                });
    }

    private static Optional<JsonNode> strictly(byte[] document) {
        try {
            return Trees.walk(JsonReader.strict(document));
        } catch (MalformedJson refused) {
            return Optional.empty();
        }
    }

    @Test
    void readsPartOfAnArrayAndLooksNoFurther() {
        byte[] bytes = utf8("xx[1,\"a\"]yy\"}");
        JsonReader reader = new JsonReader(bytes);
        reader.reset(bytes, 2, 7);
        reader.beginArray();
        assertThat(reader.hasNext()).isTrue();
        assertThat(reader.integer()).isEqualTo(1);
        assertThat(reader.hasNext()).isTrue();
        assertThat(reader.string()).isEqualTo("a");
        assertThat(reader.hasNext()).isFalse();
        reader.end();
        for (int length = 0; length < 7; length++) {
            JsonReader cut = new JsonReader(bytes);
            cut.reset(bytes, 2, length);
            assertThatThrownBy(cut::skip).as("length %d", length).isInstanceOf(MalformedJson.class);
        }
        JsonReader number = new JsonReader(utf8("12345"));
        number.reset(utf8("12345"), 1, 3);
        assertThat(number.integer()).isEqualTo(234);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "7, 7",
        "-7, -7",
        "1.0, 1",
        "1e2, 100",
        "1.5e1, 15",
        "999999999999999999, 999999999999999999",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808",
        "0.00, 0"
    })
    void readsWholeNumbers(String digits, long value) {
        assertThat(reader(digits).integer()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775808",
                "-9223372036854775809",
                "18446744073709551615",
                "1.5",
                "1e-1",
                "1E400",
                "1e-400",
                "1e99999999999",
                "1e-99999999999",
                "12345678901234567890",
                "99999999999999999999999999"
            })
    void refusesNumbersThatAreNoLong(String digits) {
        assertThatThrownBy(() -> reader(digits).integer())
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining("expected a whole number of at most 64 bits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "-0.0",
                "0.1",
                "1e308",
                "-1.7976931348623157E308",
                "4.9E-324",
                "1e-400",
                "18446744073709551615"
            })
    void readsNumbersAsDoubles(String digits) {
        assertThat(reader(digits).number()).isEqualTo(Double.parseDouble(digits));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1E400", "-1E400", "1e99999999999"})
    void refusesNumbersBeyondADouble(String digits) {
        assertThatThrownBy(() -> reader(digits).number())
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining("in the range of a double");
    }

    @Test
    void refusesToMakeANumberOfManyDigits() {
        String digits = "1".repeat(65);
        assertThatThrownBy(() -> reader(digits).number())
                .hasMessageContaining("at most 64 characters");
        assertThatThrownBy(() -> reader(digits).integer())
                .hasMessageContaining("at most 64 characters");
        assertThat(reader(digits).raw().toString()).isEqualTo(digits);
    }

    @Test
    void boundsTheDepth() {
        int most = JsonReader.MAX_DEPTH;
        String deep = "[".repeat(most) + "1" + "]".repeat(most);
        assertThat(Trees.skips(utf8(deep))).isTrue();
        JsonReader.strict(utf8(deep));
        for (String more :
                List.of(
                        "[" + deep + "]",
                        "{\"a\":".repeat(most + 1) + "1" + "}".repeat(most + 1),
                        "[".repeat(100_000))) {
            assertThatThrownBy(() -> reader(more).skip())
                    .isInstanceOf(MalformedJson.class)
                    .hasMessageContaining("at most 256 levels of nesting");
            assertThatThrownBy(() -> JsonReader.strict(utf8(more)))
                    .isInstanceOf(MalformedJson.class);
        }
    }

    @Test
    void findsKnownNamesHoweverTheyAreEscaped() {
        Names names = Names.of("model", "max", "é");
        JsonReader reader =
                reader(
                        "{\"max\":1,\"m\\u006fdel\":2,\"Model\":3,\"\\u00e9\":4,\"mo\":5,\"modela\":6,\"\":7}");
        reader.beginObject();
        List<Integer> places = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (int place; (place = reader.nextField(names)) != JsonReader.END_OBJECT; ) {
            places.add(place);
            found.add(reader.fieldName());
            reader.skip();
        }
        reader.end();
        assertThat(places).containsExactly(1, 0, -1, 2, -1, -1, -1);
        assertThat(found).containsExactly("max", "model", "Model", "é", "mo", "modela", "");
    }

    @ParameterizedTest
    @Tag("S4")
    @ValueSource(
            strings = {
                "{\"model\":1,\"model\":2}", "{\"model\":1,\"m\\u006fdel\":2}",
                        "{\"\\u006dodel\":1,\"mode\\u006c\":1}",
                "{\"x\":{\"a\":1,\"b\":2,\"a\":3}}", "[{\"a\":1,\"\\u0061\":1}]", "{\"\":1,\"\":1}",
                "{\"a\\ud83d\\ude00\":1,\"a😀\":2}"
            })
    void refusesANameThatComesTwice(String document) {
        assertThatThrownBy(() -> JsonReader.strict(utf8(document)))
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining("comes twice");
        assertThat(Trees.skips(utf8(document))).as("a lenient reader takes it").isTrue();
    }

    @Test
    @Tag("S4")
    void takesANameAgainInAnotherObject() {
        JsonReader.strict(utf8("{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]},\"b\":{\"a\":1}}"));
    }

    @ParameterizedTest
    @Tag("S4")
    @ValueSource(
            strings = {"Model", "MODEL", "m\\u004fdel", "\\u004dodel", "ſtream", "mode\\u004c"})
    void refusesANameThatDiffersFromAKnownOneByCaseAlone(String name) {
        Names names = Names.of("model", "stream");
        JsonReader strict = JsonReader.strict(utf8("{\"ok\":1,\"" + name + "\":2}"));
        strict.beginObject();
        assertThat(strict.nextField(names)).isEqualTo(JsonReader.UNKNOWN);
        strict.skip();
        assertThatThrownBy(() -> strict.nextField(names))
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining("by case alone");
        JsonReader lenient = reader("{\"" + name + "\":2}");
        lenient.beginObject();
        assertThat(lenient.nextField(names)).isEqualTo(JsonReader.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'messages':[{'role':'user'},{'role':3}]}|messages[1].role",
                "{'a':{'b':{'c':3}}}|a.b.c",
                "[[''],['y',[3]]]|[1][1][0]",
                "3|''",
                "{'a':[],'b':{},'c':[{}, {'x':[]}, 3]}|c[2]",
                "{'a\\\"b':3}|a\\\"b",
                "{'a':'}]\\\",{','b':3}|b"
            })
    void tellsWhereAWrongValueIs(String document, String path) {
        byte[] bytes = utf8(document.replace('\'', '"'));
        int three = document.indexOf('3');
        MalformedJson error =
                catchThrowableOfType(MalformedJson.class, () -> findThree(new JsonReader(bytes)));
        assertThat(error.path()).isEqualTo(path);
        assertThat(error.offset()).isEqualTo(three);
        assertThat(error.expectation()).isEqualTo("expected a string, found a number");
    }

    /** Reads every number as if it were a string. */
    private static void findThree(JsonReader reader) {
        switch (reader.peek()) {
            case NUMBER -> reader.text();
            case ARRAY -> {
                reader.beginArray();
                while (reader.hasNext()) {
                    findThree(reader);
                }
            }
            case OBJECT -> {
                reader.beginObject();
                while (reader.nextField(Names.of()) != JsonReader.END_OBJECT) {
                    findThree(reader);
                }
            }
            default -> reader.skip();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':1,}|''|7|expected a name",
                "{'a':1 'b':2}|a|7|expected `,` or `}`",
                "{'a':[1,2}|a[1]|9|expected `,` or `]`",
                "{'a':[1,]}|a[1]|8|expected a value",
                "{'a':tru}|a|5|expected `true`",
                "{'a':01}|a|5|expected a number",
                "{'a':'x|a|5|expected the end of a string",
                "{'a':'\\x'}|a|6|not an escape of JSON",
                "{'a':|a|5|expected a value, found the end",
                "{'a'|a|4|expected `:`",
                "1 2|''|2|expected the end of the document"
            })
    void tellsWhereADocumentIsBroken(String document, String path, int offset, String expected) {
        MalformedJson error =
                catchThrowableOfType(
                        MalformedJson.class,
                        () -> {
                            JsonReader reader = reader(document.replace('\'', '"'));
                            reader.skip();
                            reader.end();
                        });
        assertThat(error.path()).isEqualTo(path);
        assertThat(error.offset()).isEqualTo(offset);
        assertThat(error.expectation()).isEqualTo(expected);
    }

    @Test
    void tellsWhereANameComesTwice() {
        byte[] document = utf8("{\"messages\":[{\"a\":1},{\"role\":\"x\",\"role\":\"y\"}]}");
        MalformedJson error =
                catchThrowableOfType(MalformedJson.class, () -> JsonReader.strict(document));
        assertThat(error.path()).isEqualTo("messages[1]");
        assertThat(error.expectation()).isEqualTo("the name `role` comes twice");
    }

    @Test
    void keepsMessagesShort() {
        String name = "n".repeat(5000);
        String document = "{\"" + name + "\":{\"" + name + "\":1,\"" + name + "\":2}}";
        MalformedJson error =
                catchThrowableOfType(MalformedJson.class, () -> JsonReader.strict(utf8(document)));
        assertThat(error.getMessage()).hasSizeLessThan(400);
    }

    @Test
    void countsOffsetsFromTheStartOfTheDocument() {
        byte[] bytes = utf8("....{\"a\":x}");
        JsonReader reader = new JsonReader(bytes);
        reader.reset(bytes, 4, bytes.length - 4);
        MalformedJson error = catchThrowableOfType(MalformedJson.class, reader::skip);
        assertThat(error.offset()).isEqualTo(5);
        assertThat(error.path()).isEqualTo("a");
    }

    private static byte[] latin1(String bytes) {
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @Tag("R4")
    @Tag("R13")
    @ValueSource(
            strings = {
                "\u00ff",
                "\u00c3",
                "\u00c0\u00af",
                "\u00ed\u00a0\u0080",
                "\u00f0\u009f\u0098",
                "\u00f5\u0080\u0080\u0080",
                "\u0080",
                "\n",
                "\t",
                "\u0000",
                "\u001f",
                "a\u00c3\\n",
                "\u00e2\u0080\\\"",
                "\u00c3\u00a9\u0001\\\\"
            })
    void mendsWhatUpstreamsMustNotSendAndRefusesItOfClients(String inside) {
        byte[] document = latin1("{\"k" + inside + "\":[\"" + inside + "\"]}");
        String expected =
                new JsonReader(utf8("\"" + escapedControls(latin1(inside)) + "\"")).string();
        JsonReader reader = new JsonReader(document);
        Raw raw = reader.raw();
        JsonNode tree = Trees.jackson(utf8(raw.toString())).orElseThrow();
        assertThat(tree.get("k" + expected).get(0).stringValue()).isEqualTo(expected);
        JsonReader walking = new JsonReader(document);
        walking.beginObject();
        walking.nextField(Names.of());
        assertThat(walking.fieldName()).isEqualTo("k" + expected);
        walking.beginArray();
        walking.hasNext();
        Text text = walking.text();
        assertThat(text.toString()).isEqualTo(expected);
        byte[] written = new ByteBuilder().quoted(text).toBytes();
        assertThat(Trees.jackson(written).orElseThrow().stringValue()).isEqualTo(expected);
        assertThat(walking.hasNext()).isFalse();
        assertThatThrownBy(() -> JsonReader.strict(document)).isInstanceOf(MalformedJson.class);
    }

    /** The characters as they are decoded with replacement, control characters escaped. */
    private static String escapedControls(byte[] inside) {
        StringBuilder out = new StringBuilder();
        for (char c : new String(inside, StandardCharsets.UTF_8).toCharArray()) {
            if (c < 0x20) {
                out.append("\\u00")
                        .append(Character.forDigit(c >> 4, 16))
                        .append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    @Test
    @Tag("R4")
    void leavesValidTextOfEveryLengthAlone() {
        String all =
                "aé語😀\u0080\u07ff\u0800\uffff\ud7ff\ue000"
                        + new String(Character.toChars(0x10ffff));
        JsonReader reader = JsonReader.strict(utf8("\"" + all + "\""));
        assertThat(reader.text().length()).isEqualTo(utf8(all).length);
        assertThat(reader(("\"" + all + "\"")).string()).isEqualTo(all);
    }

    @Test
    void readsEachKindAndSaysWhatItFoundInstead() {
        assertThatThrownBy(() -> reader("[]").beginObject())
                .hasMessageContaining("expected an object, found an array");
        assertThatThrownBy(() -> reader("{}").beginArray())
                .hasMessageContaining("expected an array, found an object");
        assertThatThrownBy(() -> reader("null").text())
                .hasMessageContaining("expected a string, found null");
        assertThatThrownBy(() -> reader("\"1\"").integer())
                .hasMessageContaining("expected a number, found a string");
        assertThatThrownBy(() -> reader("1").bool())
                .hasMessageContaining("expected a boolean, found a number");
        assertThat(reader("true").bool()).isTrue();
        assertThat(reader("false").bool()).isFalse();
        JsonReader reader = reader("[null,1]");
        reader.beginArray();
        assertThat(reader.hasNext()).isTrue();
        assertThat(reader.skipNull()).isTrue();
        assertThat(reader.hasNext()).isTrue();
        assertThat(reader.skipNull()).isFalse();
        assertThat(reader.position()).isEqualTo(6);
        assertThat(reader.integer()).isEqualTo(1);
    }

    @Test
    void keepsRawValuesAsTheyAreWrittenOnOneLine() {
        JsonReader reader = reader("{\"a\": {\"z\":1.10,\r\n \"y\":[1E5,\"\\u00e9\\/\"]} }");
        reader.beginObject();
        reader.nextField(Names.of());
        Raw raw = reader.raw();
        assertThat(raw.toString()).isEqualTo("{\"z\":1.10,   \"y\":[1E5,\"\\u00e9\\/\"]}");
        assertThat(raw).isEqualTo(Raw.of(raw.toString())).hasSameHashCodeAs(Raw.of(raw.toString()));
        assertThat(raw.kind()).isEqualTo(JsonReader.Kind.OBJECT);
        assertThat(raw.length()).isEqualTo(raw.toString().length());
        assertThatThrownBy(() -> Raw.of("1 2")).isInstanceOf(MalformedJson.class);
    }
}

package dev.sluice.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.Seeded;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

class LikenessTest {
    private static final Names FIELDS = Names.of("text");

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A document of one object, with the text in the member {@code text}, somewhere between others.
     */
    private static String document(SplittableRandom random, String content) {
        String before = random.nextBoolean() ? "" : "\"a\":" + RandomJson.document(random) + ",";
        String after = random.nextBoolean() ? "" : ",\"z\":" + RandomJson.document(random);
        return "{" + before + "\"text\":\"" + content + "\"" + after + "}";
    }

    private static Text textOf(byte[] document, int offset, int length) {
        JsonReader reader = new JsonReader(document);
        reader.reset(document, offset, length);
        reader.beginObject();
        while (true) {
            if (reader.nextField(FIELDS) == 0) {
                return reader.text();
            }
            reader.skip();
        }
    }

    private static Optional<JsonNode> tree(byte[] document) {
        return Trees.walk(new JsonReader(document));
    }

    @Test
    void recognisesADocumentThatDiffersInItsTextAlone() {
        Seeded.times(
                2000,
                random -> {
                    String content = RandomJson.content(random);
                    String other = RandomJson.content(random);
                    SplittableRandom twin = random.split();
                    long seed = twin.nextLong();
                    byte[] first = utf8(document(new SplittableRandom(seed), content));
                    byte[] second =
                            utf8("...." + document(new SplittableRandom(seed), other) + "..");
                    Likeness likeness = new Likeness();
                    Text slice = textOf(first, 0, first.length);
                    likeness.learn(first, 0, first.length, slice);
                    boolean matches = likeness.matches(second, 4, second.length - 6);
                    // An empty text has no place in its document, so that nothing can be learnt.
                    assertThat(matches).isEqualTo(!content.isEmpty());
                    if (matches) {
                        Text expected = textOf(second, 4, second.length - 6);
                        assertThat(likeness.text()).isEqualTo(expected);
                        assertThat(likeness.text().length()).isEqualTo(expected.length());
                    }
                });
    }

    @Test
    void aMatchMeansThatNothingButTheTextDiffers() {
        int[] matched = {0};
        boolean all =
                Seeded.times(
                        40_000,
                        random -> {
                            byte[] first = utf8(document(random, RandomJson.content(random) + "x"));
                            Text slice = textOf(first, 0, first.length);
                            Likeness likeness = new Likeness();
                            likeness.learn(first, 0, first.length, slice);
                            byte[] mutated = mutated(random, first, slice.offset(), slice.length());
                            if (!likeness.matches(mutated, 0, mutated.length)) {
                                return;
                            }
                            matched[0]++;
                            ObjectNode expected = (ObjectNode) tree(first).orElseThrow();
                            expected.put("text", likeness.text().toString());
                            assertThat(tree(mutated))
                                    .as(new String(mutated, StandardCharsets.UTF_8))
                                    .contains(expected);
                        });
        if (all) {
            assertThat(matched[0]).as("mutations that left the rest alone").isGreaterThan(500);
        }
    }

    private static final String[] INSERTS = {
        "\"",
        "\\",
        "\\\"",
        "\",\"text\":\"",
        "\",\"b\":\"c",
        "\"}",
        "\\u00",
        "\\u0041",
        "\\ud83d",
        "\n",
        "\u0000",
        "é",
        "語",
        "a",
        ",",
        "}",
        "{",
        "\\\\",
        "\\n",
        "\u007f"
    };

    private static byte[] mutated(SplittableRandom random, byte[] document, int from, int length) {
        byte[] bytes = document.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            int at =
                    random.nextInt(4) == 0
                            ? random.nextInt(bytes.length)
                            : Math.min(bytes.length - 1, from + random.nextInt(length + 1));
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 ->
                        bytes =
                                joined(
                                        bytes,
                                        at,
                                        utf8(INSERTS[random.nextInt(INSERTS.length)]),
                                        at);
                case 2 ->
                        bytes =
                                joined(
                                        bytes,
                                        at,
                                        new byte[0],
                                        Math.min(bytes.length, at + 1 + random.nextInt(4)));
                default ->
                        bytes =
                                joined(
                                        bytes,
                                        at,
                                        Arrays.copyOfRange(document, from, from + length / 2),
                                        at);
            }
            if (bytes.length == 0) {
                return document;
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[] bytes, int end, byte[] middle, int start) {
        return new ByteBuilder()
                .add(bytes, 0, end)
                .add(middle)
                .add(bytes, start, bytes.length - start)
                .toBytes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"a\",\"b\":\"\"}",
                "{\"text\":\"a\\\"}",
                "{\"text\":\"\\\"}",
                "{\"text\":\"a\n\"}",
                "{\"text\":\"\\u00\"}",
                "{\"text\":\"\\ud\"}",
                "{\"text\":\"}",
                "{\"text\":\"",
                "{\"text\":",
                "",
                "\"}",
                "{\"texT\":\"a\"}",
                "{\"text\":\"a\"} ",
                " {\"text\":\"a\"}",
                "{\"text\":\"a\",\"text\":\"b\"}"
            })
    void refusesWhatOnlyLooksAlike(String document) {
        Likeness likeness = new Likeness();
        byte[] first = utf8("{\"text\":\"hello\"}");
        likeness.learn(first, 0, first.length, textOf(first, 0, first.length));
        assertThat(likeness.matches(utf8("{\"text\":\"a\\\\\"}"), 0, 14)).isTrue();
        assertThat(likeness.matches(utf8(document), 0, utf8(document).length)).isFalse();
    }

    @Test
    void refusesBytesThatAreNoText() {
        Likeness likeness = new Likeness();
        byte[] first = utf8("{\"text\":\"hello\"}");
        likeness.learn(first, 0, first.length, textOf(first, 0, first.length));
        for (int b = 0x80; b < 0x100; b++) {
            byte[] broken = utf8("{\"text\":\"h?\"}");
            broken[10] = (byte) b;
            assertThat(likeness.matches(broken, 0, broken.length)).isFalse();
        }
    }

    private static final String PADDED = "{\"text\":\"%s\",\"a\":null,\"pad\":\"%s\",\"z\":1}";

    private static Likeness padded() {
        byte[] first = utf8(PADDED.formatted("hello", "xx"));
        JsonReader reader = new JsonReader(first);
        reader.beginObject();
        reader.nextField(FIELDS);
        Text text = reader.text();
        Text pad = Text.EMPTY;
        for (int f = reader.nextField(FIELDS);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(FIELDS)) {
            if (reader.fieldName().equals("pad")) {
                pad = reader.text();
            } else {
                reader.skip();
            }
        }
        Likeness likeness = new Likeness();
        likeness.learn(first, 0, first.length, text, pad);
        return likeness;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "é語\\u0041 \\\"", "xx", "\\\\"})
    void recognisesATextBesidePadding(String content) {
        for (String pad : new String[] {"", "x", "xxxxxxx", "\\\"", "é"}) {
            byte[] document = utf8("  " + PADDED.formatted(content, pad) + " ");
            Likeness likeness = padded();
            assertThat(likeness.matches(document, 2, document.length - 3)).isTrue();
            assertThat(likeness.text()).isEqualTo(textOf(document, 2, document.length - 3));
            assertThat(likeness.behind()).hasToString(Raw.of('"' + pad + '"').reader().string());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"a\",\"a\":null,\"pad\":\"x\",\"z\":2}",
                "{\"text\":\"a\",\"a\":nul1,\"pad\":\"x\",\"z\":1}",
                "{\"text\":\"a\",\"a\":null,\"pad\":\"x\",\"pad\":\"x\",\"z\":1}",
                "{\"text\":\"a\",\"a\":null,\"pad\":\"\n\",\"z\":1}",
                "{\"text\":\"a\n\",\"a\":null,\"pad\":\"x\",\"z\":1}",
                "{\"text\":\"a\",\"a\":null,\"z\":1}",
                "{\"text\":\"a\",\"z\":1}",
                "{\"text\":\"\",\"z\":1}",
                "{\"text\":\"a\",\"error\":\"x\",\"a\":null,\"pad\":\"x\",\"z\":1}",
            })
    void refusesWhatDiffersInMoreThanTextAndPadding(String document) {
        assertThat(padded().matches(utf8(document), 0, utf8(document).length)).isFalse();
    }

    private static final String COUNTED = "{\"n\":%s,\"text\":\"%s\",\"sum\":%s,\"pad\":\"%s\"}";

    /** Learns a document of which two numbers and two strings may differ, told in another order. */
    private static Likeness counted() {
        byte[] first = utf8(COUNTED.formatted("7", "hello", "12", "xx"));
        String text = new String(first, StandardCharsets.UTF_8);
        Likeness likeness = new Likeness();
        likeness.begin(first, 0, first.length);
        likeness.differs(Text.ofEscaped(first, text.indexOf("hello"), 5));
        likeness.differs(text.indexOf("12"));
        likeness.differs(Text.ofEscaped(first, text.indexOf("xx"), 2));
        likeness.differs(text.indexOf('7'));
        likeness.learn();
        return likeness;
    }

    @Test
    void recognisesNumbersThatDiffer() {
        for (String number : new String[] {"0", "8", "10", "999999999999999999"}) {
            byte[] document = utf8("  " + COUNTED.formatted(number, "é\\n", "13", "") + " ");
            Likeness likeness = counted();
            assertThat(likeness.matches(document, 2, document.length - 3)).isTrue();
            assertThat(likeness.text(0)).hasToString("é\n");
            assertThat(likeness.number(1)).isEqualTo(13);
            assertThat(likeness.text(2).isEmpty()).isTrue();
            assertThat(likeness.number(3)).isEqualTo(Long.parseLong(number));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "01",
                "00",
                "1.5",
                "1e3",
                "1 ",
                " 1",
                "\"1\"",
                "null",
                "1,\"n\":2",
                "1000000000000000000",
                "9999999999999999999"
            })
    void refusesNumbersThatAreNotWhole(String number) {
        for (String document :
                new String[] {
                    COUNTED.formatted(number, "a", "1", "x"),
                    COUNTED.formatted("1", "a", number, "x")
                }) {
            assertThat(counted().matches(utf8(document), 0, utf8(document).length)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "1e3", "1234567890123456789", "true"})
    void learnsNothingOfNumbersThatAreNotWhole(String number) {
        byte[] document = utf8("{\"n\":" + number + ",\"text\":\"hello\"}");
        for (int at = 0; at < 5 + number.length(); at++) {
            Likeness likeness = new Likeness();
            likeness.begin(document, 0, document.length);
            likeness.differs(textOf(document, 0, document.length));
            likeness.differs(at);
            likeness.learn();
            assertThat(likeness.matches(document, 0, document.length)).isFalse();
        }
    }

    @Test
    void learnsNothingOfPlacesThatOverlapOrAreTooMany() {
        byte[] document = utf8("{\"a\":\"1\",\"b\":2}");
        Likeness likeness = new Likeness();
        likeness.begin(document, 0, document.length);
        likeness.differs(Text.ofEscaped(document, 6, 1));
        likeness.differs(Text.ofEscaped(document, 6, 1));
        likeness.learn();
        assertThat(likeness.matches(document, 0, document.length)).isFalse();
        byte[] long9 = utf8("[1,2,3,4,5,6,7,8,9]");
        for (int many = 8; many <= 9; many++) {
            likeness.begin(long9, 0, long9.length);
            for (int i = 0; i < many; i++) {
                likeness.differs(1 + 2 * i);
            }
            likeness.learn();
            assertThat(likeness.matches(long9, 0, long9.length)).isEqualTo(many == 8);
        }
    }

    @Test
    void takesAnEmptyText() {
        Likeness likeness = new Likeness();
        byte[] first = utf8("{\"text\":\"hello\"}");
        likeness.learn(first, 0, first.length, textOf(first, 0, first.length));
        byte[] empty = utf8("{\"text\":\"\"}");
        assertThat(likeness.matches(empty, 0, empty.length)).isTrue();
        assertThat(likeness.text().isEmpty()).isTrue();
    }

    @Test
    void learnsNothingOfATextThatIsNoWholeStringOfTheDocument() {
        byte[] document = utf8("{\"text\":\"hello\"}");
        byte[] other = utf8("{\"text\":\"hello\"}");
        byte[] large = utf8("{\"text\":\"hello\",\"a\":\"" + "x".repeat(3000) + "\"}");
        byte[] mended = {'{', '"', 't', 'e', 'x', 't', '"', ':', '"', (byte) 0xff, '"', '}'};
        Likeness likeness = new Likeness();
        assertThat(likeness.matches(document, 0, document.length)).isFalse();
        likeness.learn(document, 0, document.length, textOf(other, 0, other.length));
        assertThat(likeness.matches(document, 0, document.length)).isFalse();
        likeness.learn(document, 0, document.length, Text.ofEscaped(document, 10, 2));
        assertThat(likeness.matches(document, 0, document.length)).isFalse();
        likeness.learn(document, 0, document.length, Text.EMPTY);
        assertThat(likeness.matches(document, 0, document.length)).isFalse();
        likeness.learn(large, 0, large.length, textOf(large, 0, large.length));
        assertThat(likeness.matches(large, 0, large.length)).isFalse();
        likeness.learn(mended, 0, mended.length, textOf(mended, 0, mended.length));
        assertThat(likeness.matches(mended, 0, mended.length)).isFalse();
        likeness.learn(document, 0, document.length, textOf(document, 0, document.length));
        assertThat(likeness.matches(document, 0, document.length)).isTrue();
        likeness.forget();
        assertThat(likeness.matches(document, 0, document.length)).isFalse();
    }
}

package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

class GoldensTest {
    @Test
    void findsTheTranscriptsInOrder() {
        assertThat(Goldens.openAiChat())
                .extracting(Golden::name)
                .hasSize(9)
                .first()
                .isEqualTo("01-text");
        assertThat(Goldens.openAiResponses())
                .extracting(Golden::name)
                .hasSize(8)
                .last()
                .isEqualTo("08-reasoning-text-then-tool");
        assertThat(Goldens.anthropic())
                .extracting(Golden::name)
                .hasSize(8)
                .last()
                .isEqualTo("08-stop-sequence");
        assertThat(Goldens.openAiChat()).filteredOn(Golden::isSloppy).hasSize(2);
        assertThat(Goldens.openAiResponses()).filteredOn(Golden::endsInError).hasSize(2);
        assertThat(Goldens.anthropic()).filteredOn(Golden::endsInError).hasSize(1);
    }

    @Test
    void keepsEveryByteAsItIs() {
        assertThat(new String(Goldens.one("openai-chat", "08").bytes(), UTF_8))
                .contains("\r\n\r\n");
        assertThat(new String(Goldens.one("anthropic", "01").bytes(), UTF_8))
                .doesNotContain("\r")
                .endsWith("\n\n");
        assertThat(
                        Json.parse(Goldens.bytes("anthropic/count-tokens.response.json"))
                                .path("input_tokens")
                                .intValue())
                .isEqualTo(2095);
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> Goldens.of("esperanto")).hasMessageContaining("esperanto");
        assertThatThrownBy(() -> Goldens.bytes("anthropic/99"))
                .hasMessageContaining("anthropic/99");
        assertThatThrownBy(() -> Goldens.one("anthropic", "0"))
                .hasMessageContaining("8 files (expected: one)");
        assertThat(Goldens.one("anthropic", "01").note("x_error")).isEmpty();
    }

    @Test
    void everySplitIsTheSameBytes() throws IOException {
        byte[] bytes = new byte[300];
        new Random(1).nextBytes(bytes);
        List<Split> splits = Splits.all(bytes);

        assertThat(splits).hasSize(5 + 299 + 20);
        for (Split split : splits) {
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            for (byte[] piece : split.pieces()) {
                assertThat(piece).as(split.name()).isNotEmpty();
                joined.write(piece);
            }
            assertThat(joined.toByteArray()).as(split.name()).isEqualTo(bytes);
        }
        assertThat(Splits.byteByByte(bytes).pieces()).hasSize(300);
        assertThat(Splits.sized(bytes, 7).pieces())
                .hasSize(43)
                .last()
                .isEqualTo(Arrays.copyOfRange(bytes, 294, 300));
        assertThat(Splits.at(bytes, 17).pieces().getFirst()).hasSize(17);
        assertThat(Splits.whole(new byte[0]).pieces()).hasSize(1);
    }

    @Test
    void aSeedRepeatsItsSplits() {
        byte[] bytes = new byte[500];
        for (int i = 0; i < 5; i++) {
            assertThat(sizes(Splits.random(bytes, 5, 42).get(i)))
                    .isEqualTo(sizes(Splits.random(bytes, 5, 42).get(i)));
        }
        assertThat(sizes(Splits.random(bytes, 5, 42).getLast()))
                .isNotEqualTo(sizes(Splits.random(bytes, 5, 43).getLast()));
    }

    private static List<Integer> sizes(Split split) {
        return split.pieces().stream().map(piece -> piece.length).toList();
    }

    @Test
    void aFailureNamesTheSplitAndItsSeed() {
        byte[] bytes = "abcdef".getBytes(UTF_8);
        assertThatThrownBy(
                        () ->
                                Splits.forEach(
                                        Splits.everyCut(bytes),
                                        pieces -> assertThat(pieces.getFirst()).hasSizeLessThan(4)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("cut at 4 of 6");
        assertThatThrownBy(
                        () ->
                                Splits.forEach(
                                        Splits.random(bytes, 1, 42),
                                        _ -> {
                                            throw new IOException("broken");
                                        }))
                .hasMessageContaining("-Dsluice.seed=42")
                .hasMessageContaining("broken");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"a\":1} | {\"a\":1,\"b\":2}",
                "{\"a\":1} | {\"a\":1.0}",
                "{\"a\":null} | {}",
                "{\"a\":null} | {\"a\":null}",
                "{\"x_note\":1,\"a\":{\"x_b\":1}} | {\"a\":{}}",
                "[{\"a\":1},2] | [{\"a\":1,\"b\":1},2]",
                "\"t\" | \"t\"",
            })
    void isASubset(String expected, String actual) {
        JsonSubset.assertSubset(expected, actual);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"a\":1} | {\"b\":1} | $.a: expected 1 but found nothing",
                "{\"a\":1} | {\"a\":\"1\"} | $.a: expected 1 but found \"1\"",
                "{\"a\":null} | {\"a\":1} | $.a: expected null but found 1",
                "{\"a\":{\"b\":[1,2]}} | {\"a\":{\"b\":[1,3]}} | $.a.b[1]: expected 2 but found 3",
                "{\"a\":[1]} | {\"a\":[1,2]} | $.a: expected 1 elements but found 2",
                "{\"a\":{}} | {\"a\":[]} | $.a: expected {} but found []",
                "{\"a\":true} | {\"a\":false} | $.a: expected true but found false",
            })
    void isNoSubset(String expected, String actual, String difference) {
        assertThatThrownBy(() -> JsonSubset.assertSubset(expected, actual))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(difference);
    }

    @Test
    void namesTheFirstTenDifferences() {
        assertThatThrownBy(
                        () ->
                                JsonSubset.assertSubset(
                                        "[1,2,3,4,5,6,7,8,9,10,11,12]",
                                        "[0,0,0,0,0,0,0,0,0,0,0,0]"))
                .hasMessageContaining("$[9]")
                .message()
                .doesNotContain("$[10]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"{\"a\":1,\"a\":1}", "{} {}", "{\"a\":}", "[1,]", "{'a':1}", "NaN", "~~"})
    void jsonIsReadStrictly(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not JSON");
    }

    @Test
    void jsonKeepsWhatIsLegalInStrings() {
        String text = "a\u2028\0\"\\\n🎉\uD83D";
        assertThat(Json.parse(Json.quote(text)).stringValue()).isEqualTo(text);
        assertThatThrownBy(() -> Json.parse(new byte[] {'"', (byte) 0xFF, '"'}))
                .hasMessageContaining("not UTF-8");
        assertThatThrownBy(() -> Json.object("[]")).hasMessageContaining("not a JSON object");
    }
}

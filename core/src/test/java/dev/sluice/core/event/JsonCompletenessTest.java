package dev.sluice.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Text;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class JsonCompletenessTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " {\"a\":1}",
                "[1,[2]]",
                "{\"a\":\"}\"}",
                "{\"a\":\"\\\"}\"}",
                "{\"a\":\"\\\\\"}",
                "{\"\\\\\\\"{\":{\"b\":[]}}",
                "{\"a\":\"\\u0022}\"}",
                "{\"é\":\"😀{\"}",
                "{\"a\":\"\n\t\"}"
            })
    void isCompleteAtTheLastBracketAndNotBefore(String json) {
        String value = json.strip();
        for (boolean escaped : new boolean[] {false, true}) {
            JsonCompleteness completeness = new JsonCompleteness();
            for (int i = 0; i < value.length(); i++) {
                assertThat(completeness.complete()).as(value.substring(0, i)).isFalse();
                completeness.feed(character(value.charAt(i), escaped));
            }
            assertThat(completeness.complete()).isTrue();
        }
    }

    /** A text of one character, spelled as an escape if {@code escaped}. */
    private static Text character(char c, boolean escaped) {
        if (!escaped) {
            return Text.of(String.valueOf(c));
        }
        String hex = Integer.toHexString(0x10000 | c).substring(1);
        return new JsonReader(("\"\\u" + hex + "\"").getBytes(StandardCharsets.US_ASCII)).text();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "\"{}\"",
                "tr",
                "{",
                "{\"a",
                "{\"a\":{}",
                "[",
                "{\"a\":\"\\\"}"
            })
    void isNotCompleteBefore(String json) {
        JsonCompleteness completeness = new JsonCompleteness();
        completeness.feed(Text.of(json));
        assertThat(completeness.complete()).isFalse();
    }

    @Test
    void agreesWithTheReaderOnEveryPrefix() {
        String json = "{\"a\":[1,\"x\\\"]}\",{\"b\":\"\\\\\"}],\"c\":{}}";
        for (int length = 1; length <= json.length(); length++) {
            JsonCompleteness completeness = new JsonCompleteness();
            completeness.feed(Text.of(json.substring(0, length)));
            assertThat(completeness.complete()).isEqualTo(isWhole(json.substring(0, length)));
        }
    }

    private static boolean isWhole(String json) {
        try {
            JsonReader reader = new JsonReader(json.getBytes(StandardCharsets.UTF_8));
            reader.skip();
            reader.end();
            return true;
        } catch (MalformedJson cut) {
            return false;
        }
    }
}

package dev.sluice.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawTest {
    @Test
    @Tag("R42")
    void takesTheArgumentsOfAToolAsTheyAreWritten() {
        String arguments = "{\"b\": 1.50, \"a\":\"\\u00fc\"}";
        assertThat(Raw.object(arguments))
                .hasValueSatisfying(raw -> assertThat(raw).hasToString(arguments));
        assertThat(Raw.object("{\"a\":\n1}"))
                .hasValueSatisfying(raw -> assertThat(raw).hasToString("{\"a\": 1}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n"})
    @Tag("R37")
    void takesNoArgumentsForAnEmptyObject(String arguments) {
        assertThat(Raw.object(arguments))
                .hasValueSatisfying(raw -> assertThat(raw).hasToString("{}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "[1]", "\"x\"", "null", "{} {}", "{a:1}"})
    void takesNothingThatIsNoObject(String arguments) {
        assertThat(Raw.object(arguments)).isEmpty();
    }

    @Test
    @Tag("R13")
    void keepsHalfACharacterAsAnEscape() {
        assertThat(Raw.object("{\"a\":\"x\ud83cy\ud83c\udf89\"}"))
                .hasValueSatisfying(
                        raw -> assertThat(raw).hasToString("{\"a\":\"x\\ud83cy\ud83c\udf89\"}"));
    }

    @Test
    void saysAString() {
        assertThat(Raw.string("a\"\n")).hasToString("\"a\\\"\\n\"");
    }
}

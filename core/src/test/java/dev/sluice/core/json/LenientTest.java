package dev.sluice.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LenientTest {
    private static JsonReader reader(String value) {
        JsonReader reader = Raw.of("[" + value + ",\"next\"]").reader();
        reader.beginArray();
        reader.hasNext();
        return reader;
    }

    private static void assertReadPast(JsonReader reader) {
        assertThat(reader.hasNext()).isTrue();
        assertThat(reader.string()).isEqualTo("next");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1.5e3", "true", "\"text\"", "[1]", "{\"a\":1}"})
    void takesWhatFitsAndReadsPastTheRest(String value) {
        JsonReader text = reader(value);
        assertThat(Lenient.text(text)).hasToString(value.equals("\"text\"") ? "text" : "");
        assertReadPast(text);
        JsonReader number = reader(value);
        assertThat(Lenient.number(number, -1)).isEqualTo(value.equals("1.5e3") ? 1500 : -1);
        assertReadPast(number);
        JsonReader truth = reader(value);
        assertThat(Lenient.isTrue(truth)).isEqualTo(value.equals("true"));
        assertReadPast(truth);
        JsonReader object = reader(value);
        assertThat(Lenient.enterObject(object)).isEqualTo(value.startsWith("{"));
        JsonReader array = reader(value);
        assertThat(Lenient.enterArray(array)).isEqualTo(value.startsWith("["));
        if (!value.startsWith("{")) {
            assertReadPast(object);
        }
        if (!value.startsWith("[")) {
            assertReadPast(array);
        }
    }
}

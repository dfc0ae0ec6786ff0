package dev.sluice.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWriterTest {
    @Test
    @Tag("R13")
    void setsCommasAndColons() {
        ByteBuilder out = new ByteBuilder();
        new JsonWriter(out)
                .beginObject()
                .field("a", "x\n")
                .field("b", 1)
                .name("c")
                .beginArray()
                .value(true)
                .nullValue()
                .beginArray()
                .endArray()
                .beginObject()
                .endObject()
                .value(Text.of("é\""))
                .value(Raw.of("{\"r\":1.0}"))
                .endArray()
                .field("d", 0.5)
                .field("e", false)
                .field("f\"", Raw.of("[]"))
                .name("g")
                .value(Text.of("t"))
                .endObject();
        assertThat(out.toString())
                .isEqualTo(
                        "{\"a\":\"x\\n"
                            + "\",\"b\":1,\"c\":[true,null,[],{},\"é\\\"\",{\"r\":1.0}],\"d\":0.5,\"e\":false,"
                            + "\"f\\\"\":[],\"g\":\"t\"}");
        assertThat(Trees.jackson(out.toBytes())).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "-0.0, 0",
        "0.7, 0.7",
        "1e14, 100000000000000",
        "1e15, 1.0E15",
        "1e-7, 1.0E-7",
        "-2.5, -2.5"
    })
    void writesNumbers(double value, String digits) {
        ByteBuilder out = new ByteBuilder();
        new JsonWriter(out).value(value);
        assertThat(out.toString()).isEqualTo(digits);
        assertThat(new JsonReader(out.toBytes()).number()).isEqualTo(value + 0.0);
    }

    @ParameterizedTest
    @Tag("R13")
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesNumbersThatJsonCannotSay(double value) {
        ByteBuilder out = new ByteBuilder();
        assertThatThrownBy(() -> new JsonWriter(out).value(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: a finite number");
        assertThat(out.isEmpty()).isTrue();
    }
}

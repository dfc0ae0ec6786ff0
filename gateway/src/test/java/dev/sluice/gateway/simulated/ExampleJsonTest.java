package dev.sluice.gateway.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.json.Raw;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.json.JsonMapper;

class ExampleJsonTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"type\":\"string\"} | \"example\"",
                "{\"type\":\"string\",\"minLength\":9} | \"examplexx\"",
                "{\"type\":\"string\",\"maxLength\":3} | \"exa\"",
                "{\"type\":\"string\",\"format\":\"date\"} | \"2026-01-01\"",
                "{\"type\":[\"integer\",\"null\"]} | 1",
                "{\"type\":\"integer\",\"minimum\":18} | 18",
                "{\"type\":\"integer\",\"exclusiveMinimum\":18} | 19",
                "{\"type\":\"integer\",\"maximum\":-3} | -3",
                "{\"type\":\"integer\",\"multipleOf\":5} | 5",
                "{\"type\":\"number\",\"minimum\":0.5} | 0.5",
                "{\"type\":\"boolean\"} | true",
                "{\"type\":\"null\"} | null",
                "{\"enum\":[\"b\",\"a\"]} | \"b\"",
                "{\"const\":{\"x\":1.50}} | {\"x\":1.50}",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":3} | [1,1,1]",
                "{\"items\":{\"type\":\"boolean\"}} | [true]",
                "{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}]} | 1",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{}}} |"
                        + " {\"a\":1,\"b\":\"example\"}",
                "{\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{}},\"required\":[\"b\"]} |"
                        + " {\"b\":\"example\"}",
                "{\"required\":[\"c\"],\"type\":\"object\"} | {\"c\":\"example\"}",
                "{\"$defs\":{\"A/B\":{\"type\":\"boolean\"}},\"$ref\":\"#/$defs/A~1B\"} | true",
                "{} | \"example\"",
                "true | \"example\"",
            })
    void fitsTheSchema(String schema, String example) {
        assertThat(ExampleJson.of(Raw.of(schema), 0)).isEqualTo(example);
    }

    @Test
    void variesWhatItMay() {
        Raw schema =
                Raw.of(
                        "{\"properties\":{\"city\":{},\"unit\":{\"enum\":[\"c\",\"f\"]},\"n\":{\"const\":1}}}");

        assertThat(ExampleJson.of(schema, 0))
                .isEqualTo("{\"city\":\"Zürich\",\"unit\":\"c\",\"n\":1}");
        assertThat(ExampleJson.of(schema, 1)).isEqualTo("{\"city\":\"東京\",\"unit\":\"f\",\"n\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$ref\":\"#\"}",
                "{\"$ref\":\"#/$ref\"}",
                "{\"$ref\":\"https://example.com/schema\"}",
                "{\"$defs\":{\"A\":{\"$ref\":\"#/$defs/A\"}},\"$ref\":\"#/$defs/A\"}",
                "{\"$defs\":{\"A\":{\"properties\":{\"a\":{\"$ref\":\"#/$defs/A\"},\"b\":{\"$ref\":\"#/$defs/A\"},"
                    + "\"c\":{\"$ref\":\"#/$defs/A\"}}}},\"$ref\":\"#/$defs/A\"}",
                "{\"type\":\"array\",\"minItems\":1e300,\"items\":{\"type\":\"array\",\"minItems\":1000000}}",
                "{\"type\":\"string\",\"minLength\":1e9}",
                "{\"type\":\"string\",\"minLength\":-5,\"maxLength\":-1}",
                "{\"type\":5,\"enum\":{},\"required\":\"x\",\"properties\":[]}",
                "{\"type\":\"integer\",\"minimum\":\"none\",\"multipleOf\":0}",
            })
    void staysBoundedOnSchemasWithoutEndOrSense(String schema) {
        String example = ExampleJson.of(Raw.of(schema), 0);

        assertThat(example).hasSizeLessThan(40_000);
        JsonMapper.shared().readTree(example);
    }

    @Test
    void knowsSchemasOfNothing() {
        assertThat(ExampleJson.isOfNothing(Raw.of("{\"type\":\"object\",\"properties\":{}}")))
                .isTrue();
        assertThat(ExampleJson.isOfNothing(Raw.of("{}"))).isTrue();
        assertThat(ExampleJson.isOfNothing(Raw.of("{\"properties\":{\"a\":{}}}"))).isFalse();
        assertThat(ExampleJson.isOfNothing(Raw.of("{\"$ref\":\"#/$defs/A\"}"))).isFalse();
    }
}

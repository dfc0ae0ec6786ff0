package dev.sluice.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.json.Raw;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas to which the vendor can hold a model, and others. */
class StrictSchemaTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"string\"}",
                "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"enum\":[\"x\"]}},"
                    + "\"required\":[\"a\"],\"additionalProperties\":false}",
                "{\"type\":[\"object\",\"null\"],\"properties\":{\"a\":{}},\"required\":[\"a\"],"
                        + "\"additionalProperties\":false}",
                "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/x\"},\"$defs\":{\"x\":"
                        + "{\"type\":\"object\",\"additionalProperties\":false}}}",
                "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}",
            })
    void areStrict(String schema) {
        assertThat(StrictSchema.isStrict(Raw.of(schema))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "{\"type\":\"object\"}",
                "{\"type\":[\"null\",\"object\"]}",
                "{\"properties\":{\"a\":{}},\"required\":[\"a\"]}",
                "{\"type\":\"object\",\"properties\":{\"a\":{}},\"additionalProperties\":false}",
                "{\"type\":\"object\",\"properties\":{\"a\":{}},\"required\":[\"a\"],"
                        + "\"additionalProperties\":true}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"object\"}},\"required\":[\"a\"],"
                    + "\"additionalProperties\":false}",
                "{\"type\":\"array\",\"items\":{\"type\":\"object\"}}",
                "{\"anyOf\":[{\"type\":\"object\"}]}",
                "{\"$defs\":{\"x\":{\"type\":\"object\"}}}",
                "{\"allOf\":[]}",
                "{\"oneOf\":[]}",
                "{\"not\":{}}",
                "{\"patternProperties\":{}}",
            })
    void areNotStrict(String schema) {
        assertThat(StrictSchema.isStrict(Raw.of(schema))).isFalse();
    }
}

package dev.sluice.llama.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.json.Raw;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.Splits;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;

class JsonRulesTest {
    private static boolean matches(String schema, String document) {
        return GbnfMatcher.matches(JsonRules.grammar(Raw.of(schema)), document);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '¤',
            value = {
                "{}§{\"a\": [1, -2.5e+3, \"x\\n\", null, true, {}]}§{\"a\": [1,]}",
                "true§[]§[",
                "{\"type\":\"string\"}§\"ü \\\" \\u00e9\"§\"a",
                "{\"type\":\"string\"}§\"\"§1",
                "{\"type\":\"integer\"}§-12§1.5",
                "{\"type\":\"integer\"}§0§007",
                "{\"type\":\"number\"}§1.5§1.",
                "{\"type\":\"boolean\"}§false§0",
                "{\"type\":\"null\"}§null§\"null\"",
                "{\"type\":[\"string\",\"null\"]}§null§1",
                "{\"type\":\"string\",\"nullable\":true}§null§1",
                "{\"enum\":[\"a\",1,null,{\"b\": 2}]}§{\"b\": 2}§\"b\"",
                "{\"const\":\"a\\u0062\"}§\"ab\"§\"a\"",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}§[1, 2 ,3]§[1,\"2\"]",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":2,\"maxItems\":3}§[1,2]§[1]",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":2,\"maxItems\":3}§[1,2,3]§[1,2,3,4]",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"maxItems\":1}§[]§[1,2]",
                "{\"type\":\"array\",\"maxItems\":0}§[]§[1]",
                "{\"type\":\"array\",\"prefixItems\":[{\"type\":\"integer\"},{\"type\":\"string\"}]}§[1,\"a\"]§[\"a\",1]",
                "{\"type\":\"string\",\"minLength\":2,\"maxLength\":3}§\"ab\"§\"a\"",
                "{\"type\":\"string\",\"minLength\":2,\"maxLength\":3}§\"世界🌍\"§\"abcd\"",
                "{\"type\":\"string\",\"maxLength\":0}§\"\"§\"a\"",
                "{\"type\":\"string\",\"pattern\":\"^[a-z]+-\\\\d{2,3}$\"}§\"ab-12\"§\"ab-1\"",
                "{\"type\":\"string\",\"pattern\":\"^(foo|ba[rz])?x$\"}§\"bazx\"§\"bax\"",
                "{\"type\":\"string\",\"pattern\":\"b.d\"}§\"abcde\"§\"abde\"",
                "{\"type\":\"string\",\"pattern\":\"^a\\\"b$\"}§\"a\\\"b\"§\"ab\"",
                "{\"type\":\"string\",\"pattern\":\"^[^,]*$\"}§\"a;b\"§\"a,b\"",
                "{\"type\":\"string\",\"format\":\"date\"}§\"2025-12-31\"§\"2025-13-01\"",
                "{\"type\":\"string\",\"format\":\"time\"}§\"23:59:59.5Z\"§\"24:00:00Z\"",
                "{\"type\":\"string\",\"format\":\"date-time\"}§\"2025-12-31T01:02:03+01:00\"§\"2025-12-31\"",
                "{\"type\":\"string\",\"format\":\"uuid\"}§\"123e4567-e89b-12d3-a456-426614174000\"§\"123e4567\"",
                "{\"type\":\"string\",\"format\":\"ipv4\"}§\"127.0.0.255\"§\"127.0.0.256\"",
                "{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}]}§null§\"a\"",
                "{\"oneOf\":[{\"const\":1},{\"const\":2}]}§2§3",
                "{\"allOf\":[{\"properties\":{\"a\":{\"type\":\"integer\"}}},{\"properties\":{\"b\":{\"type\":\"integer\"}},\"required\":[\"b\"]}]}§{\"a\":1,\"b\":2}§{\"a\":1}",
                "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"}}§{\"x\":1,\"y\":2}§{\"x\":\"1\"}",
                "{\"type\":\"object\"}§{\"x\":[]}§[]",
                "{\"type\":\"object\",\"properties\":{}}§{}§{\"a\":1}",
            })
    void formsAreHeld(String schema, String valid, String invalid) {
        assertThat(matches(schema, valid)).as("%s takes %s", schema, valid).isTrue();
        assertThat(matches(schema, invalid)).as("%s takes %s", schema, invalid).isFalse();
    }

    private static final String TRIP =
            """
            {"type":"object","properties":{
              "from":{"type":"string"},"to":{"type":"string"},"when":{"type":"string","format":"date"},
              "seats":{"type":"integer","minimum":1,"maximum":9}},
             "required":["from","seats"]%s}\
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"from\":\"a\",\"seats\":3}",
                "{\"from\":\"a\",\"to\":\"b\",\"seats\":3}",
                "{ \"from\" : \"a\", \"when\": \"2025-01-01\",\n  \"seats\": 9 }"
            })
    void optionalPropertiesMayBeLeftOut(String document) {
        assertThat(matches(TRIP.formatted(""), document)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"from\":\"a\"}",
                "{\"seats\":3}",
                "{}",
                "{\"from\":\"a\",\"seats\":3,}",
                "{\"from\":\"a\",\"seats\":0}",
                "{\"from\":\"a\",\"seats\":3,\"other\":1}"
            })
    void requiredPropertiesMustBeThereAndOthersMustNot(String document) {
        assertThat(matches(TRIP.formatted(""), document)).isFalse();
        assertThat(matches(TRIP.formatted(",\"additionalProperties\":false"), document)).isFalse();
    }

    @Test
    void otherPropertiesComeLastAndHaveOtherNames() {
        String open = TRIP.formatted(",\"additionalProperties\":{\"type\":\"integer\"}");
        assertThat(matches(open, "{\"from\":\"a\",\"seats\":3,\"other\":1,\"t\":2,\"tom\":3}"))
                .isTrue();
        assertThat(matches(open, "{\"from\":\"a\",\"seats\":3,\"to\":1}")).isFalse();
        assertThat(matches(open, "{\"from\":\"a\",\"seats\":3,\"other\":\"1\"}")).isFalse();
    }

    @Test
    void schemasMayUseThemselves() {
        String tree =
                """
                {"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{
                  "name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/$defs/node"}}},
                  "required":["name"]}}}\
                """;
        assertThat(
                        matches(
                                tree,
                                "{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[]}]}"))
                .isTrue();
        assertThat(matches(tree, "{\"name\":\"a\",\"children\":[{\"children\":[]}]}")).isFalse();
        String list =
                "{\"properties\":{\"next\":{\"anyOf\":[{\"$ref\":\"#\"},{\"type\":\"null\"}]}}}";
        assertThat(matches(list, "{\"next\":{\"next\":{\"next\":null}}}")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0, 9",
        "1, 10",
        "7, 123",
        "99, 100",
        "100, 999",
        "305, 1204",
        "-5, 5",
        "-120, -7",
        "-1, 0"
    })
    void wholeNumbersAreHeldToTheirBounds(int least, int most) {
        Gbnf grammar =
                JsonRules.grammar(
                        Raw.of(
                                "{\"type\":\"integer\",\"minimum\":%d,\"maximum\":%d}"
                                        .formatted(least, most)));
        for (int i = least - 130; i <= most + 130; i++) {
            assertThat(GbnfMatcher.matches(grammar, String.valueOf(i)))
                    .as("%s", i)
                    .isEqualTo(i >= least && i <= most);
        }
    }

    @Test
    void boundsMayBeOpenOrExclusive() {
        assertThat(matches("{\"type\":\"integer\",\"minimum\":18}", "1000000")).isTrue();
        assertThat(matches("{\"type\":\"integer\",\"minimum\":18}", "17")).isFalse();
        assertThat(matches("{\"type\":\"integer\",\"maximum\":-3}", "-40")).isTrue();
        assertThat(matches("{\"type\":\"integer\",\"maximum\":-3}", "-2")).isFalse();
        assertThat(
                        matches(
                                "{\"type\":\"integer\",\"exclusiveMinimum\":1,\"exclusiveMaximum\":3}",
                                "2"))
                .isTrue();
        assertThat(
                        matches(
                                "{\"type\":\"integer\",\"exclusiveMinimum\":1,\"exclusiveMaximum\":3}",
                                "3"))
                .isFalse();
        assertThat(matches("{\"type\":\"number\",\"minimum\":0,\"maximum\":1}", "0.25")).isTrue();
        assertThat(matches("{\"type\":\"number\",\"minimum\":0,\"maximum\":1}", "1")).isTrue();
        assertThat(matches("{\"type\":\"number\",\"minimum\":0,\"maximum\":1}", "1.5")).isFalse();
        assertThat(matches("{\"type\":\"number\",\"minimum\":0,\"maximum\":1}", "-0.5")).isFalse();
        assertThat(matches("{\"type\":\"number\",\"minimum\":-2}", "-1.5")).isTrue();
        assertThat(matches("{\"type\":\"number\",\"minimum\":-2}", "-2.5")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"minimum\":-3,\"maximum\":120},\"b\":{\"enum\":[\"x\",\"y\"]},\"c\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"maxLength\":4},\"minItems\":1,\"maxItems\":3},\"d\":{\"type\":[\"number\",\"null\"]}},\"required\":[\"b\",\"c\"]}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"},\"ab\":{\"type\":\"boolean\"}},\"additionalProperties\":{\"type\":\"integer\"}}",
                "{\"$ref\":\"#/$defs/t\",\"$defs\":{\"t\":{\"type\":\"object\",\"properties\":{\"v\":{\"anyOf\":[{\"type\":\"integer\"},{\"$ref\":\"#/$defs/t\"}]},\"w\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/t\"}}},\"required\":[\"v\"]}}}",
                "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"pattern\":\"^(a|b)[0-9]{2}[^x-z]?$\"}}",
                "{\"type\":\"array\",\"prefixItems\":[{\"type\":\"number\",\"minimum\":-7,\"maximum\":33},{\"format\":\"uuid\",\"type\":\"string\"}]}",
                "{\"allOf\":[{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]},{\"properties\":{\"b\":{\"const\":null}}}]}",
                "{}"
            })
    void whatTheGrammarWritesFollowsTheSchema(String schema) {
        Gbnf grammar = JsonRules.grammar(Raw.of(schema));
        SchemaCheck check = new SchemaCheck(Json.parse(schema));
        long seed = Splits.seed();
        for (int i = 0; i < 300; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            String document = GbnfWriter.write(grammar, random);
            assertThat(GbnfMatcher.matches(grammar, document)).as(document).isTrue();
            assertThat(follows(check, document)).as("seed %s: %s", seed + i, document).isTrue();
            String broken = broken(document, random);
            if (GbnfMatcher.matches(grammar, broken)) {
                assertThat(follows(check, broken)).as("seed %s: %s", seed + i, broken).isTrue();
            }
        }
    }

    /** A grammar cannot keep a name from coming twice, so that is no fault here. */
    private static boolean follows(SchemaCheck check, String document) {
        try {
            return check.follows(Json.parse(document));
        } catch (AssertionError error) {
            if (String.valueOf(error.getMessage()).contains("Duplicate")) {
                return true;
            }
            throw error;
        }
    }

    private static String broken(String document, SplittableRandom random) {
        int at = random.nextInt(document.length());
        return switch (random.nextInt(3)) {
            case 0 -> document.substring(0, at) + document.substring(at + 1);
            case 1 ->
                    document.substring(0, at)
                            + "1\",{".charAt(random.nextInt(4))
                            + document.substring(at);
            default ->
                    document.substring(0, at)
                            + document.substring(at, at + 1)
                            + document.substring(at);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "false|nothing follows",
                "{\"type\":\"text\"}|unknown type `text`",
                "{\"$ref\":\"#/$defs/none\"}|leads nowhere",
                "{\"$ref\":\"https://example.com/s\"}|leads out of it",
                "{\"$ref\":\"#\"}|begins with itself",
                "{\"anyOf\":[{\"$ref\":\"#\"}]}|begins with itself",
                "{\"enum\":[]}|is empty",
                "{\"type\":\"integer\",\"minimum\":3,\"maximum\":2}|more than `maximum`",
                "{\"type\":\"array\",\"minItems\":3,\"maxItems\":2}|more than `maxItems`",
                "{\"type\":\"string\",\"minLength\":3,\"maxLength\":2}|more than `maxLength`",
                "{\"properties\":[]}|an array where an object",
                "[]|an array where an object",
            })
    void schemasThatNothingCanFollowAreRefused(String schema, String problem) {
        assertThatThrownBy(() -> JsonRules.grammar(Raw.of(schema)))
                .isInstanceOf(GrammarException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void wordsThatCannotBeSaidAreListed() {
        Rules rules = new Rules();
        JsonRules.of(
                Raw.of(
                        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"(?=x)y\"},\"b\":{\"type\":\"string\",\"format\":\"email\"},\"c\":{\"type\":\"integer\",\"multipleOf\":5},\"d\":{\"type\":\"string\",\"maxLength\":100000}},\"minProperties\":1}"),
                rules);
        assertThat(rules.ignored())
                .containsExactlyInAnyOrder(
                        "pattern", "format", "multipleOf", "maxLength", "minProperties");
    }

    @Test
    void largeSchemasBecomeGrammarsOfTheirSize() {
        StringBuilder schema = new StringBuilder("{\"type\":\"object\",\"properties\":{");
        for (int i = 0; i < 400; i++) {
            schema.append(i == 0 ? "" : ",")
                    .append("\"p")
                    .append(i)
                    .append("\":{\"type\":\"string\"}");
        }
        Gbnf grammar = JsonRules.grammar(Raw.of(schema.append("}}").toString()));
        assertThat(grammar.text().length()).isLessThan(200_000);
        assertThat(GbnfMatcher.matches(grammar, "{\"p3\":\"a\",\"p399\":\"b\"}")).isTrue();
        assertThat(GbnfMatcher.matches(grammar, "{\"p399\":\"a\",\"p3\":\"b\"}")).isFalse();
    }

    @Test
    void anyTextUpToAMarkerIsTextThatDoesNotHoldTheMarker() {
        Rules rules = new Rules();
        Gbnf grammar = rules.build(rules.until("aabab") + " \"!\"");
        long seed = Splits.seed();
        for (int i = 0; i < 2000; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append("abc".charAt(random.nextInt(3)));
            }
            String whole = text + "aabab!";
            assertThat(GbnfMatcher.matches(grammar, whole))
                    .as("seed %s: %s", seed + i, whole)
                    .isEqualTo(whole.indexOf("aabab") == whole.length() - 6);
        }
    }
}

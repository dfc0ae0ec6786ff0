package dev.sluice.llama.template;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sluice.core.json.Raw;
import dev.sluice.testkit.Splits;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

class TemplateRandomTest {
    private static final String[] BITS = {
        "{{",
        "}}",
        "{%",
        "%}",
        "{%-",
        "-%}",
        "{#",
        "#}",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "|",
        ".",
        ",",
        ":",
        "=",
        "==",
        "+",
        "-",
        "*",
        "//",
        "~",
        "'",
        "\"",
        "\\",
        " if ",
        " for ",
        " in ",
        " not ",
        " is ",
        " and ",
        "else",
        "endif",
        "endfor",
        "set ",
        "macro ",
        "endmacro",
        "loop",
        "messages",
        "message",
        "content",
        "0",
        "1.5",
        "-1",
        "none",
        "true",
        "length",
        "tojson",
        "trim",
        "join",
        "defined",
        "string",
        "\n",
        " ",
        "\0",
        "🌍",
        "ü"
    };

    @ParameterizedTest
    @ValueSource(strings = {"qwen3", "gpt-oss", "mistral-nemo", "command-r", "hermes", "smollm3"})
    void whateverATemplateSaysItGivesTextOrAnErrorWithAPlace(String family) {
        String source = FamilyTemplatesTest.resource(family + ".jinja");
        List<Value> conversations =
                new ArrayList<>(
                        FamilyTemplatesTest.members(
                                        Value.of(
                                                Raw.of(
                                                        FamilyTemplatesTest.resource(
                                                                "conversations.json"))))
                                .values());
        Limits limits = new Limits(1 << 20, 1_000_000, 40);
        long seed = Splits.seed();
        for (int i = 0; i < 400; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            String broken = source;
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                broken = broken(broken, random);
            }
            Map<String, Value> variables =
                    FamilyTemplatesTest.members(
                            conversations.get(random.nextInt(conversations.size())));
            String template = broken;
            assertThatCode(() -> render(template, variables, limits))
                    .as("seed %s", seed + i)
                    .doesNotThrowAnyException();
        }
    }

    private static void render(String template, Map<String, Value> variables, Limits limits) {
        try {
            Template.of(template).render(variables, InstantSource.system(), limits);
        } catch (TemplateException error) {
            if (error.line() < 1 || error.column() < 1) {
                throw error;
            }
        }
    }

    private static String broken(String source, SplittableRandom random) {
        int at = random.nextInt(source.length());
        int end = Math.min(source.length(), at + random.nextInt(0, 12));
        return source.substring(0, at)
                + BITS[random.nextInt(BITS.length)]
                + source.substring(random.nextBoolean() ? at : end);
    }
}

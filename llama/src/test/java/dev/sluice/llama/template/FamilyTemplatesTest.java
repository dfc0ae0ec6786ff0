package dev.sluice.llama.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.json.Raw;
import dev.sluice.testkit.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;

class FamilyTemplatesTest {
    private static final InstantSource CLOCK =
            InstantSource.fixed(
                    LocalDateTime.of(2025, 7, 15, 10, 30, 5)
                            .atZone(ZoneId.systemDefault())
                            .toInstant());

    static String resource(String name) {
        try (InputStream in = FamilyTemplatesTest.class.getResourceAsStream("/templates/" + name)) {
            return new String(
                    Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, Value> members(Value value) {
        return ((Value.Members) value).values();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chatml",
                "command-r",
                "deepseek-r1",
                "deepseek-r1-distill",
                "gemma",
                "gpt-oss",
                "granite",
                "hermes",
                "llama-3",
                "mistral-nemo",
                "mixtral",
                "phi-3.5",
                "phi-4-mini",
                "qwen2.5",
                "qwen3",
                "qwen3.6",
                "smollm2",
                "smollm3",
                "zephyr"
            })
    void writesWhatPythonWrites(String family) {
        Template template = Template.of(resource(family + ".jinja"));
        JsonNode expected = Json.parse(resource("expected/" + family + ".json"));
        members(Value.of(Raw.of(resource("conversations.json"))))
                .forEach(
                        (name, variables) ->
                                compare(template, members(variables), expected.get(name), name));
    }

    private static void compare(
            Template template, Map<String, Value> variables, JsonNode expected, String name) {
        if (expected.has("text")) {
            assertThat(template.render(variables, CLOCK, Limits.DEFAULT))
                    .as(name)
                    .isEqualTo(expected.get("text").asString());
            return;
        }
        assertThatThrownBy(() -> template.render(variables, CLOCK, Limits.DEFAULT))
                .as(name)
                .isInstanceOfSatisfying(
                        TemplateException.class,
                        error -> {
                            assertThat(error.raised()).as(name).isEqualTo(expected.has("raised"));
                            assertThat(error.line()).as(name).isPositive();
                            if (expected.has("raised")) {
                                assertThat(error.problem())
                                        .isEqualTo(expected.get("raised").asString());
                            }
                        });
    }

    @Test
    void linesMayEndInAnyWay() {
        String source = resource("qwen3.jinja");
        Map<String, Value> all = members(Value.of(Raw.of(resource("conversations.json"))));
        Map<String, Value> variables = members(Objects.requireNonNull(all.get("call")));
        assertThat(Template.of(source.replace("\n", "\r\n")).render(variables))
                .isEqualTo(Template.of(source).render(variables));
    }
}

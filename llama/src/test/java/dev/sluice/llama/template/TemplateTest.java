package dev.sluice.llama.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.testkit.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;

class TemplateTest {
    private static final InstantSource CLOCK =
            InstantSource.fixed(
                    LocalDateTime.of(2025, 7, 15, 10, 30, 5)
                            .atZone(ZoneId.systemDefault())
                            .toInstant());

    private static String render(String template) {
        return Template.of(template).render(Map.of(), CLOCK, Limits.DEFAULT);
    }

    @Test
    void snippetsGiveWhatPythonGives() {
        JsonNode snippets = Json.parse(FamilyTemplatesTest.resource("snippets.json"));
        assertThat(snippets.size()).isGreaterThan(30);
        for (JsonNode snippet : snippets) {
            String template = snippet.get("template").asString();
            assertThat(render(template)).as(template).isEqualTo(snippet.get("text").asString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '¤',
            value = {
                "a\\n  {{ 1 + }}§2§10§expected a value, found `}}`",
                "{% if x %}a§1§4§`if` has no `endif`",
                "{% endif %}§1§1§`endif` without its beginning",
                "{% for x in y %}{% endif %}§1§20§expected `endfor`, found `endif`",
                "{{ 'a }}§1§4§the string has no end",
                "{{ a | nofilter }}§1§8§no filter is called `nofilter`",
                "{{ a is notest }}§1§9§no test is called `notest`",
                "{% include 'x' %}§1§4§the tag `include` is not supported",
                "{% break %}§1§4§`break` outside of a loop",
                "{# a§1§1§the comment has no end",
                "{{ a§1§1§the tag has no end",
                "{{ ? }}§1§4§unexpected character `?`",
                "{{ f(a=1, 2) }}§1§11§an argument without a name behind one with a name",
                "{% for x in y recursive %}{% endfor %}§1§15§a recursive loop is not supported",
            })
    void malformedTemplatesAreRefusedWithTheirPlace(
            String template, int line, int column, String problem) {
        assertThatThrownBy(() -> Template.of(template.replace("\\n", "\n")))
                .isInstanceOfSatisfying(
                        TemplateException.class,
                        error -> {
                            assertThat(error.problem()).isEqualTo(problem);
                            assertThat(error.line()).isEqualTo(line);
                            assertThat(error.column()).isEqualTo(column);
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '¤',
            value = {
                "{{ x.y }}§1§6§`x` is not defined, so it has no `y`",
                "a\\n\\n{{ 'a' + 1 }}§3§8§`+` does not fit a string and a whole number",
                "{{ 1 < 'a' }}§1§6§cannot compare a whole number with a string",
                "{{ f(1) }}§1§5§cannot call `f`, which is not defined",
                "{% for x in 1 %}{% endfor %}§1§13§cannot go through a whole number",
                "{% set x.y = 1 %}§1§8§`x` is no namespace",
                "{{ 1 // 0 }}§1§6§division by zero",
                "{{ [].append(1) }}§1§13§a list cannot be changed",
                "{{ x | tojson }}§1§8§cannot write `x`, which is not defined as JSON",
                "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}§1§10§expected at most 1 arguments,"
                        + " found 2",
                "{{ 9223372036854775807 + 1 }}§1§24§a whole number of more than 64 bits",
            })
    void whatCannotBeRenderedIsToldWithItsPlace(
            String template, int line, int column, String problem) {
        Template parsed = Template.of(template.replace("\\n", "\n"));
        assertThatThrownBy(() -> parsed.render(Map.of()))
                .isInstanceOfSatisfying(
                        TemplateException.class,
                        error -> {
                            assertThat(error.problem()).isEqualTo(problem);
                            assertThat(error.line()).isEqualTo(line);
                            assertThat(error.column()).isEqualTo(column);
                            assertThat(error.raised()).isFalse();
                        });
    }

    @Test
    void theTemplateItselfMayRefuse() {
        assertThatThrownBy(() -> render("{{ raise_exception('not ' ~ 'so') }}"))
                .isInstanceOfSatisfying(
                        TemplateException.class,
                        error -> {
                            assertThat(error.raised()).isTrue();
                            assertThat(error.problem()).isEqualTo("not so");
                            assertThat(error).hasMessage("line 1, column 19: not so");
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 'x' * 100000000000 }}",
                "{% set ns = namespace(t='x') %}{% for i in range(64) %}{% set ns.t = ns.t ~ ns.t"
                        + " %}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = ns.l + ns.l"
                        + " %}{% endfor %}",
                "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
                "{{ range(1000000000000) }}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
                "{{ ('x' * 60000).replace('x', 'y' * 60000) }}",
                "{{ ['x' * 60000] * 2 }}",
                "{% for i in range(99999) %}{{ 'x' * 9999 }}{% endfor %}",
                "{% set d = {} %}{{ 'a'.join(('x ' * 60000).split()).replace('', 'x' * 60000) }}",
            })
    void whateverATemplateDoesItEnds(String template) {
        Limits limits = new Limits(1 << 20, 3_000_000, 50);
        Template parsed = Template.of(template);
        assertThatThrownBy(() -> parsed.render(Map.of(), CLOCK, limits))
                .isInstanceOf(TemplateException.class);
    }

    @Test
    void nestingIsLimited() {
        assertThatThrownBy(
                        () -> Template.of("{{ " + "(".repeat(5000) + "a" + ")".repeat(5000) + "}}"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("nests deeper than");
        assertThatThrownBy(() -> Template.of("{% if a %}".repeat(5000)))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("nests deeper than");
        assertThatThrownBy(() -> Template.of("{{ " + "not ".repeat(5000) + "a }}"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("nests deeper than");
    }

    @Test
    void variablesAreNeverChanged() {
        Map<String, Value> variables = new LinkedHashMap<>(Map.of("a", Value.of(1)));
        assertThat(Template.of("{% set a = 2 %}{% set b = 3 %}{{ a }}{{ b }}").render(variables))
                .isEqualTo("23");
        assertThat(variables).containsOnlyKeys("a").containsValue(Value.of(1));
    }

    @Test
    void oneTemplateRendersManyTimesAtOnce() {
        Template template =
                Template.of(
                        "{% set ns = namespace(n=0) %}{% for i in range(x) %}{% set ns.n = ns.n + i"
                                + " %}{% endfor %}{{ ns.n }}");
        assertThat(
                        java.util.stream.IntStream.range(0, 500)
                                .parallel()
                                .mapToObj(i -> template.render(Map.of("x", Value.of(i))))
                                .toList())
                .isEqualTo(
                        java.util.stream.IntStream.range(0, 500)
                                .mapToObj(i -> String.valueOf(i * (i - 1) / 2))
                                .toList());
    }

    @Test
    void tellsWhichNamesItMentions() {
        assertThat(Template.of("{{ messages }}{{ tools is defined }}").mentions("tools")).isTrue();
        assertThat(Template.of("{{ messages }}").mentions("tools")).isFalse();
        assertThat(Template.of("{{ message['reasoning_content'] }}").mentions("reasoning_content"))
                .isTrue();
    }
}

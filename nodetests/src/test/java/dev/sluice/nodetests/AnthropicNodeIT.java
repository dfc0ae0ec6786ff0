package dev.sluice.nodetests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.TestGateway;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

/** The official npm client of Anthropic before the simulated model and upstreams of others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnthropicNodeIT {
    private static final String SCRIPT = "anthropic.mjs";

    private final Served served = new Served();

    @AfterAll
    void close() {
        served.close();
    }

    private static String ask(String model) {
        return "{\"model\":\""
                + model
                + "\",\"max_tokens\":4000,\"messages\":[{\"role\":\"user\",\"content\":\"What is 3"
                + " + 4?\"}],"
                + "\"tools\":[{\"name\":\"add\",\"input_schema\":{\"type\":\"object\",\"properties\":"
                + "{\"a\":{\"type\":\"number\"},\"b\":{\"type\":\"number\"}},\"required\":[\"a\",\"b\"]}}]}";
    }

    private JsonNode play(String scene, String script) {
        return Node.play(SCRIPT, scene, served.uri(), ask("simulated/" + script));
    }

    private JsonNode fail(String scene, String script) {
        return Node.fail(SCRIPT, scene, served.uri(), ask("simulated/" + script + "-i0-t0"));
    }

    @Test
    void hearsEveryTokenAndTheCounts() {
        JsonNode heard = play("stream", "count-n50-i0-t0");
        assertThat(heard.path("text").stringValue()).startsWith("1").contains("50");
        assertThat(heard.path("pieces").asInt()).isGreaterThan(10);
        assertThat(heard.path("reason").stringValue()).isEqualTo("end_turn");
        assertThat(heard.at("/usage/output_tokens").asInt()).isEqualTo(50);
        assertThat(play("whole", "count-n50-i0-t0").path("text")).isEqualTo(heard.path("text"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool", "parallel-tools", "thinking-tool"})
    @Tag("R34")
    @Tag("R37")
    @Tag("R46")
    void goesThroughALoopOfTools(String script) {
        JsonNode rounds = play("loop", script + "-i0-t0");
        assertThat(rounds.size()).isEqualTo(2);
        JsonNode calls = rounds.path(0).path("calls");
        assertThat(calls.size()).isEqualTo(script.equals("parallel-tools") ? 2 : 1);
        calls.forEach(call -> assertThat(call.path("input").isObject()).isTrue());
        assertThat(rounds.path(0).path("reason").stringValue()).isEqualTo("tool_use");
        assertThat(rounds.path(1).path("text").stringValue()).isNotEmpty();
    }

    @Test
    @Tag("R49")
    void hearsThinkingBesideTheText() {
        JsonNode heard = play("stream", "thinking-i0-t0");
        String thinking = heard.path("thinking").stringValue();
        assertThat(thinking).isNotEmpty();
        assertThat(heard.path("text").stringValue()).isNotEmpty().doesNotContain(thinking);
    }

    @Test
    @Tag("R39")
    void hearsWhyTheMessageEnds() {
        assertThat(play("stream", "max-tokens-i0-t0").path("reason").stringValue())
                .isEqualTo("max_tokens");
        assertThat(play("stream", "refusal-i0-t0").path("reason").stringValue())
                .isEqualTo("refusal");
    }

    @Test
    @Tag("R50")
    @Tag("R52")
    @Tag("R55")
    @Tag("R56")
    void failsInEveryWay() {
        assertThat(fail("stream", "error").path("status").asInt()).isEqualTo(429);
        assertThat(fail("whole", "error-overloaded").path("status").asInt()).isEqualTo(529);
        for (String script : new String[] {"error-midway", "cut", "disconnect"}) {
            assertThat(fail("stream", script).path("message").stringValue())
                    .as(script)
                    .isNotEmpty();
            assertThat(fail("whole", script).path("status").asInt()).as(script).isGreaterThan(499);
        }
        assertThat(fail("stream", "nonsense").path("status").asInt()).isEqualTo(404);
    }

    @Test
    void cancelsTheModelWhenTheClientAborts() throws InterruptedException {
        served.forget();
        assertThat(play("abort", "n100000-i5-t0").path("name").stringValue())
                .isEqualTo("APIUserAbortError");
        assertThat(served.outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    @Tag("R33")
    void listsAndShowsModelsAndCounts() {
        JsonNode told = Node.play(SCRIPT, "models", served.uri(), "{}");
        assertThat(told.path("names").toString()).contains("simulated/text");
        assertThat(told.path("shown").stringValue()).isEqualTo("simulated/text");
        String counted =
                "{\"model\":\"simulated/text\",\"messages\":[{\"role\":\"user\",\"content\":\"How"
                        + " many?\"}]}";
        assertThat(Node.play(SCRIPT, "count", served.uri(), counted).asInt()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "04", "05"})
    void hearsTheSameStoryFromEveryUpstream(String story) throws Exception {
        JsonNode first = null;
        for (String dialect :
                new String[] {"anthropic", "openai-chat", "openai-responses", "gemini", "ollama"}) {
            Golden golden = Goldens.one(dialect, story);
            try (FakeUpstream upstream = FakeUpstream.start();
                    TestGateway between = Served.before(dialect, upstream).start()) {
                upstream.otherwise(Script.stream(Splits.sized(golden.bytes(), 31)));
                JsonNode heard = Node.play(SCRIPT, "stream", between.uri(), ask("gpt-5-mini"));
                first = first == null ? heard : first;
                assertThat(heard.path("text")).as(dialect).isEqualTo(first.path("text"));
                assertThat(heard.path("reason")).as(dialect).isEqualTo(first.path("reason"));
                assertThat(heard.at("/calls/0/input"))
                        .as(dialect)
                        .isEqualTo(first.at("/calls/0/input"));
            }
        }
    }
}

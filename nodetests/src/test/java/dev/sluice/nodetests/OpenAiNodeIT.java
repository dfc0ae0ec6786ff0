package dev.sluice.nodetests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.TestGateway;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;

/** The official npm client of OpenAI, which speaks Chat Completions and Responses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiNodeIT {
    private static final String SCRIPT = "openai.mjs";
    private static final String SCHEMA =
            "\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"number\"},"
                    + "\"b\":{\"type\":\"number\"}},\"required\":[\"a\",\"b\"]}";

    /** The client's two ways to ask. */
    enum Way {
        CHAT("Chat", "stop", "length"),
        RESPONSES("Response", "completed", "incomplete");

        final String scene;
        final String whole;
        final String cut;

        Way(String scene, String whole, String cut) {
            this.scene = scene;
            this.whole = whole;
            this.cut = cut;
        }

        String ask(String model) {
            return this == CHAT
                    ? "{\"model\":\""
                            + model
                            + "\",\"messages\":[{\"role\":\"user\",\"content\":\"What is 3 +"
                            + " 4?\"}],"
                            + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"add\","
                            + SCHEMA
                            + "}}]}"
                    : "{\"model\":\""
                            + model
                            + "\",\"input\":\"What is 3 + 4?\",\"tools\":[{\"type\":\"function\","
                            + "\"name\":\"add\",\"strict\":false,"
                            + SCHEMA
                            + "}]}";
        }

        String reason(JsonNode heard) {
            return heard.path(this == CHAT ? "reason" : "status").stringValue();
        }

        int output(JsonNode heard) {
            return heard.at(this == CHAT ? "/usage/completion_tokens" : "/usage/output_tokens")
                    .asInt();
        }
    }

    private final Served served = new Served();

    @AfterAll
    void close() {
        served.close();
    }

    private JsonNode play(String verb, Way way, String script) {
        return Node.play(SCRIPT, verb + way.scene, served.uri(), way.ask("simulated/" + script));
    }

    private JsonNode fail(String verb, Way way, String script) {
        return Node.fail(
                SCRIPT, verb + way.scene, served.uri(), way.ask("simulated/" + script + "-i0-t0"));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void hearsEveryTokenAndTheCounts(Way way) {
        JsonNode heard = play("stream", way, "count-n50-i0-t0");
        assertThat(heard.path("text").stringValue()).startsWith("1").contains("50");
        assertThat(heard.path("pieces").asInt()).isGreaterThan(10);
        assertThat(way.reason(heard)).isEqualTo(way.whole);
        assertThat(way.output(heard)).isEqualTo(50);
        JsonNode whole = play("whole", way, "count-n50-i0-t0");
        assertThat(whole.path("text")).isEqualTo(heard.path("text"));
        assertThat(way.output(whole)).isEqualTo(50);
    }

    @ParameterizedTest
    @CsvSource({
        "CHAT, tool, 1",
        "CHAT, parallel-tools, 2",
        "RESPONSES, tool, 1",
        "RESPONSES, parallel-tools, 2",
        "RESPONSES, thinking-tool, 1"
    })
    @Tag("R34")
    @Tag("R37")
    void goesThroughALoopOfTools(Way way, String script, int calls) {
        JsonNode rounds = play("loop", way, script + "-i0-t0");
        assertThat(rounds.size()).isEqualTo(2);
        assertThat(rounds.path(0).path("calls").size()).isEqualTo(calls);
        rounds.path(0)
                .path("calls")
                .forEach(
                        call ->
                                assertThat(Json.parse(call.path("json").stringValue()).isObject())
                                        .isTrue());
        assertThat(rounds.path(1).path("text").stringValue()).isNotEmpty();
    }

    @Test
    @Tag("R49")
    void hearsThinkingBesideTheText() {
        JsonNode heard = play("stream", Way.RESPONSES, "thinking-i0-t0");
        String thinking = heard.path("thinking").stringValue();
        assertThat(thinking).isNotEmpty();
        assertThat(heard.path("text").stringValue()).isNotEmpty().doesNotContain(thinking);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Tag("R39")
    void hearsThatTheLimitWasMet(Way way) {
        assertThat(way.reason(play("whole", way, "max-tokens-i0-t0"))).isEqualTo(way.cut);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Tag("R50")
    @Tag("R52")
    @Tag("R55")
    @Tag("R56")
    void failsInEveryWay(Way way) {
        assertThat(fail("stream", way, "error").path("status").asInt()).isEqualTo(429);
        assertThat(fail("whole", way, "error-overloaded").path("status").asInt()).isEqualTo(503);
        for (String script : new String[] {"error-midway", "cut", "disconnect"}) {
            assertThat(failureWithin(way, script)).as(script).isNotEmpty();
            assertThat(fail("whole", way, script).path("status").asInt())
                    .as(script)
                    .isGreaterThan(499);
        }
        assertThat(fail("stream", way, "nonsense").path("status").asInt()).isEqualTo(404);
    }

    /** A response that has failed is one all the same to this client: it throws nothing. */
    private String failureWithin(Way way, String script) {
        if (way == Way.CHAT) {
            return fail("stream", way, script).path("message").stringValue();
        }
        JsonNode heard = play("stream", way, script + "-i0-t0");
        assertThat(way.reason(heard)).isEqualTo("failed");
        return heard.at("/error/message").stringValue();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void cancelsTheModelWhenTheClientAborts(Way way) throws InterruptedException {
        served.forget();
        assertThat(play("abort", way, "n100000-i5-t0").path("pieces").asInt())
                .as("what had come is still told")
                .isBetween(3, 1000);
        assertThat(served.outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void listsAndShowsModels() {
        JsonNode told = Node.play(SCRIPT, "models", served.uri(), "{}");
        assertThat(told.path("names").toString()).contains("simulated/text");
        assertThat(told.path("shown").stringValue()).isEqualTo("simulated/text");
    }

    @ParameterizedTest
    @CsvSource({"CHAT, 01", "CHAT, 02", "CHAT, 03", "CHAT, 05", "RESPONSES, 01", "RESPONSES, 02"})
    void hearsTheSameStoryFromEveryUpstream(Way way, String story) throws Exception {
        JsonNode first = null;
        for (String dialect :
                new String[] {"openai-chat", "openai-responses", "anthropic", "gemini", "ollama"}) {
            Golden golden = Goldens.one(dialect, story);
            try (FakeUpstream upstream = FakeUpstream.start();
                    TestGateway between = Served.before(dialect, upstream).start()) {
                upstream.otherwise(Script.stream(Splits.sized(golden.bytes(), 31)));
                JsonNode heard =
                        Node.play(
                                SCRIPT, "stream" + way.scene, between.uri(), way.ask("gpt-5-mini"));
                first = first == null ? heard : first;
                assertThat(heard.path("text")).as(dialect).isEqualTo(first.path("text"));
                assertThat(way.reason(heard)).as(dialect).isEqualTo(way.reason(first));
                assertThat(firstCall(heard)).as(dialect).isEqualTo(firstCall(first));
            }
        }
    }

    private static JsonNode firstCall(JsonNode heard) {
        String json = heard.at("/calls/0/json").stringValue("null");
        return Json.parse(json);
    }
}

package dev.sluice.nodetests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.TestGateway;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.time.Duration;

/** The official npm client of Gemini before the simulated model and before upstreams of others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GeminiNodeIT {
    private static final String SCRIPT = "gemini.mjs";

    private final Served served = new Served();

    @AfterAll
    void close() {
        served.close();
    }

    private static String ask(String model) {
        return "{\"model\":\""
                + model
                + "\",\"contents\":\"What is 3 +"
                + " 4?\",\"config\":{\"tools\":[{\"functionDeclarations\":"
                + "[{\"name\":\"add\",\"description\":\"Adds.\",\"parametersJsonSchema\":{\"type\":\"object\","
                + "\"properties\":{\"a\":{\"type\":\"number\"},\"b\":{\"type\":\"number\"}},"
                + "\"required\":[\"a\",\"b\"]}}]}]}}";
    }

    private JsonNode play(String scene, String json) {
        return Node.play(SCRIPT, scene, served.uri(), json);
    }

    private JsonNode fail(String scene, String script) {
        return Node.fail(SCRIPT, scene, served.uri(), ask("simulated/" + script + "-i0-t0"));
    }

    @Test
    void hearsEveryTokenAndTheCounts() {
        JsonNode heard = play("stream", ask("simulated/count-n50-i0-t0"));
        assertThat(heard.path("text").stringValue()).startsWith("1").contains("50");
        assertThat(heard.path("pieces").asInt()).isGreaterThan(10);
        assertThat(heard.path("reason").stringValue()).isEqualTo("STOP");
        assertThat(heard.at("/usage/candidatesTokenCount").asInt()).isEqualTo(50);
        assertThat(heard.at("/usage/promptTokenCount").asInt()).isPositive();
        JsonNode whole = play("whole", ask("simulated/count-n50-i0-t0"));
        assertThat(whole.path("text")).isEqualTo(heard.path("text"));
        assertThat(whole.path("usage")).isEqualTo(heard.path("usage"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool", "parallel-tools", "thinking-tool"})
    @Tag("R34")
    @Tag("R37")
    @Tag("R43")
    void goesThroughALoopOfTools(String script) {
        JsonNode rounds = play("loop", ask("simulated/" + script + "-i0-t0"));
        assertThat(rounds.size()).isEqualTo(2);
        JsonNode calls = rounds.path(0).path("calls");
        assertThat(calls.size()).isEqualTo(script.equals("parallel-tools") ? 2 : 1);
        calls.forEach(call -> assertThat(call.path("args").isObject()).isTrue());
        assertThat(rounds.path(0).path("reason").stringValue()).isEqualTo("STOP");
        assertThat(rounds.path(1).path("text").stringValue()).isNotEmpty();
    }

    @Test
    @Tag("R49")
    void hearsThinkingBesideTheText() {
        JsonNode heard = play("stream", ask("simulated/thinking-i0-t0"));
        String thinking = heard.path("thinking").stringValue();
        assertThat(thinking).isNotEmpty();
        assertThat(heard.path("text").stringValue()).isNotEmpty().doesNotContain(thinking);
    }

    @Test
    @Tag("R39")
    void hearsWhyTheMessageEnds() {
        assertThat(play("stream", ask("simulated/max-tokens-i0-t0")).path("reason").stringValue())
                .isEqualTo("MAX_TOKENS");
        assertThat(play("stream", ask("simulated/refusal-i0-t0")).path("reason").stringValue())
                .isEqualTo("SAFETY");
    }

    @Test
    void keepsAConversation() {
        JsonNode told =
                play(
                        "chat",
                        "{\"model\":\"simulated/echo-i0-t0\",\"messages\":[\"„Grüße“"
                                + " 🎉\",\"two\"]}");
        assertThat(told.at("/heard/0/text").stringValue()).contains("„Grüße“ 🎉");
        assertThat(told.at("/heard/1/text").stringValue()).contains("two");
        assertThat(told.path("kept").asInt()).isGreaterThanOrEqualTo(4);
    }

    @Test
    @Tag("R50")
    @Tag("R52")
    @Tag("R55")
    @Tag("R56")
    void failsInEveryWay() {
        JsonNode limited = fail("stream", "error");
        assertThat(limited.path("name").stringValue()).isEqualTo("ApiError");
        assertThat(limited.path("status").asInt()).isEqualTo(429);
        assertThat(fail("whole", "error-overloaded").path("status").asInt()).isEqualTo(503);
        for (String script : new String[] {"error-midway", "cut", "disconnect"}) {
            JsonNode error = fail("stream", script);
            assertThat(error.path("name").stringValue()).as(script).isEqualTo("ApiError");
            assertThat(error.path("status").asInt()).as(script).isGreaterThan(499);
            assertThat(fail("whole", script).path("status").asInt()).isGreaterThan(499);
        }
        assertThat(fail("stream", "nonsense").path("status").asInt()).isEqualTo(404);
    }

    @Test
    void cancelsTheModelWhenTheClientAborts() throws InterruptedException {
        served.forget();
        assertThat(play("abort", ask("simulated/n100000-i5-t0")).path("name").stringValue())
                .isEqualTo("AbortError");
        assertThat(served.outcome()).isEqualTo(Outcome.CANCELLED);
    }

    @Test
    @Tag("R33")
    void listsAndShowsModelsAndCounts() {
        JsonNode told = play("models", "{}");
        assertThat(told.path("names").toString()).contains("models/simulated/text");
        assertThat(told.path("shown").stringValue()).isEqualTo("models/simulated/text");
        assertThat(
                        play("count", "{\"model\":\"simulated/text\",\"contents\":\"How many?\"}")
                                .asInt())
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "03", "04", "05"})
    @Tag("R43")
    void hearsTheSameStoryFromEveryUpstream(String story) throws Exception {
        JsonNode first = null;
        for (String dialect :
                new String[] {"gemini", "openai-chat", "openai-responses", "anthropic", "ollama"}) {
            Golden golden = Goldens.one(dialect, story);
            try (FakeUpstream upstream = FakeUpstream.start();
                    TestGateway between = Served.before(dialect, upstream).start()) {
                upstream.otherwise(Script.stream(Splits.sized(golden.bytes(), 31)));
                JsonNode heard = Node.play(SCRIPT, "stream", between.uri(), ask("gpt-5-mini"));
                first = first == null ? heard : first;
                assertThat(heard.path("text")).as(dialect).isEqualTo(first.path("text"));
                assertThat(heard.path("thinking")).as(dialect).isEqualTo(first.path("thinking"));
                assertThat(heard.path("reason")).as(dialect).isEqualTo(first.path("reason"));
                assertThat(heard.at("/calls/0/args"))
                        .as(dialect)
                        .isEqualTo(first.at("/calls/0/args"));
            }
        }
    }

    @Test
    @Tag("R8")
    void bearsASilentUpstream() throws Exception {
        ChatEvents chat = ChatEvents.of("chatcmpl-1", "gpt-5-mini");
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway between =
                        Served.before("openai-chat", upstream)
                                .config(c -> c.toBuilder().keepalive(Duration.ofMillis(20)).build())
                                .start()) {
            upstream.otherwise(
                    Script.stream()
                            .send(chat.role())
                            .send(chat.text("one"))
                            .pause(Duration.ofMillis(200))
                            .send(chat.text(" two"))
                            .send(chat.end("stop")));
            JsonNode heard = Node.play(SCRIPT, "stream", between.uri(), ask("gpt-5-mini"));
            assertThat(heard.path("text").stringValue()).isEqualTo("one two");
        }
    }
}

package dev.sluice.nodetests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.Gateway;
import dev.sluice.gateway.SluicePlan;
import dev.sluice.gateway.TestGateway;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;
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

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The official npm client of Ollama before the simulated model and before upstreams of others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OllamaNodeIT {
    private static final String SCRIPT = "ollama.mjs";

    private final Records records = new Records();
    private final Config config = Config.defaults().withPort(0).toBuilder().workers(1).build();
    private final SluicePlan plan = SluicePlan.of(config);
    private final Gateway gateway = Gateway.start(config, plan, records);
    private final URI simulated = URI.create("http://127.0.0.1:" + gateway.port());

    private static final class Records implements ExchangeListener {
        final BlockingQueue<ExchangeRecord> ended = new LinkedBlockingQueue<>();

        @Override
        public void onStarted() {}

        @Override
        public void onEnded(ExchangeRecord record) {
            ended.add(record);
        }
    }

    @AfterAll
    void close() {
        gateway.close();
        plan.close();
    }

    private static String chat(String model) {
        return "{\"model\":\""
                + model
                + "\",\"messages\":[{\"role\":\"user\",\"content\":\"What is 3 + 4?\"}],"
                + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"add\","
                + "\"description\":\"Adds.\",\"parameters\":{\"type\":\"object\",\"properties\":"
                + "{\"a\":{\"type\":\"number\"},\"b\":{\"type\":\"number\"}},"
                + "\"required\":[\"a\",\"b\"]}}}]}";
    }

    private JsonNode play(String scene, String json) {
        return Node.play(SCRIPT, scene, simulated, json);
    }

    private JsonNode fail(String scene, String model) {
        return Node.fail(SCRIPT, scene, simulated, chat("simulated/" + model + "-i0-t0"));
    }

    @Test
    void hearsEveryTokenAndTheCounts() {
        JsonNode heard = play("chat", chat("simulated/count-n50-i0-t0"));
        assertThat(heard.path("text").stringValue()).startsWith("1").contains("50");
        assertThat(heard.path("parts").asInt()).isGreaterThan(10);
        JsonNode last = heard.path("last");
        assertThat(last.path("done").asBoolean()).isTrue();
        assertThat(last.path("done_reason").stringValue()).isEqualTo("stop");
        assertThat(last.path("eval_count").asInt()).isEqualTo(50);
        assertThat(last.path("prompt_eval_count").asInt()).isPositive();
        assertThat(last.path("total_duration").asLong())
                .isGreaterThanOrEqualTo(last.path("eval_duration").asLong())
                .isPositive();
    }

    @Test
    void hearsTheSameUnstreamed() {
        JsonNode streamed = play("chat", chat("simulated/count-n50-i0-t0"));
        JsonNode whole = play("wholeChat", chat("simulated/count-n50-i0-t0"));
        assertThat(whole.path("text")).isEqualTo(streamed.path("text"));
        assertThat(whole.path("last").path("eval_count"))
                .isEqualTo(streamed.path("last").path("eval_count"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"generate", "wholeGenerate"})
    void completesAPrompt(String scene) {
        JsonNode heard =
                play(
                        scene,
                        """
                        {"model":"simulated/echo-i0-t0","prompt":"„Grüße“ 🎉","system":"Be brief.",
                         "options":{"temperature":0}}
                        """);
        assertThat(heard.path("text").stringValue()).contains("„Grüße“ 🎉");
        assertThat(heard.path("last").path("done_reason").stringValue()).isEqualTo("stop");
    }

    @Test
    void loadsAndUnloadsAModel() {
        String model = "\"model\":\"simulated/text\"";
        assertThat(play("wholeGenerate", "{" + model + ",\"prompt\":\"\"}").at("/last/done_reason"))
                .hasToString("\"load\"");
        assertThat(
                        play("chat", "{" + model + ",\"messages\":[],\"keep_alive\":0}")
                                .at("/last/done_reason"))
                .hasToString("\"unload\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool", "parallel-tools", "thinking-tool"})
    @Tag("R34")
    @Tag("R37")
    void goesThroughALoopOfTools(String script) {
        JsonNode rounds = play("loop", chat("simulated/" + script + "-i0-t0"));
        assertThat(rounds.size()).isEqualTo(2);
        JsonNode calls = rounds.path(0).path("calls");
        assertThat(calls.size()).isEqualTo(script.equals("parallel-tools") ? 2 : 1);
        for (JsonNode call : calls) {
            assertThat(call.at("/function/arguments").isObject()).isTrue();
        }
        assertThat(rounds.path(1).path("text").stringValue()).isNotEmpty();
    }

    @Test
    @Tag("R49")
    void hearsThinkingBesideTheText() {
        JsonNode heard =
                play(
                        "chat",
                        chat("simulated/thinking-i0-t0").replaceFirst("\\{", "{\"think\":true,"));
        String thinking = heard.path("thinking").stringValue();
        assertThat(thinking).isNotEmpty();
        assertThat(heard.path("text").stringValue()).isNotEmpty().doesNotContain(thinking);
    }

    @Test
    @Tag("R39")
    void hearsThatTheLimitWasMet() {
        for (String script : new String[] {"max-tokens", "max-tokens-inside-tool"}) {
            JsonNode heard = play("chat", chat("simulated/" + script + "-i0-t0"));
            assertThat(heard.at("/last/done_reason")).hasToString("\"length\"");
        }
    }

    @Test
    @Tag("R50")
    @Tag("R52")
    @Tag("R55")
    @Tag("R56")
    void failsInEveryWay() {
        JsonNode limited = fail("chat", "error");
        assertThat(limited.path("name").stringValue()).isEqualTo("ResponseError");
        assertThat(limited.path("status").asInt()).isEqualTo(429);
        assertThat(fail("wholeChat", "error-overloaded").path("status").asInt()).isEqualTo(503);
        for (String script : new String[] {"error-midway", "cut", "disconnect"}) {
            assertThat(fail("chat", script).path("message").stringValue())
                    .as(script)
                    .isNotEmpty()
                    .isNotEqualTo("Did not receive done or success response in stream.");
            assertThat(fail("wholeChat", script).path("status").asInt()).isGreaterThan(499);
        }
        JsonNode unknown = fail("chat", "nonsense");
        assertThat(unknown.path("status").asInt()).isEqualTo(404);
        assertThat(unknown.path("message").stringValue()).contains("not found");
    }

    @Test
    void cancelsTheModelWhenTheClientAborts() throws InterruptedException {
        records.ended.clear();
        JsonNode told = play("abort", chat("simulated/n100000-i5-t0"));
        assertThat(told.path("name").stringValue()).isEqualTo("AbortError");
        assertThat(records.ended.poll(10, TimeUnit.SECONDS))
                .extracting(ExchangeRecord::outcome)
                .isEqualTo(Outcome.CANCELLED);
    }

    @Test
    void listsAndShowsModels() {
        JsonNode told = play("models", "{}");
        assertThat(told.path("names").toString()).contains("simulated/text");
        assertThat(told.at("/shown/capabilities").toString()).contains("completion", "tools");
        assertThat(told.path("version").stringValue()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(told.path("loaded").isArray()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "03", "04", "05"})
    void hearsTheSameStoryFromEveryUpstream(String story) throws Exception {
        JsonNode first = null;
        for (String dialect : new String[] {"ollama", "openai-chat", "anthropic"}) {
            Golden golden = Goldens.one(dialect, story);
            try (FakeUpstream upstream = FakeUpstream.start();
                    TestGateway between = before(dialect, upstream).start()) {
                upstream.otherwise(Script.stream(Splits.sized(golden.bytes(), 31)));
                JsonNode heard = Node.play(SCRIPT, "chat", between.uri(), chat("gpt-5-mini"));
                first = first == null ? heard : first;
                assertThat(heard.path("text")).as(dialect).isEqualTo(first.path("text"));
                assertThat(heard.path("thinking")).as(dialect).isEqualTo(first.path("thinking"));
                assertThat(heard.at("/last/done_reason"))
                        .as(dialect)
                        .isEqualTo(first.at("/last/done_reason"));
                assertThat(heard.at("/calls/0/function/arguments"))
                        .as(dialect)
                        .isEqualTo(first.at("/calls/0/function/arguments"));
            }
        }
    }

    private static TestGateway.Setup before(String dialect, FakeUpstream upstream) {
        return switch (dialect) {
            case "openai-chat" -> TestGateway.setup().openai(upstream.uri());
            case "anthropic" -> TestGateway.setup().anthropic(upstream.uri());
            default -> TestGateway.setup().upstream(dialect, "ollama", upstream.uri());
        };
    }

    @Test
    @Tag("R8")
    void bearsASilentUpstream() throws Exception {
        ChatEvents chat = ChatEvents.of("chatcmpl-1", "gpt-5-mini");
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway between =
                        TestGateway.setup()
                                .config(c -> c.toBuilder().keepalive(Duration.ofMillis(20)).build())
                                .openai(upstream.uri())
                                .start()) {
            upstream.otherwise(
                    Script.stream()
                            .send(chat.role())
                            .send(chat.text("one"))
                            .pause(Duration.ofMillis(200))
                            .send(chat.text(" two"))
                            .send(chat.end("stop")));
            JsonNode heard = Node.play(SCRIPT, "chat", between.uri(), chat("gpt-5-mini"));
            assertThat(heard.path("text").stringValue()).isEqualTo("one two");
        }
    }
}

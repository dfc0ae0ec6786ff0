package dev.sluice.nodetests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.Gateway;
import dev.sluice.gateway.SluicePlan;
import dev.sluice.gateway.TestGateway;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
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

/**
 * The official npm client of Amazon Bedrock, over HTTP/2 as it speaks by itself and over HTTP/1.1,
 * before a gateway that asks for its key.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BedrockNodeIT {
    private static final String SCRIPT = "bedrock.mjs";
    private static final String KEY = "sk-client-key-0123456789";
    private static final String H2 = "{\"key\":\"" + KEY + "\"}";
    private static final String HTTP1 = "{\"key\":\"" + KEY + "\",\"http1\":true}";

    private final Records records = new Records();
    private final Config config =
            Config.defaults().withPort(0).withKey("alice", Secret.of(KEY)).toBuilder()
                    .workers(1)
                    .build();
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

    private static String ask(String options, String model) {
        return """
        {"options":%s,"request":{"modelId":%s,
         "messages":[{"role":"user","content":[{"text":"What is 3 + 4?"}]}],
         "toolConfig":{"tools":[{"toolSpec":{"name":"add","description":"Adds.","inputSchema":
           {"json":{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"number"}},
            "required":["a","b"]}}}}]}}}
        """
                .formatted(options, Json.quote(model));
    }

    private JsonNode play(String scene, String options, String script) {
        return Node.play(SCRIPT, scene, simulated, ask(options, "simulated/" + script + "-i0-t0"));
    }

    private JsonNode fail(String scene, String options, String script) {
        return Node.fail(SCRIPT, scene, simulated, ask(options, "simulated/" + script + "-i0-t0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {H2, HTTP1})
    void hearsEveryTokenAndTheCounts(String options) {
        JsonNode heard = play("stream", options, "count-n50");
        assertThat(heard.path("text").stringValue()).startsWith("1").contains("50");
        assertThat(heard.path("parts").asInt()).isGreaterThan(50);
        assertThat(heard.path("stop").stringValue()).isEqualTo("end_turn");
        assertThat(heard.at("/usage/outputTokens").asInt()).isEqualTo(50);
        JsonNode whole = play("whole", options, "count-n50");
        assertThat(whole.path("text")).isEqualTo(heard.path("text"));
        assertThat(whole.path("usage")).isEqualTo(heard.path("usage"));
        assertThat(play("count", options, "text").path("inputTokens").asInt()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool", "parallel-tools", "thinking-tool"})
    @Tag("R34")
    @Tag("R37")
    void goesThroughALoopOfTools(String script) {
        JsonNode rounds = play("loop", H2, script);
        assertThat(rounds.size()).isEqualTo(2);
        assertThat(rounds.at("/0/stop").stringValue()).isEqualTo("tool_use");
        for (JsonNode call : rounds.at("/0/calls")) {
            assertThat(call.path("input").isObject()).isTrue();
        }
        assertThat(rounds.at("/1/text").stringValue()).isNotEmpty();
    }

    @Test
    @Tag("R46")
    @Tag("R49")
    void hearsThinkingWithItsSealBesideTheText() {
        JsonNode heard = play("stream", H2, "thinking");
        assertThat(heard.path("thinking").stringValue()).isNotEmpty();
        assertThat(heard.path("signature").stringValue()).isNotEmpty();
        assertThat(heard.path("text").stringValue()).isNotEmpty();
    }

    @Test
    @Tag("R50")
    @Tag("R52")
    @Tag("R55")
    @Tag("R56")
    void failsInEveryWay() {
        for (String options : new String[] {H2, HTTP1}) {
            JsonNode limited = fail("stream", options, "error");
            assertThat(limited.path("name").stringValue()).isEqualTo("ThrottlingException");
            assertThat(limited.path("status").asInt()).isEqualTo(429);
            for (String script : new String[] {"error-midway", "cut", "disconnect"}) {
                assertThat(fail("stream", options, script).path("name").stringValue())
                        .as(script)
                        .isEqualTo(
                                script.equals("error-midway")
                                        ? "ServiceUnavailableException"
                                        : "ModelStreamErrorException");
            }
            assertThat(fail("whole", options, "nonsense").path("name").stringValue())
                    .isEqualTo("ResourceNotFoundException");
        }
    }

    @Test
    void isKnownByItsSignatureAlone() {
        String other = "{\"key\":\"" + KEY + "\",\"secret\":\"other\"}";
        JsonNode forged = fail("whole", other, "text");
        assertThat(forged.path("name").stringValue()).isEqualTo("InvalidSignatureException");
        assertThat(forged.path("status").asInt()).isEqualTo(403);
        assertThat(fail("stream", "{\"key\":\"nobody\"}", "text").path("name").stringValue())
                .isEqualTo("UnrecognizedClientException");
    }

    @Test
    @Tag("R16")
    void cancelsTheModelWhenTheClientAborts() throws InterruptedException {
        records.ended.clear();
        String endless = ask(H2, "simulated/n100000-i5-t0");
        assertThat(Node.play(SCRIPT, "abort", simulated, endless).path("parts").asInt())
                .isEqualTo(3);
        assertThat(records.ended.poll(10, TimeUnit.SECONDS))
                .extracting(ExchangeRecord::outcome)
                .isEqualTo(Outcome.CANCELLED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "03", "04", "05"})
    void hearsTheSameStoryFromEveryUpstream(String story) throws Exception {
        JsonNode first = null;
        for (String dialect : new String[] {"bedrock", "openai-chat", "anthropic"}) {
            Golden golden = Goldens.one(dialect, story);
            try (FakeUpstream upstream = FakeUpstream.start();
                    TestGateway between = before(dialect, upstream).start()) {
                String type =
                        dialect.equals("bedrock")
                                ? "application/vnd.amazon.eventstream"
                                : "text/event-stream";
                upstream.otherwise(
                        Script.status(200)
                                .header("content-type", type)
                                .send(Splits.sized(golden.bytes(), 31)));
                JsonNode heard = Node.play(SCRIPT, "stream", between.uri(), ask("{}", "claude-x"));
                first = first == null ? heard : first;
                assertThat(heard.path("text")).as(dialect).isEqualTo(first.path("text"));
                assertThat(heard.path("stop")).as(dialect).isEqualTo(first.path("stop"));
                assertThat(heard.at("/calls/0/input"))
                        .as(dialect)
                        .isEqualTo(first.at("/calls/0/input"));
            }
        }
    }

    private static TestGateway.Setup before(String dialect, FakeUpstream upstream) {
        return switch (dialect) {
            case "openai-chat" -> TestGateway.setup().openai(upstream.uri());
            case "anthropic" -> TestGateway.setup().anthropic(upstream.uri());
            default -> TestGateway.setup().upstream(dialect, dialect, upstream.uri());
        };
    }

    /** What shows that the gateway is alive is skipped by a client that does not know it. */
    @Test
    @Tag("R59")
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
            JsonNode heard = Node.play(SCRIPT, "stream", between.uri(), ask("{}", "gpt-5-mini"));
            assertThat(heard.path("text").stringValue()).isEqualTo("one two");
        }
    }
}

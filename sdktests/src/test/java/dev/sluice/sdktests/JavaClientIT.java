package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.client.HttpAdapter;
import dev.sluice.client.Prompt;
import dev.sluice.client.Sluice;
import dev.sluice.client.SluiceClient;
import dev.sluice.client.SluiceException;
import dev.sluice.client.StreamConfig;
import dev.sluice.client.Token;
import dev.sluice.client.TokenStream;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.StopReason;
import dev.sluice.gateway.Gateway;
import dev.sluice.gateway.SluicePlan;
import dev.sluice.gateway.TestGateway;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;

/** Our own Java library through a real gateway, in every dialect that it speaks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaClientIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String CHAT = "sluice/";
    private static final String MESSAGES = "messages/";
    private static final String RESPONSES = "responses/";
    private static final String BEDROCK = "bedrock/";
    private static final String OLLAMA = "ollama/";
    private static final String GEMINI = "gemini/";

    /** The buffers on the way are full sooner so. */
    private static final String LARGE = " ".repeat(2000);

    private static final StreamConfig ONCE = StreamConfig.builder().retries(0).build();

    private final Config config = Config.defaults().withPort(0).toBuilder().workers(1).build();
    private final SluicePlan plan = SluicePlan.of(config);
    private final Gateway gateway = Gateway.start(config, plan, new Deaf());
    private final SluiceClient client = client(URI.create("http://127.0.0.1:" + gateway.port()));

    private static final class Deaf implements ExchangeListener {
        @Override
        public void onStarted() {}

        @Override
        public void onEnded(ExchangeRecord record) {}
    }

    private static SluiceClient client(URI origin) {
        return Sluice.builder()
                .environment(Map.of())
                .baseUrl("sluice", URI.create(origin + "/v1"))
                .baseUrl("bedrock", origin)
                .baseUrl("ollama", origin)
                .baseUrl("gemini", URI.create(origin + "/v1beta"))
                .adapter(HttpAdapter.builder("messages", "anthropic", origin).build())
                .adapter(
                        HttpAdapter.builder(
                                        "responses", "openai-responses", URI.create(origin + "/v1"))
                                .build())
                .config(ONCE)
                .build();
    }

    @AfterAll
    void close() {
        client.close();
        gateway.close();
        plan.close();
    }

    private TokenStream ask(String dialect, String script) {
        return client.stream(dialect + "simulated/" + script + "-i0-t0", "Tell me something.");
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, MESSAGES, RESPONSES, BEDROCK, OLLAMA, GEMINI})
    void hearsEachTokenOnceAndInOrder(String dialect) {
        try (TokenStream stream = ask(dialect, "count-n200")) {
            StringBuilder heard = new StringBuilder();
            for (Token token : stream) {
                heard.append(token);
            }
            assertThat(heard.toString().strip().split("\\s+")).hasSize(200).endsWith("199", "200.");
            assertThat(stream.stopReason()).contains(StopReason.END_TURN);
            assertThat(stream.usage().output()).isPositive();
            assertThat(stream.usage().estimated()).isFalse();
            assertThat(stream.metrics().tokens()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, MESSAGES, RESPONSES, BEDROCK, OLLAMA, GEMINI})
    void goesThroughALoopOfTools(String dialect) {
        Prompt prompt =
                Prompt.of("How is the weather in Cologne?")
                        .tool("get_weather", "The weather of a city.", "{\"type\":\"object\"}");
        String model = dialect + "simulated/tool-i0-t0";
        try (TokenStream asked = client.stream(model, prompt)) {
            assertThat(asked.toolCalls()).hasSize(1);
            assertThat(asked.stopReason()).contains(StopReason.TOOL_USE);
            prompt.answer(asked.finalMessage());
            for (AnswerBlock call : asked.toolCalls()) {
                prompt.toolResult(call.id(), "canary-4711");
            }
        }
        try (TokenStream answered = client.stream(model, prompt)) {
            assertThat(answered.text()).contains("canary-4711");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, MESSAGES, RESPONSES, BEDROCK, OLLAMA, GEMINI})
    @Tag("R50")
    void hearsThatAStreamWasCutAndKeepsWhatCame(String dialect) {
        for (String script : new String[] {"cut", "disconnect", "error-midway"}) {
            try (TokenStream stream = ask(dialect, script)) {
                SluiceException failure = catchThrowableOfType(SluiceException.class, stream::text);
                assertThat(failure.partialText()).as(script).isNotEmpty();
                assertThat(failure.usage().output()).as(script).isPositive();
                assertThat(stream.stopReason()).as(script).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, MESSAGES})
    void tellsOneKindOfFailureFromAnother(String dialect) {
        try (TokenStream limited = ask(dialect, "error");
                TokenStream busy = ask(dialect, "error-overloaded");
                TokenStream tooLong = ask(dialect, "error-context");
                TokenStream unknown = client.stream(dialect + "nobody/nothing", "Hi.")) {
            assertThat(catchThrowableOfType(SluiceException.RateLimit.class, limited::text))
                    .extracting(SluiceException::retryAfter)
                    .isNotNull();
            assertThatThrownBy(busy::text).isInstanceOf(SluiceException.Generation.class);
            assertThatThrownBy(tooLong::text).isInstanceOf(SluiceException.BadRequest.class);
            assertThatThrownBy(unknown::text).isInstanceOf(SluiceException.BadRequest.class);
        }
    }

    private static Script endless() {
        ChatEvents chat = ChatEvents.of("chatcmpl-n", "gpt-5-mini");
        return Script.stream()
                .send(chat.role())
                .endless(Duration.ZERO, i -> chat.text("t" + i + LARGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {CHAT, MESSAGES})
    @Tag("R16")
    @Tag("R24")
    void holdsAFastModelBackThroughTheGatewayAndLetsItGoAtOnce(String dialect) {
        try (FakeUpstream upstream =
                        FakeUpstream.start()
                                .sendBuffer(16 << 10)
                                .on("/v1/chat/completions", endless());
                TestGateway between = TestGateway.setup().openai(upstream.uri()).start();
                SluiceClient own = client(between.uri());
                TokenStream stream = own.stream(dialect + "gpt-5-mini", "Count for ever.")) {
            Iterator<Token> tokens = stream.iterator();
            tokens.next();
            UpstreamRequest request = upstream.request();
            long held = request.awaitStandstill(Duration.ofMillis(300), Duration.ofSeconds(30));
            assertThat(held).isLessThan(16 << 20);
            for (long i = 1; i < 1000; i++) {
                assertThat(tokens.next().text()).isEqualTo("t" + i + LARGE);
            }
            long left = System.nanoTime();
            stream.cancel();
            // The requirement is 100 ms; the rest is for a machine that is busy with other builds.
            assertThat(request.awaitPeerClose(SOON).millisSince(left)).isLessThan(100 + 1900);
            assertThat(between.nextRecord().outcome()).isEqualTo(Outcome.CANCELLED);
            Eventually.within(SOON, () -> between.inFlight() == 0);
        }
    }

    @Test
    void thinksAloud() {
        try (TokenStream stream = ask(MESSAGES, "thinking")) {
            assertThat(stream.finalMessage().blocks()).hasSizeGreaterThan(1);
            assertThat(stream.text()).isNotEmpty();
        }
    }
}

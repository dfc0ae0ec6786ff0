package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OllamaStreamValidator;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Every golden stream of each dialect through a real gateway to clients of all dialects. */
class GoldenPairsIT {
    static final String CHAT =
            """
            {"model":"gpt-5-mini","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}\
            """;
    static final String MESSAGES =
            """
            {"model":"claude-sonnet-4-5","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"hi"}]}\
            """;

    private static Stream<Golden> goldens() {
        return Arrays.stream(Tongue.values()).flatMap(t -> Goldens.of(t.dialect()).stream());
    }

    private static Tongue spoken(Golden golden) {
        return Arrays.stream(Tongue.values())
                .filter(tongue -> tongue.dialect().equals(golden.dialect()))
                .findFirst()
                .orElseThrow();
    }

    static Stream<Arguments> all() {
        return goldens()
                .flatMap(
                        golden ->
                                Arrays.stream(Tongue.values())
                                        .map(client -> Arguments.of(golden, client)));
    }

    @ParameterizedTest(name = "{0} for {1}")
    @MethodSource("all")
    @Tag("R40")
    @Tag("R15")
    void reachesTheClientInItsDialect(Golden golden, Tongue client) throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start()) {
            upstream.otherwise(Script.stream(Splits.sized(golden.bytes(), 31)));
            TestGateway.Setup setup = TestGateway.setup();
            if (golden.isSloppy()) {
                setup.upstream("openai-chat", "vllm", URI.create(upstream.uri() + "/v1"));
            } else {
                spoken(golden).upstream(setup, upstream.uri());
            }
            try (TestGateway gateway = setup.start();
                    RawClient raw = RawClient.connect(gateway.port())) {
                FoldedAnswer answer = client.judge(raw.exchange(client.request()).body());
                assertThat(answer.isComplete()).isEqualTo(!golden.endsInError());
                ExchangeRecord record = gateway.nextRecord();
                assertThat(record.outcome())
                        .isEqualTo(golden.endsInError() ? Outcome.FAILED : Outcome.COMPLETE);
                assertThat(gateway.inFlight()).isZero();
            }
        }
    }

    static Stream<Golden> fitForStrictClients() {
        return goldens().filter(golden -> !golden.isSloppy());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fitForStrictClients")
    void isTheSameRelayedAndTranslated(Golden golden) throws Exception {
        FoldedAnswer relayed = through(golden, true);
        FoldedAnswer translated = through(golden, false);
        assertThat(translated.isComplete()).isEqualTo(relayed.isComplete());
        assertThat(translated.text()).isEqualTo(relayed.text());
        assertThat(translated.thinking()).isEqualTo(relayed.thinking());
        assertThat(translated.signatures()).isEqualTo(relayed.signatures());
        assertThat(translated.redacted()).isEqualTo(relayed.redacted());
        assertThat(translated.refusal()).isEqualTo(relayed.refusal());
        assertThat(translated.toolCalls()).isEqualTo(relayed.toolCalls());
        assertThat(translated.stopReason()).isEqualTo(relayed.stopReason());
        assertThat(translated.stopSequence()).isEqualTo(relayed.stopSequence());
        assertThat(translated.error().isPresent()).isEqualTo(relayed.error().isPresent());
        for (String counter :
                List.of(
                        "prompt_tokens",
                        "completion_tokens",
                        "total_tokens",
                        "input_tokens",
                        "output_tokens",
                        "cache_read_input_tokens",
                        "prompt_eval_count",
                        "eval_count")) {
            assertThat(translated.usage().map(usage -> usage.path(counter).asLong(0)))
                    .as(counter)
                    .isEqualTo(relayed.usage().map(usage -> usage.path(counter).asLong(0)));
        }
    }

    private static FoldedAnswer through(Golden golden, boolean relay) throws Exception {
        Tongue tongue = spoken(golden);
        try (FakeUpstream upstream = FakeUpstream.start()) {
            upstream.otherwise(Script.stream(Splits.sized(golden.bytes(), 257)));
            URI base = tongue == Tongue.CHAT ? URI.create(upstream.uri() + "/v1") : upstream.uri();
            TestGateway.Setup setup = TestGateway.setup();
            if (relay) {
                tongue.upstream(setup, upstream.uri());
            } else {
                setup.upstream(golden.dialect(), "compatible", base);
            }
            try (TestGateway gateway = setup.start();
                    RawClient raw = RawClient.connect(gateway.port())) {
                byte[] body = raw.exchange(tongue.request()).body();
                assertThat(gateway.nextRecord().relayed()).isEqualTo(relay);
                return switch (tongue) {
                    case CHAT -> OpenAiChatStreamValidator.lenient().validate(body);
                    case MESSAGES -> AnthropicStreamValidator.lenient().validate(body);
                    case OLLAMA -> OllamaStreamValidator.lenient().validate(body);
                };
            }
        }
    }
}

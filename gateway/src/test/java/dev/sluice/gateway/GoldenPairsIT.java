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
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/** Every golden stream of each dialect through a real gateway to clients of both dialects. */
class GoldenPairsIT {
    static final String CHAT =
            """
            {"model":"gpt-5-mini","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}\
            """;
    static final String MESSAGES =
            """
            {"model":"claude-sonnet-4-5","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"hi"}]}\
            """;

    static Stream<Arguments> all() {
        return Stream.of(Goldens.openAiChat(), Goldens.anthropic())
                .flatMap(List::stream)
                .flatMap(
                        golden ->
                                Stream.of(
                                        Arguments.of(golden, "openai-chat"),
                                        Arguments.of(golden, "anthropic")));
    }

    @ParameterizedTest(name = "{0} for {1}")
    @MethodSource("all")
    @Tag("R40")
    @Tag("R15")
    void reachesTheClientInItsDialect(Golden golden, String client) throws Exception {
        boolean fromChat = golden.dialect().equals("openai-chat");
        boolean sloppy = golden.name().contains("compat");
        try (FakeUpstream upstream = FakeUpstream.start()) {
            upstream.otherwise(Script.stream(Splits.sized(golden.bytes(), 31)));
            TestGateway.Setup setup = TestGateway.setup();
            if (fromChat) {
                setup.upstream(
                        "openai-chat",
                        sloppy ? "vllm" : "openai",
                        URI.create(upstream.uri() + "/v1"));
            } else {
                setup.anthropic(upstream.uri());
            }
            try (TestGateway gateway = setup.start();
                    RawClient raw = RawClient.connect(gateway.port())) {
                boolean chat = client.equals("openai-chat");
                byte[] body =
                        raw.post(
                                        chat ? "/v1/chat/completions" : "/v1/messages",
                                        chat ? CHAT : MESSAGES)
                                .body();
                boolean error = golden.name().contains("error");
                FoldedAnswer answer =
                        chat
                                ? OpenAiChatStreamValidator.expectingUsage().validate(body)
                                : AnthropicStreamValidator.strict().validate(body);
                assertThat(answer.isComplete()).isEqualTo(!error);
                ExchangeRecord record = gateway.nextRecord();
                assertThat(record.outcome()).isEqualTo(error ? Outcome.FAILED : Outcome.COMPLETE);
                assertThat(gateway.inFlight()).isZero();
            }
        }
    }

    static Stream<Golden> fitForStrictClients() {
        return Stream.of(Goldens.openAiChat(), Goldens.anthropic())
                .flatMap(List::stream)
                .filter(golden -> !golden.name().contains("compat"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fitForStrictClients")
    void isTheSameRelayedAndTranslated(Golden golden) throws Exception {
        FoldedAnswer relayed =
                through(
                        golden,
                        golden.dialect().equals("anthropic") ? "anthropic" : "openai",
                        true);
        FoldedAnswer translated = through(golden, "compatible", false);
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
                        "cache_read_input_tokens")) {
            assertThat(translated.usage().map(usage -> usage.path(counter).asLong()))
                    .as(counter)
                    .isEqualTo(relayed.usage().map(usage -> usage.path(counter).asLong()));
        }
    }

    private static FoldedAnswer through(Golden golden, String server, boolean relay)
            throws Exception {
        boolean chat = golden.dialect().equals("openai-chat");
        try (FakeUpstream upstream = FakeUpstream.start()) {
            upstream.otherwise(Script.stream(Splits.sized(golden.bytes(), 257)));
            URI base = chat ? URI.create(upstream.uri() + "/v1") : upstream.uri();
            try (TestGateway gateway =
                            TestGateway.setup().upstream(golden.dialect(), server, base).start();
                    RawClient raw = RawClient.connect(gateway.port())) {
                byte[] body =
                        raw.post(
                                        chat ? "/v1/chat/completions" : "/v1/messages",
                                        chat ? CHAT : MESSAGES)
                                .body();
                assertThat(gateway.nextRecord().relayed()).isEqualTo(relay);
                return chat
                        ? OpenAiChatStreamValidator.lenient().validate(body)
                        : AnthropicStreamValidator.lenient().validate(body);
            }
        }
    }
}

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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every golden stream of each dialect through a real gateway to clients of both dialects. */
class GoldenPairsIT {
    static final String CHAT =
            """
            {"model":"gpt-5-mini","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}""";
    static final String MESSAGES =
            """
            {"model":"claude-sonnet-4-5","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"hi"}]}""";

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
                        java.net.URI.create(upstream.uri() + "/v1"));
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
                assertThat(record.outcome())
                        .isEqualTo(error ? Outcome.FAILED : Outcome.COMPLETE);
                assertThat(gateway.inFlight()).isZero();
            }
        }
    }
}

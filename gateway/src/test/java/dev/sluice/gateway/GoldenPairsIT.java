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
import dev.sluice.testkit.stream.GeminiStreamValidator;
import dev.sluice.testkit.stream.OllamaStreamValidator;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;
import dev.sluice.testkit.stream.OpenAiResponsesStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Every golden stream of each dialect through a real gateway to clients of all dialects. */
class GoldenPairsIT {
    private static final List<String> DIALECTS =
            List.of("openai-chat", "openai-responses", "anthropic", "ollama", "gemini");

    static final String GEMINI = "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}";
    static final String CHAT =
            """
            {"model":"gpt-5-mini","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}\
            """;
    static final String MESSAGES =
            """
            {"model":"claude-sonnet-4-5","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"hi"}]}\
            """;

    static final String RESPONSES =
            """
            {"model":"gpt-5-mini","stream":true,"store":false,"input":"hi"}\
            """;

    private static Stream<Golden> goldens() {
        return DIALECTS.stream().flatMap(dialect -> Goldens.of(dialect).stream());
    }

    static Stream<Arguments> all() {
        return goldens()
                .flatMap(golden -> DIALECTS.stream().map(client -> Arguments.of(golden, client)));
    }

    private static String path(String client) {
        return switch (client) {
            case "openai-chat" -> "/v1/chat/completions";
            case "openai-responses" -> "/v1/responses";
            case "ollama" -> Tongue.OLLAMA.path();
            case "gemini" -> "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
            default -> "/v1/messages";
        };
    }

    private static String ask(String client) {
        return switch (client) {
            case "openai-chat" -> CHAT;
            case "openai-responses" -> RESPONSES;
            case "ollama" -> Tongue.OLLAMA.ask(true);
            case "gemini" -> GEMINI;
            default -> MESSAGES;
        };
    }

    private static FoldedAnswer strictly(String client, byte[] body) {
        return switch (client) {
            case "openai-chat" -> OpenAiChatStreamValidator.expectingUsage().validate(body);
            case "openai-responses" -> OpenAiResponsesStreamValidator.strict().validate(body);
            case "ollama" -> OllamaStreamValidator.strict().validate(body);
            case "gemini" -> GeminiStreamValidator.strict().validate(body);
            default -> AnthropicStreamValidator.strict().validate(body);
        };
    }

    private static FoldedAnswer leniently(String client, byte[] body) {
        return switch (client) {
            case "openai-chat" -> OpenAiChatStreamValidator.lenient().validate(body);
            case "openai-responses" -> OpenAiResponsesStreamValidator.lenient().validate(body);
            case "ollama" -> OllamaStreamValidator.lenient().validate(body);
            case "gemini" -> GeminiStreamValidator.lenient().validate(body);
            default -> AnthropicStreamValidator.lenient().validate(body);
        };
    }

    private static URI base(Golden golden, FakeUpstream upstream) {
        return switch (golden.dialect()) {
            case "openai-chat", "openai-responses" -> URI.create(upstream.uri() + "/v1");
            case "gemini" -> URI.create(upstream.uri() + "/v1beta");
            default -> upstream.uri();
        };
    }

    private static String server(Golden golden) {
        return switch (golden.dialect()) {
            case "anthropic", "ollama" -> golden.dialect();
            case "gemini" -> "google";
            default -> golden.isSloppy() ? "vllm" : "openai";
        };
    }

    @ParameterizedTest(name = "{0} for {1}")
    @MethodSource("all")
    @Tag("R40")
    @Tag("R15")
    void reachesTheClientInItsDialect(Golden golden, String client) throws Exception {
        try (FakeUpstream upstream = FakeUpstream.start()) {
            upstream.otherwise(Script.stream(Splits.sized(golden.bytes(), 31)));
            URI base = base(golden, upstream);
            try (TestGateway gateway =
                            TestGateway.setup()
                                    .upstream(golden.dialect(), server(golden), base)
                                    .start();
                    RawClient raw = RawClient.connect(gateway.port())) {
                byte[] body = raw.post(path(client), ask(client)).body();
                FoldedAnswer answer = strictly(client, withLineFeeds(golden, client, body));
                assertThat(answer.isComplete()).isEqualTo(!golden.endsInError());
                ExchangeRecord record = gateway.nextRecord();
                assertThat(record.outcome())
                        .isEqualTo(golden.endsInError() ? Outcome.FAILED : Outcome.COMPLETE);
                assertThat(gateway.inFlight()).isZero();
            }
        }
    }

    /** The vendor of Gemini ends its lines as Windows does, which goes through as it is. */
    private static byte[] withLineFeeds(Golden golden, String client, byte[] body) {
        boolean relayed = client.equals("gemini") && golden.dialect().equals(client);
        return relayed
                ? new String(body, StandardCharsets.UTF_8)
                        .replace("\r\n", "\n")
                        .getBytes(StandardCharsets.UTF_8)
                : body;
    }

    static Stream<Golden> fitForStrictClients() {
        return goldens().filter(golden -> !golden.isSloppy());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fitForStrictClients")
    void isTheSameRelayedAndTranslated(Golden golden) throws Exception {
        FoldedAnswer relayed = through(golden, server(golden), true);
        FoldedAnswer translated = through(golden, "compatible", false);
        assertThat(translated.isComplete()).isEqualTo(relayed.isComplete());
        assertThat(translated.text()).isEqualTo(relayed.text());
        assertThat(translated.thinking()).isEqualTo(relayed.thinking());
        assertThat(translated.signatures()).isEqualTo(relayed.signatures());
        assertThat(translated.redacted()).isEqualTo(relayed.redacted());
        assertThat(translated.refusal()).isEqualTo(relayed.refusal());
        assertThat(translated.toolCalls()).isEqualTo(relayed.toolCalls());
        if (relayed.isComplete()) {
            // A failure has several forms in one dialect, and no stop reason in some of them.
            assertThat(translated.stopReason()).isEqualTo(relayed.stopReason());
        }
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
                        "eval_count",
                        "promptTokenCount",
                        "candidatesTokenCount",
                        "thoughtsTokenCount",
                        "totalTokenCount")) {
            assertThat(translated.usage().map(usage -> usage.path(counter).asLong(0)))
                    .as(counter)
                    .isEqualTo(relayed.usage().map(usage -> usage.path(counter).asLong(0)));
        }
    }

    private static FoldedAnswer through(Golden golden, String server, boolean relay)
            throws Exception {
        String dialect = golden.dialect();
        try (FakeUpstream upstream = FakeUpstream.start()) {
            upstream.otherwise(Script.stream(Splits.sized(golden.bytes(), 257)));
            URI base = base(golden, upstream);
            try (TestGateway gateway = TestGateway.setup().upstream(dialect, server, base).start();
                    RawClient raw = RawClient.connect(gateway.port())) {
                byte[] body = raw.post(path(dialect), ask(dialect)).body();
                assertThat(gateway.nextRecord().relayed()).isEqualTo(relay);
                return leniently(dialect, body);
            }
        }
    }
}

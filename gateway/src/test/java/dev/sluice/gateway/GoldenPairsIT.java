package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.stream.FoldedAnswer;

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
    private static Stream<Golden> goldens() {
        return Stream.of(Tongue.values())
                .flatMap(
                        tongue ->
                                tongue == Tongue.BEDROCK
                                        ? Goldens.bedrock().stream()
                                        : Goldens.of(tongue.dialect()).stream());
    }

    static Stream<Arguments> all() {
        return goldens()
                .flatMap(
                        golden ->
                                Stream.of(Tongue.values())
                                        .map(client -> Arguments.of(golden, client)));
    }

    private static TestGateway asItsVendor(Golden golden, FakeUpstream upstream) {
        return golden.isSloppy()
                ? TestGateway.setup()
                        .upstream(golden.dialect(), "vllm", URI.create(upstream.uri() + "/v1"))
                        .start()
                : Tongue.of(golden.dialect()).upstream(TestGateway.setup(), upstream.uri()).start();
    }

    /** A server of which nothing is known: its frames are read and written anew. */
    private static TestGateway asAnybody(Golden golden, FakeUpstream upstream) {
        return TestGateway.setup().upstream(golden.dialect(), "compatible", upstream.uri()).start();
    }

    @ParameterizedTest(name = "{0} for {1}")
    @MethodSource("all")
    @Tag("R40")
    @Tag("R15")
    void reachesTheClientInItsDialect(Golden golden, Tongue client) {
        Tongue spoken = Tongue.of(golden.dialect());
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway = asItsVendor(golden, upstream);
                RawClient raw = RawClient.connect(gateway.port())) {
            upstream.otherwise(spoken.head().send(Splits.sized(golden.bytes(), 31)));
            byte[] body = raw.exchange(client.request()).body();
            ExchangeRecord record = gateway.nextRecord();
            FoldedAnswer answer = record.relayed() ? relayed(client, body) : client.judge(body);
            assertThat(answer.isComplete()).isEqualTo(!golden.endsInError());
            assertThat(record.outcome())
                    .isEqualTo(golden.endsInError() ? Outcome.FAILED : Outcome.COMPLETE);
            assertThat(gateway.inFlight()).isZero();
        }
    }

    /** What vendors write goes through as it is, and two of them are not as strict as we are. */
    private static FoldedAnswer relayed(Tongue client, byte[] body) {
        return switch (client) {
            // Ends its lines as Windows does.
            case GEMINI ->
                    client.judge(
                            new String(body, StandardCharsets.UTF_8)
                                    .replace("\r\n", "\n")
                                    .getBytes(StandardCharsets.UTF_8));
            // Sends events that are new, and fields that pad.
            case BEDROCK -> client.fold(body);
            case CHAT, RESPONSES, MESSAGES, OLLAMA -> client.judge(body);
        };
    }

    static Stream<Golden> fitForStrictClients() {
        return goldens().filter(golden -> !golden.isSloppy());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fitForStrictClients")
    void isTheSameRelayedAndTranslated(Golden golden) {
        FoldedAnswer relayed = through(golden, true);
        FoldedAnswer translated = through(golden, false);
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
                        "inputTokens",
                        "outputTokens",
                        "totalTokens",
                        "cacheReadInputTokens",
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

    private static FoldedAnswer through(Golden golden, boolean relay) {
        Tongue spoken = Tongue.of(golden.dialect());
        try (FakeUpstream upstream = FakeUpstream.start();
                TestGateway gateway =
                        relay ? asItsVendor(golden, upstream) : asAnybody(golden, upstream);
                RawClient raw = RawClient.connect(gateway.port())) {
            upstream.otherwise(spoken.head().send(Splits.sized(golden.bytes(), 257)));
            byte[] body = raw.exchange(spoken.request()).body();
            assertThat(gateway.nextRecord().relayed()).isEqualTo(relay);
            return spoken.fold(body);
        }
    }
}

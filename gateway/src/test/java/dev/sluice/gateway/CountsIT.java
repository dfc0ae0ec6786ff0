package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Operation;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** Tokens of a request, counted by an upstream that can, for clients of every dialect that asks. */
@Tag("R33")
class CountsIT {
    private static final String PROMPT = "How many tokens are these?";

    private static Rigs rigs;

    @BeforeAll
    static void start() {
        rigs = Rigs.start();
    }

    @AfterAll
    static void stop() {
        rigs.close();
    }

    @BeforeEach
    void forget() {
        rigs.forget();
    }

    private static boolean counts(Tongue tongue) {
        return tongue != Tongue.CHAT && tongue != Tongue.OLLAMA;
    }

    static Stream<Pair> all() {
        return Pair.all().filter(pair -> counts(pair.client()));
    }

    private static RawRequest question(Tongue client) {
        String ask = client.ask(false, PROMPT);
        return switch (client) {
            case RESPONSES -> RawRequest.post("/v1/responses/input_tokens", ask);
            case MESSAGES -> RawRequest.post("/v1/messages/count_tokens", ask);
            case BEDROCK ->
                    RawRequest.post(
                            client.path(false).replace("/converse", "/count-tokens"),
                            "{\"input\":{\"converse\":" + ask + "}}");
            case GEMINI ->
                    RawRequest.post(
                            client.path(false).replace(":generateContent", ":countTokens"), ask);
            case CHAT, OLLAMA -> throw new IllegalArgumentException(client + " does not count");
        };
    }

    private static String answer(Tongue upstream) {
        return switch (upstream) {
            case RESPONSES -> "{\"object\":\"response.input_tokens\",\"input_tokens\":17}";
            case MESSAGES -> "{\"input_tokens\":17}";
            case BEDROCK -> "{\"inputTokens\":17}";
            case GEMINI -> "{\"totalTokens\":17}";
            case CHAT, OLLAMA -> throw new IllegalArgumentException(upstream + " does not count");
        };
    }

    private static int count(Tongue client, RawResponse response) {
        String member =
                switch (client) {
                    case BEDROCK -> "inputTokens";
                    case GEMINI -> "totalTokens";
                    default -> "input_tokens";
                };
        return response.json().path(member).asInt(-1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void areAskedOfTheUpstreamOrLabelledAGuess(Pair pair) {
        Rig rig = rigs.of(pair.upstream());
        boolean asked = counts(pair.upstream());
        if (asked) {
            rig.upstream().otherwise(Script.json(200, answer(pair.upstream())));
        }
        try (RawClient client = rig.connect()) {
            RawResponse response = client.exchange(question(pair.client()));
            assertThat(response.status()).isEqualTo(200);
            int count = count(pair.client(), response);
            String warnings = response.header("x-gateway-warnings").orElse("");
            if (asked) {
                assertThat(count).isEqualTo(17);
                assertThat(warnings).doesNotContain("estimated");
                assertThat(rig.upstream().request().text()).contains(PROMPT);
            } else {
                assertThat(count).isBetween(1, 50);
                assertThat(warnings).contains("estimated=input_tokens");
                assertThat(rig.upstream().requests()).isEmpty();
            }
            ExchangeRecord record = rig.gateway().nextRecord();
            assertThat(record.operation()).isEqualTo(Operation.COUNT_TOKENS);
            assertThat(record.outcome()).isEqualTo(Outcome.COMPLETE);
        }
    }
}

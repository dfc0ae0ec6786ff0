package dev.sluice.dialect.openaichat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Endpoint;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.failure.FailureException;
import dev.sluice.dialect.DialectContract;
import dev.sluice.dialect.Wire;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** The contract of all dialects, and what this one says of itself. */
class OpenAiChatDialectTest extends DialectContract {
    private final Dialect dialect = new OpenAiChatDialect();

    @Override
    protected Dialect dialect() {
        return dialect;
    }

    @Override
    protected List<Golden> goldens() {
        return Goldens.openAiChat();
    }

    /**
     * Counts of sound and of predictions are not carried: what was not reported is not written as
     * zero.
     */
    @Override
    protected JsonNode comparable(JsonNode expected) {
        JsonNode copy = expected.deepCopy();
        for (String details : List.of("prompt_tokens_details", "completion_tokens_details")) {
            if (copy.path("usage").path(details) instanceof ObjectNode counts) {
                counts.remove(
                        List.of(
                                "audio_tokens",
                                "accepted_prediction_tokens",
                                "rejected_prediction_tokens"));
            }
        }
        return copy;
    }

    @Override
    protected FoldedAnswer validate(byte[] stream) {
        return OpenAiChatStreamValidator.expectingUsage().validate(stream);
    }

    @Override
    protected List<String> requests() {
        return Requests.ALL;
    }

    @Override
    protected String smallestRequest(String more) {
        return "{"
                + more
                + "\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    @Test
    void servesThePathsWithAndWithoutVersion() {
        assertThat(dialect.endpoints())
                .contains(
                        new Endpoint("POST", "/v1/chat/completions", Operation.GENERATE),
                        new Endpoint("POST", "/chat/completions", Operation.GENERATE),
                        new Endpoint("GET", "/v1/models", Operation.LIST_MODELS),
                        new Endpoint("GET", "/models", Operation.LIST_MODELS),
                        new Endpoint("GET", "/v1/models/*", Operation.SHOW_MODEL));
    }

    @Test
    void leavesClientsOfAnthropicAlone() {
        assertThat(dialect.claims(Headers.of("authorization", "Bearer x"))).isTrue();
        assertThat(dialect.claims(Headers.NONE)).isTrue();
        assertThat(dialect.claims(Headers.of("Anthropic-Version", "2023-06-01"))).isFalse();
        assertThat(dialect.claims(Headers.of("x-api-key", "x"))).isFalse();
    }

    @Test
    void carriesTheKeyAsABearerToken() {
        assertThat(dialect.credentials("sk-1").get("Authorization")).contains("Bearer sk-1");
        assertThat(dialect.credentials("").all()).isEmpty();
    }

    @Test
    void knowsThePathsOfAnUpstream() {
        assertThat(dialect.upstreamPath(Operation.GENERATE, Wire.vendor("m")))
                .isEqualTo("/chat/completions");
        assertThat(dialect.upstreamPath(Operation.LIST_MODELS, Wire.vendor("m")))
                .isEqualTo("/models");
        assertThat(dialect.upstreamPath(Operation.SHOW_MODEL, Wire.vendor("org/m x")))
                .isEqualTo("/models/org%2Fm%20x");
    }

    @Test
    void countsNoTokens() {
        Call call = Call.of(smallestRequest("").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThatThrownBy(() -> dialect.decodeCountRequest(call))
                .isInstanceOf(FailureException.class);
        assertThatThrownBy(
                        () ->
                                dialect.encodeCountRequest(
                                        dialect.decodeRequest(call), Wire.vendor("m")))
                .isInstanceOf(FailureException.class);
        assertThat(dialect.decodeCount(new byte[0])).isEmpty();
    }
}

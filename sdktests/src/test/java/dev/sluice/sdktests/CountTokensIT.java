package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Goldens;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.Script;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

/** Anthropic's count of tokens: asked of an upstream that counts, estimated where none does. */
class CountTokensIT {
    private static final String TEXT = "Where is Paris, and how is the weather there today?";

    @Test
    @Tag("R33")
    void isAskedOfAnUpstreamThatCounts() {
        try (Rig rig = Rig.of(Pair.ANTHROPIC_TO_ANTHROPIC, Script.status(500))) {
            rig.upstream()
                    .on(
                            "/v1/messages/count_tokens",
                            Script.json(
                                    200,
                                    Json.utf8(
                                            Goldens.bytes(
                                                    "anthropic/count-tokens.response.json"))));
            AnthropicSdk sdk = (AnthropicSdk) rig.sdk();

            assertThat(sdk.count(TEXT, "claude-sonnet-4-5")).isEqualTo(2095);
            JsonNode arrived = rig.arrived(1);
            assertThat(arrived.path("model").asString()).isEqualTo("claude-sonnet-4-5");
            assertThat(arrived.path("messages").toString()).contains(TEXT);
            assertThat(arrived.has("max_tokens")).isFalse();
        }
    }

    @Test
    @Tag("R33")
    void isEstimatedWhereTheUpstreamDoesNotCount() {
        try (Rig rig = Rig.of(Pair.ANTHROPIC_TO_OPENAI, Script.status(500))) {
            AnthropicSdk sdk = (AnthropicSdk) rig.sdk();

            long few = sdk.count("Hi", "gpt-5-mini");
            long many = sdk.count(TEXT.repeat(100), "gpt-5-mini");
            assertThat(few).isBetween(1L, 50L);
            assertThat(many).isBetween(500L, 3000L);
            assertThat(rig.upstream().requests()).isEmpty();
        }
    }
}

package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;
import dev.sluice.testkit.Json;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;

/** Claude keeps prompts up to the client's cache breakpoints, whoever of two vendors runs it. */
class CachePointsTest {
    private static final String CLAUDE = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
    private static final String OF_ANTHROPIC =
            """
            {"model":"m","max_tokens":9,
             "system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],
             "tools":[{"name":"f","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}],
             "messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},
              {"type":"text","text":"b"}]}]}
            """;
    private static final String OF_BEDROCK =
            """
            {"system":[{"text":"s"},{"cachePoint":{"type":"default","ttl":"1h"}}],
             "toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}},
              {"cachePoint":{"type":"default"}}]},
             "messages":[{"role":"user","content":[{"text":"a"},{"cachePoint":{"type":"default"}},{"text":"b"}]}]}
            """;

    private static Dialect dialect(String name) {
        return Dialects.find(name).orElseThrow();
    }

    private static Call call(String path, String body) {
        return new Call(
                Operation.GENERATE, path, "", Headers.NONE, body.getBytes(StandardCharsets.UTF_8));
    }

    private static EncodedRequest toBedrock(String body, String model) {
        return dialect("bedrock")
                .encodeRequest(
                        dialect("anthropic").decodeRequest(call("", body)), Wire.vendor(model));
    }

    @Test
    void standBehindTheirBlocksForClaudeAtAmazon() {
        EncodedRequest written = toBedrock(OF_ANTHROPIC, CLAUDE);
        JsonNode body = Json.parse(written.body());
        assertThat(body.path("system").toString())
                .isEqualTo(
                        "[{\"text\":\"s\"},{\"cachePoint\":{\"type\":\"default\",\"ttl\":\"1h\"}}]");
        assertThat(body.at("/messages/0/content").toString())
                .isEqualTo(
                        "[{\"text\":\"a\"},{\"cachePoint\":{\"type\":\"default\"}},{\"text\":\"b\"}]");
        assertThat(body.at("/toolConfig/tools/1").toString())
                .isEqualTo("{\"cachePoint\":{\"type\":\"default\"}}");
        assertThat(written.warnings()).isEmpty();
    }

    @Test
    void areLostOnModelsOfWhichNothingIsKnown() {
        EncodedRequest written = toBedrock(OF_ANTHROPIC, "meta.llama3-70b-instruct-v1:0");
        assertThat(written.warnings()).containsExactly("dropped=cache_control");
        assertThat(Json.utf8(written.body())).doesNotContain("cachePoint");
    }

    @Test
    void areLostWithinTheResultOfATool() {
        EncodedRequest written =
                toBedrock(
                        """
                        {"model":"m","max_tokens":9,"tools":[{"name":"f","input_schema":{"type":"object"}}],
                         "messages":[{"role":"user","content":"x"},
                          {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]},
                          {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1",
                            "cache_control":{"type":"ephemeral"},"content":
                            [{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},
                             {"type":"text","text":"b"}]}]}]}
                        """,
                        CLAUDE);
        JsonNode turn = Json.parse(written.body()).at("/messages/2/content");
        assertThat(turn.at("/0/toolResult/content").toString())
                .isEqualTo("[{\"text\":\"a\"},{\"text\":\"b\"}]");
        assertThat(turn.at("/1").toString()).isEqualTo("{\"cachePoint\":{\"type\":\"default\"}}");
        assertThat(written.warnings()).containsExactly("dropped=cache_control");
    }

    @Test
    void standOnTheirBlocksForAnthropic() {
        EncodedRequest written =
                dialect("anthropic")
                        .encodeRequest(
                                dialect("bedrock")
                                        .decodeRequest(call(CLAUDE + "/converse", OF_BEDROCK)),
                                Wire.vendor("claude-sonnet-4-5"));
        JsonNode body = Json.parse(written.body());
        assertThat(body.path("system").toString())
                .isEqualTo(
                        "[{\"type\":\"text\",\"text\":\"s\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}]");
        assertThat(body.at("/messages/0/content").toString())
                .isEqualTo(
                        "[{\"type\":\"text\",\"text\":\"a\",\"cache_control\":{\"type\":\"ephemeral\"}},"
                            + "{\"type\":\"text\",\"text\":\"b\"}]");
        assertThat(body.at("/tools/0/cache_control").toString())
                .isEqualTo("{\"type\":\"ephemeral\"}");
        assertThat(written.warnings()).isEmpty();
    }
}

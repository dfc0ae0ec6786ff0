package dev.sluice.dialect.openairesponses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.request.Request;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.KnownServers;
import dev.sluice.testkit.Json;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;

/**
 * Requests as clients of this dialect write them for others, and clients of others for this one.
 */
class OpenAiResponsesRequestTest {
    private static final Dialect RESPONSES =
            Dialects.find(OpenAiResponsesDialect.NAME).orElseThrow();
    private static final Dialect CHAT = Dialects.find("openai-chat").orElseThrow();
    private static final Dialect ANTHROPIC = Dialects.find("anthropic").orElseThrow();

    private static Request decode(Dialect dialect, String json) {
        return dialect.decodeRequest(Call.of(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static Target at(Dialect dialect, String server) {
        return new Target("m", KnownServers.find(dialect.name(), server).orElseThrow(), 4096, true);
    }

    private static EncodedRequest translate(Dialect from, String json, Dialect to, String server) {
        return to.encodeRequest(decode(from, json), at(to, server));
    }

    private static JsonNode fromChat(String members) {
        String json =
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
                        + members
                        + "}";
        return Json.parse(translate(CHAT, json, RESPONSES, KnownServers.OPENAI).body());
    }

    private static Failure refusal(Runnable step) {
        return catchThrowableOfType(FailureException.class, step::run).failure();
    }

    // ---- what clients write ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"m\",\"input\":[{\"role\":\"boss\",\"content\":\"x\"}]} |"
                        + " input[0].role",
                "{\"model\":\"m\",\"input\":[{\"role\":\"user\"}]} | input[0].content",
                "{\"model\":\"m\",\"input\":[{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"\"}]}"
                    + " | input[0].call_id",
                "{\"model\":\"m\",\"input\":[{\"type\":\"function_call_output\",\"output\":\"\"}]}"
                        + " | input[0].call_id",
                "{\"model\":\"m\",\"input\":\"x\",\"temperature\":3} | temperature",
                "{\"model\":\"m\",\"input\":\"x\",\"top_logprobs\":21} | top_logprobs",
                "{\"model\":\"m\",\"input\":\"x\",\"max_output_tokens\":0} | max_output_tokens",
                "{\"model\":\"m\",\"input\":\"x\",\"tool_choice\":\"required\"} | tool_choice",
                "{\"model\":\"m\",\"input\":\"x\",\"tool_choice\":{\"type\":\"function\",\"name\":\"f\"}}"
                    + " | tool_choice",
                "{\"model\":\"m\"} | input",
                "{\"input\":\"x\"} | model",
            })
    void namesTheFieldThatIsWrong(String json, String field) {
        assertThat(refusal(() -> decode(RESPONSES, json)).field()).contains(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m\",\"input\":17}",
                "{\"model\":\"m\",\"input\":[\"x\"]}",
                "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}]}",
                "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\"}]}]}",
                "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"data:x\"}]}]}",
                "{\"model\":\"m\",\"input\":\"x\",\"tools\":[{\"type\":\"function\"}]}",
                "{\"model\":\"m\",\"input\":\"x\",\"tools\":[{\"name\":\"f\"}]}",
                "{\"model\":\"m\",\"input\":\"x\",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\"}}}",
            })
    void refusesWhatIsMalformed(String json) {
        assertThatThrownBy(() -> decode(RESPONSES, json)).isInstanceOf(MalformedJson.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web_search",
                "file_search",
                "code_interpreter",
                "computer_use_preview",
                "mcp",
                "image_generation"
            })
    void refusesHostedToolsByNameAtOtherVendors(String type) {
        String json = "{\"model\":\"m\",\"input\":\"x\",\"tools\":[{\"type\":\"" + type + "\"}]}";
        for (Dialect other : new Dialect[] {CHAT, ANTHROPIC}) {
            String server =
                    other.name().equals("openai-chat")
                            ? KnownServers.OPENAI
                            : KnownServers.ANTHROPIC;
            Failure failure = refusal(() -> translate(RESPONSES, json, other, server));
            assertThat(failure.code()).isEqualTo(FailureCode.UNSUPPORTED);
            assertThat(failure.message()).contains(type);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"conversation\":\"c\"", "\"prompt\":{\"id\":\"p\"}"})
    void refusesStateOfTheVendorsAtOthers(String member) {
        String json = "{\"model\":\"m\",\"input\":\"x\"," + member + "}";
        assertThat(refusal(() -> translate(RESPONSES, json, CHAT, KnownServers.OPENAI)).code())
                .isEqualTo(FailureCode.UNSUPPORTED);
    }

    @Test
    void writesAnAgentsRequestForAChatServer() {
        String agent =
                """
                {"model":"m","instructions":"Be an agent.","stream":true,"store":false,"input":[
                  {"type":"message","role":"developer","content":[{"type":"input_text","text":"Be brief."}]},
                  {"type":"message","role":"user","content":[{"type":"input_text","text":"list"}]},
                  {"type":"reasoning","summary":[],"encrypted_content":"gAAA"},
                  {"type":"function_call","call_id":"c1","namespace":"sh","name":"exec","arguments":"{\\"cmd\\": [\\"ls\\"]}"},
                  {"type":"custom_tool_call","call_id":"c2","name":"patch","input":"*** Begin"},
                  {"type":"function_call_output","call_id":"c1","output":"a.txt"},
                  {"type":"custom_tool_call_output","call_id":"c2","output":"done"}],
                 "tools":[{"type":"namespace","name":"sh","description":"d","tools":[
                    {"type":"function","name":"exec","strict":false,"parameters":{"type":"object","properties":{}}}]},
                   {"type":"custom","name":"patch","format":{"type":"grammar","syntax":"lark","definition":"start: /x/"}},
                   {"type":"web_search","external_web_access":false}],
                 "tool_choice":"auto","parallel_tool_calls":true,"reasoning":{"effort":"high","summary":"auto"},
                 "include":["reasoning.encrypted_content"]}
                """;
        EncodedRequest vendor = translate(RESPONSES, agent, CHAT, KnownServers.OPENAI);
        JsonNode body = Json.parse(vendor.body());
        assertThat(body.path("messages").size()).isEqualTo(5);
        JsonNode calls = body.path("messages").path(2).path("tool_calls");
        String exec = calls.path(0).path("function").path("name").stringValue();
        assertThat(exec).startsWith("sh_exec_");
        assertThat(vendor.emulations().toolNames()).containsEntry(exec, "sh.exec");
        assertThat(calls.path(0).path("function").path("arguments").stringValue())
                .isEqualTo("{\"cmd\": [\"ls\"]}");
        assertThat(calls.path(1).path("custom").path("input").stringValue()).isEqualTo("*** Begin");
        assertThat(
                        body.path("tools")
                                .path(1)
                                .path("custom")
                                .path("format")
                                .path("grammar")
                                .path("syntax")
                                .stringValue())
                .isEqualTo("lark");
        assertThat(body.path("reasoning_effort").stringValue()).isEqualTo("high");
        assertThat(vendor.warnings())
                .contains("dropped=reasoning", "dropped=tools.offered.web_search");
        JsonNode local = Json.parse(translate(RESPONSES, agent, CHAT, KnownServers.VLLM).body());
        assertThat(local.path("tools").path(1).path("function").path("parameters").toString())
                .contains("input");
        JsonNode claude =
                Json.parse(translate(RESPONSES, agent, ANTHROPIC, KnownServers.ANTHROPIC).body());
        assertThat(claude.path("messages").size()).isEqualTo(3);
    }

    @Test
    void takesImagesAndFilesToOtherVendors() {
        String json =
                """
                {"model":"m","input":[{"role":"user","content":[
                  {"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo=","detail":"low"},
                  {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBERi0="}]}]}
                """;
        JsonNode parts =
                Json.parse(translate(RESPONSES, json, CHAT, KnownServers.OPENAI).body())
                        .at("/messages/0/content");
        assertThat(parts.path(0).path("image_url").path("detail").stringValue()).isEqualTo("low");
        assertThat(parts.path(1).path("file").path("filename").stringValue()).isEqualTo("a.pdf");
        JsonNode blocks =
                Json.parse(translate(RESPONSES, json, ANTHROPIC, KnownServers.ANTHROPIC).body())
                        .at("/messages/0/content");
        assertThat(blocks.path(0).path("source").path("media_type").stringValue())
                .isEqualTo("image/png");
        assertThat(blocks.path(1).path("type").stringValue()).isEqualTo("document");
    }

    // ---- what is written for the vendor ----

    @Test
    void keepsConversationsOfOtherDialectsWithTheirClients() {
        assertThat(fromChat("").path("store").asBoolean(true)).isFalse();
        assertThat(fromChat(",\"store\":true,\"metadata\":{\"a\":\"b\"}").path("store").asBoolean())
                .isFalse();
        assertThat(fromChat(",\"metadata\":{\"a\":\"b\"}").path("metadata").path("a").stringValue())
                .isEqualTo("b");
        assertThat(fromChat(",\"verbosity\":\"low\"").path("text").path("verbosity").stringValue())
                .isEqualTo("low");
    }

    @Test
    void saysThatSchemasAreLooseWhereTheClientDidNotAskForMore() {
        JsonNode tool =
                fromChat(",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]")
                        .path("tools")
                        .path(0);
        assertThat(tool.path("strict").asBoolean(true)).isFalse();
        assertThat(tool.path("parameters").path("type").stringValue()).isEqualTo("object");
    }

    @Test
    void asksForSealsAndSummariesWhereTheModelThinks() {
        String json =
                "{\"model\":\"m\",\"max_tokens\":4000,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048},"
                    + "\"stop_sequences\":[\"END\"],\"top_k\":5,\"system\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}],"
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        EncodedRequest encoded = translate(ANTHROPIC, json, RESPONSES, KnownServers.OPENAI);
        JsonNode body = Json.parse(encoded.body());
        assertThat(body.path("instructions").stringValue()).isEqualTo("a\n\nb");
        assertThat(body.path("reasoning").toString())
                .isEqualTo("{\"effort\":\"low\",\"summary\":\"auto\"}");
        assertThat(body.path("include").toString()).contains("reasoning.encrypted_content");
        assertThat(encoded.emulations().stopSequences()).containsExactly("END");
        assertThat(encoded.warnings()).contains("emulated=stop", "dropped=top_k");
    }

    @Test
    void givesTheVendorNoLimitThatItRefuses() {
        EncodedRequest encoded =
                translate(
                        ANTHROPIC,
                        "{\"model\":\"m\",\"max_tokens\":3,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                        RESPONSES,
                        KnownServers.OPENAI);
        assertThat(Json.parse(encoded.body()).path("max_output_tokens").asInt()).isEqualTo(16);
        assertThat(encoded.warnings()).contains("clamped=max_output_tokens");
    }

    @Test
    void answersCallsThatNobodyAnsweredAndTellsErrors() {
        String json =
                """
                {"model":"m","max_tokens":99,"messages":[{"role":"user","content":"x"},
                  {"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}},{"type":"tool_use","id":"b","name":"f","input":{}}]},
                  {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","is_error":true,"content":"no such file"},
                    {"type":"text","text":"go on"}]}]}
                """;
        EncodedRequest encoded = translate(ANTHROPIC, json, RESPONSES, KnownServers.OPENAI);
        String input = Json.parse(encoded.body()).path("input").toString();
        assertThat(input).contains("Error: no such file", "Error: no result");
        assertThat(encoded.warnings()).contains("emulated=tool_result");
    }

    @Test
    @Tag("R14")
    void relaysEverythingButTheModel() {
        byte[] body =
                "{\"z\":1, \"model\" : \"a\" ,\"input\":\"x\",\"new\":[1.0]}"
                        .getBytes(StandardCharsets.UTF_8);
        EncodedRequest relayed =
                RESPONSES.relayRequest(
                        Call.of(body),
                        RESPONSES.decodeRequest(Call.of(body)),
                        at(RESPONSES, KnownServers.OPENAI));
        assertThat(new String(relayed.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"z\":1, \"model\" : \"m\" ,\"input\":\"x\",\"new\":[1.0]}");
    }

    @Test
    @Tag("R33")
    void countsTokensOnItsOwnPath() {
        assertThat(RESPONSES.decodeCount(RESPONSES.encodeCount(17))).hasValue(17);
        assertThat(RESPONSES.decodeCount("{}".getBytes(StandardCharsets.UTF_8))).isEmpty();
    }
}

package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;
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
import java.util.List;

/** Requests, as they are read and as they are written. */
class GeminiRequestTest {
    private static final GeminiDialect GEMINI = new GeminiDialect();
    private static final String HI = "\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]";

    private static Request read(String json) {
        return GEMINI.decodeRequest(Requests.stream(json));
    }

    private static Request chat(String json) {
        return Dialects.find("openai-chat")
                .orElseThrow()
                .decodeRequest(Call.of(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static EncodedRequest written(Request request, String model) {
        return GEMINI.encodeRequest(
                request,
                new Target(
                        model,
                        KnownServers.find("gemini", KnownServers.GOOGLE).orElseThrow(),
                        4096,
                        true));
    }

    private static JsonNode body(Request request) {
        return Json.parse(written(request, "gemini-2.5-flash").body());
    }

    // ---- paths ----

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash:streamGenerateContent, gemini-2.5-flash, true",
        "gemini-2.5-flash:generateContent, gemini-2.5-flash, false",
        "gemini-2.5-flash%3AstreamGenerateContent, gemini-2.5-flash, true",
        "openai/gpt-5:generateContent, openai/gpt-5, false",
        "ollama%2Fqwen3%3A8b:generateContent, ollama/qwen3:8b, false",
        "qwen3:8b:streamGenerateContent, qwen3:8b, true",
        "p/locations/global/publishers/google/models/gemini-3:generateContent, gemini-3, false",
        "a+b:generateContent, a+b, false"
    })
    void readsTheModelAndTheStreamFromThePath(String path, String model, boolean stream) {
        Request request = GEMINI.decodeRequest(Requests.call(path, "alt=sse", "{" + HI + "}"));
        assertThat(request.model()).isEqualTo(model);
        assertThat(request.stream()).isEqualTo(stream);
    }

    @ParameterizedTest
    @CsvSource({"alt=sse, true", "key=x&alt=sse, true", "'', false", "alt=json, false"})
    void readsTheFormOfTheStreamFromTheQuery(String query, boolean events) {
        Request request =
                GEMINI.decodeRequest(
                        Requests.call("m:streamGenerateContent", query, "{" + HI + "}"));
        assertThat(GEMINI.mayRelay(request)).isEqualTo(events);
        assertThat(GEMINI.streamContentType(request))
                .isEqualTo(events ? "text/event-stream" : "application/json");
    }

    @Test
    @Tag("R55")
    void saysWhatAModelCanBeAskedFor() {
        assertThatThrownBy(
                        () ->
                                GEMINI.decodeRequest(
                                        Requests.call("m:embedContent", "", "{" + HI + "}")))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().code()).isEqualTo(FailureCode.NOT_FOUND))
                .hasMessageContaining("embedContent");
    }

    @Test
    @Tag("S4")
    void refusesAnotherModelInTheBodyThanInThePath() {
        assertThat(read("{\"model\":\"models/gemini-2.5-flash\"," + HI + "}").model())
                .isEqualTo("gemini-2.5-flash");
        assertThatThrownBy(() -> read("{\"model\":\"models/other\"," + HI + "}"))
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining("another");
    }

    @Test
    void keepsAColonThatIsPartOfAName() {
        Call shown = new Call(Operation.SHOW_MODEL, "qwen3:8b", Headers.NONE, new byte[0]);
        assertThat(GEMINI.decodeModelName(shown)).isEqualTo("qwen3:8b");
        Call counted =
                new Call(Operation.COUNT_TOKENS, "qwen3%3A8b", Headers.NONE, bytes("{" + HI + "}"));
        assertThat(GEMINI.decodeCountRequest(counted).model()).isEqualTo("qwen3:8b");
    }

    @Test
    void namesTheModelInThePathOfAnUpstream() {
        Target target = new Target("tunedModels/my model", quirks("m"), 1, false);
        assertThat(GEMINI.upstreamPath(Operation.GENERATE, target))
                .isEqualTo("/tunedModels/my%20model:generateContent");
        assertThat(GEMINI.upstreamPath(Operation.COUNT_TOKENS, target))
                .isEqualTo("/tunedModels/my%20model:countTokens");
        assertThat(
                        GEMINI.upstreamPath(
                                Operation.GENERATE, new Target("models/a/b", quirks("m"), 1, true)))
                .isEqualTo("/models/a%2Fb:streamGenerateContent?alt=sse");
    }

    private static Quirks quirks(String server) {
        return Quirks.vendor(server);
    }

    // ---- names ----

    @Test
    @Tag("S4")
    void takesBothSpellingsAndNotBothAtOnce() {
        Request snake = read(Requests.SNAKE_CASE);
        assertThat(snake.system()).containsExactly(new Block.Text("Be brief."));
        assertThat(snake.maxOutput()).isEqualTo(9);
        assertThat(snake.sampling().stop()).containsExactly("x");
        assertThat(snake.toolChoice()).isEqualTo(new ToolChoice.Allowed(List.of("f"), false));
        assertThatThrownBy(
                        () -> read("{" + HI + ",\"generationConfig\":{},\"generation_config\":{}}"))
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining("both of its spellings");
    }

    @Test
    void takesNumbersThatAreStrings() {
        Request request =
                read(
                        "{"
                                + HI
                                + ",\"generationConfig\":{\"maxOutputTokens\":\"12\",\"seed\":\"7\"}}");
        assertThat(request.maxOutput()).isEqualTo(12);
        assertThat(request.sampling().seed()).isEqualTo(7);
    }

    @Test
    void makesJsonSchemaOfTheVendorsOwnForm() {
        Request request =
                read(
                        "{"
                                + HI
                                + ",\"tools\":[{\"functionDeclarations\":[{\"name\":\"f\",\"parameters\":"
                                + "{\"type\":\"OBJECT\",\"properties\":{\"type\":{\"type\":\"STRING\",\"nullable\":true,"
                                + "\"enum\":[\"STRING\",\"b\"]},\"list\":{\"type\":\"ARRAY\",\"min_items\":\"1\",\"items\":"
                                + "{\"any_of\":[{\"type\":\"INTEGER\"},{\"type\":\"NULL\"}]}}}}}]}]}");
        Tool.Function function = (Tool.Function) request.tools().getFirst();
        assertThat(String.valueOf(function.parameters()))
                .isEqualTo(
                        "{\"type\":\"object\",\"properties\":{\"type\":{\"type\":[\"string\",\"null\"],"
                            + "\"enum\":[\"STRING\",\"b\"]},\"list\":{\"type\":\"array\",\"minItems\":1,\"items\":"
                            + "{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"null\"}]}}}}");
    }

    // ---- conversations ----

    @Test
    void readsInstructionsInAllTheirForms() {
        for (String form :
                List.of(
                        "\"Be brief.\"",
                        "{\"text\":\"Be brief.\"}",
                        "{\"parts\":{\"text\":\"Be brief.\"}}",
                        "{\"role\":\"system\",\"parts\":[{\"text\":\"Be brief.\"}]}")) {
            assertThat(read("{" + HI + ",\"systemInstruction\":" + form + "}").system())
                    .as(form)
                    .containsExactly(new Block.Text("Be brief."));
        }
    }

    @Test
    @Tag("R43")
    void joinsWhatAClientHasKeptPieceByPiece() {
        Request request =
                read(
                        """
                        {"contents":[{"parts":[{"text":"x"}],"role":"user"},
                         {"role":"model","parts":[{"text":"One"}]},
                         {"role":"model","parts":[{"text":" two."}]},
                         {"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}}}]},
                         {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":"ok"}}}]}]}
                        """);
        assertThat(request.messages()).hasSize(3);
        assertThat(request.messages().get(1).role()).isEqualTo(Role.ASSISTANT);
        assertThat(request.messages().get(1).blocks().getFirst())
                .isEqualTo(new Block.Text("One two."));
        Block.ToolUse call = (Block.ToolUse) request.messages().get(1).blocks().get(1);
        assertThat(call.arguments()).isEqualTo("{\"a\":1}");
        Block.ToolResult result = (Block.ToolResult) request.messages().get(2).blocks().getFirst();
        assertThat(result.toolUseId()).isEqualTo(call.id());
        assertThat(result.content()).containsExactly(new Block.Text("ok"));
    }

    @Test
    @Tag("R43")
    void matchesResultsWithCallsThatHaveNoIds() {
        Request request =
                read(
                        """
                        {"contents":[{"parts":[{"text":"x"}]},
                         {"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}}},
                           {"functionCall":{"name":"g"}},{"functionCall":{"name":"f","args":{"a":2}}}]},
                         {"role":"function","parts":[
                           {"functionResponse":{"name":"g","response":{"output":"G"}}},
                           {"functionResponse":{"name":"f","response":{"output":"F1"}}},
                           {"functionResponse":{"name":"f","response":{"error":"F2"}}}]}]}
                        """);
        List<Block> calls = request.messages().get(1).blocks();
        List<Block> results = request.messages().get(2).blocks();
        assertThat(calls.stream().map(block -> ((Block.ToolUse) block).id()))
                .doesNotHaveDuplicates();
        assertThat(((Block.ToolResult) results.get(0)).toolUseId())
                .isEqualTo(((Block.ToolUse) calls.get(1)).id());
        assertThat(((Block.ToolResult) results.get(1)).toolUseId())
                .isEqualTo(((Block.ToolUse) calls.get(0)).id());
        assertThat(((Block.ToolResult) results.get(2)).toolUseId())
                .isEqualTo(((Block.ToolUse) calls.get(2)).id());
        assertThat(((Block.ToolResult) results.get(2)).isError()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"contents\":[{\"role\":\"system\",\"parts\":[]}]}",
                "{\"contents\":[{\"parts\":[{\"functionResponse\":{\"name\":\"f\",\"response\":{}}}]}]}",
                "{\"contents\":[{\"parts\":[{\"functionCall\":{\"args\":{}}}]}]}",
                "{\"contents\":[{\"parts\":[{\"inlineData\":{\"data\":\"AAAA\"}}]}]}",
                "{\"contents\":[{\"parts\":[{\"text\":7}]}]}",
            })
    @Tag("R55")
    void namesTheFieldThatIsWrong(String json) {
        assertThatThrownBy(() -> read(json))
                .extracting(
                        e ->
                                e instanceof FailureException refused
                                        ? refused.failure().param()
                                        : ((MalformedJson) e).path())
                .asString()
                .startsWith("contents[0]");
    }

    @Test
    void readsWhatIsCountedInBothForms() {
        Call bare = new Call(Operation.COUNT_TOKENS, "m", Headers.NONE, bytes("{" + HI + "}"));
        Call whole =
                new Call(
                        Operation.COUNT_TOKENS,
                        "m",
                        Headers.NONE,
                        bytes("{\"generateContentRequest\":{\"model\":\"models/m\"," + HI + "}}"));
        assertThat(GEMINI.decodeCountRequest(whole)).isEqualTo(GEMINI.decodeCountRequest(bare));
        String relayed =
                new String(
                        GEMINI.relayRequest(
                                        whole,
                                        GEMINI.decodeCountRequest(whole),
                                        new Target("other", quirks("m"), 1, false))
                                .body(),
                        StandardCharsets.UTF_8);
        assertThat(relayed).contains("\"model\":\"models/other\"").contains(HI);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    // ---- settings ----

    @Test
    void readsHowMuchToThink() {
        assertThat(thinking("{\"thinkingBudget\":0}").mode()).isEqualTo(ThinkingConfig.Mode.OFF);
        assertThat(thinking("{\"thinkingBudget\":-1}").mode())
                .isEqualTo(ThinkingConfig.Mode.ADAPTIVE);
        assertThat(thinking("{\"thinkingBudget\":512}").budget()).isEqualTo(512);
        assertThat(thinking("{\"thinkingLevel\":\"HIGH\"}").effort())
                .isEqualTo(ThinkingConfig.Effort.HIGH);
        assertThat(thinking("{\"includeThoughts\":true}").show())
                .isEqualTo(ThinkingConfig.Show.SUMMARIZED);
    }

    private static ThinkingConfig thinking(String config) {
        ThinkingConfig thinking =
                read("{" + HI + ",\"generationConfig\":{\"thinkingConfig\":" + config + "}}")
                        .thinking();
        if (thinking == null) {
            throw new AssertionError("nothing said of thinking");
        }
        return thinking;
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash, minimal, thinkingBudget, 1024",
        "gemini-2.5-flash, high, thinkingBudget, 16384",
        "gemini-2.5-flash, none, thinkingBudget, 0",
        "gemini-3-pro, minimal, thinkingLevel, LOW",
        "gemini-3-pro, medium, thinkingLevel, MEDIUM",
        "gemini-3-pro, xhigh, thinkingLevel, HIGH"
    })
    @Tag("R48")
    void tellsEachModelHowMuchToThink(String model, String effort, String name, String value) {
        Request request =
                chat(
                        "{\"model\":\"m\",\"reasoning_effort\":\""
                                + effort
                                + "\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
        JsonNode config =
                Json.parse(written(request, model).body()).at("/generationConfig/thinkingConfig");
        assertThat(config.path(name).asString()).isEqualTo(value);
        assertThat(config.path("includeThoughts").asBoolean(false))
                .isEqualTo(!effort.equals("none"));
    }

    @Test
    void tellsARequestOfAnotherDialect() {
        Request request =
                chat(
                        """
                        {"model":"m","max_completion_tokens":99,"temperature":0.5,"top_p":0.9,"seed":7,
                         "presence_penalty":0.5,"stop":["a","b"],"user":"u","logit_bias":{"1":2},
                         "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{}}}},
                         "parallel_tool_calls":false,
                         "tools":[{"type":"function","function":{"name":"f","description":"d",
                            "parameters":{"type":"object","properties":{"x":{"type":"string"}}}}},
                           {"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}},
                           {"type":"custom","custom":{"name":"free"}}],
                         "tool_choice":{"type":"function","function":{"name":"f"}},
                         "messages":[{"role":"system","content":"Be brief."},
                          {"role":"user","content":[{"type":"text","text":"look"},
                            {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo=","detail":"high"}},
                            {"type":"image_url","image_url":{"url":"https://pics.example/a.png?x=1"}}]}]}
                        """);
        JsonNode body = body(request);
        assertThat(body.path("systemInstruction").toString())
                .isEqualTo("{\"parts\":[{\"text\":\"Be brief.\"}]}");
        assertThat(body.path("contents").toString())
                .isEqualTo(
                        "[{\"role\":\"user\",\"parts\":[{\"text\":\"look\"},"
                            + "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"iVBORw0KGgo=\"}},"
                            + "{\"fileData\":{\"mimeType\":\"image/png\",\"fileUri\":\"https://pics.example/a.png?x=1\"}}]}]");
        assertThat(body.path("tools").toString())
                .isEqualTo(
                        "[{\"functionDeclarations\":[{\"name\":\"f\",\"description\":\"d\",\"parametersJsonSchema\":"
                            + "{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"string\"}}}},{\"name\":\"g\"},"
                            + "{\"name\":\"free\",\"parametersJsonSchema\":{\"type\":\"object\",\"properties\":"
                            + "{\"input\":{\"type\":\"string\"}},\"required\":[\"input\"],\"additionalProperties\":false}}]}]");
        assertThat(body.path("toolConfig").toString())
                .isEqualTo(
                        "{\"functionCallingConfig\":{\"mode\":\"ANY\",\"allowedFunctionNames\":[\"f\"]}}");
        assertThat(body.path("generationConfig").toString())
                .isEqualTo(
                        "{\"temperature\":0.5,\"topP\":0.9,\"presencePenalty\":0.5,\"seed\":7,"
                            + "\"stopSequences\":[\"a\",\"b\"],\"responseMimeType\":\"application/json\","
                            + "\"responseJsonSchema\":{\"type\":\"object\",\"properties\":{}},\"maxOutputTokens\":99}");
        assertThat(written(request, "m").warnings())
                .contains(
                        "dropped=user",
                        "dropped=logit_bias",
                        "dropped=parallel_tool_calls",
                        "dropped=detail",
                        "emulated=custom_tool");
    }

    @Test
    void givesACallThatWasInterruptedAResult() {
        Request request =
                chat(
                        """
                        {"model":"m","messages":[{"role":"user","content":"x"},
                         {"role":"assistant","content":null,"tool_calls":[
                           {"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}},
                           {"id":"c2","type":"function","function":{"name":"g","arguments":"broken"}}]},
                         {"role":"tool","tool_call_id":"c1","content":"done"},
                         {"role":"user","content":"and?"}]}
                        """);
        JsonNode contents = body(request).path("contents");
        assertThat(contents.path(1).path("parts").path(1).toString())
                .isEqualTo(
                        "{\"functionCall\":{\"id\":\"c2\",\"name\":\"g\",\"args\":{\"_raw\":\"broken\"}}}");
        assertThat(contents.path(2).path("parts").size()).isEqualTo(2);
        assertThat(
                        contents.path(2)
                                .path("parts")
                                .path(1)
                                .at("/functionResponse/response")
                                .has("error"))
                .isTrue();
        assertThat(contents.path(3).toString())
                .isEqualTo("{\"role\":\"user\",\"parts\":[{\"text\":\"and?\"}]}");
    }

    @Test
    void refusesWhatOthersCannotBeTold() {
        Request request =
                read(
                        "{"
                                + HI
                                + ",\"cachedContent\":\"cachedContents/a\",\"safetySettings\":[{\"category\":\"X\"}]}");
        assertThatThrownBy(
                        () ->
                                Dialects.find("openai-chat")
                                        .orElseThrow()
                                        .encodeRequest(
                                                request,
                                                new Target("m", quirks("openai"), 1, true)))
                .hasMessageContaining("cachedContent");
        Request search = read("{" + HI + ",\"tools\":[{\"googleSearch\":{}}]}");
        assertThatThrownBy(
                        () ->
                                Dialects.find("anthropic")
                                        .orElseThrow()
                                        .encodeRequest(
                                                search,
                                                new Target("m", quirks("anthropic"), 1, true)))
                .hasMessageContaining("googleSearch");
    }

    @Test
    void readsTheFormOfTheAnswer() {
        assertThat(
                        read("{"
                                        + HI
                                        + ",\"generationConfig\":{\"responseMimeType\":\"application/json\"}}")
                                .responseFormat())
                .isEqualTo(new ResponseFormat.JsonObject());
        ResponseFormat.JsonSchema schema =
                (ResponseFormat.JsonSchema)
                        read("{"
                                        + HI
                                        + ",\"generationConfig\":{\"responseMimeType\":\"application/json\","
                                        + "\"responseSchema\":{\"type\":\"STRING\"}}}")
                                .responseFormat();
        assertThat(String.valueOf(schema)).contains("{\"type\":\"string\"}");
    }
}

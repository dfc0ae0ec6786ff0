package dev.sluice.dialect.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.Seal;
import dev.sluice.core.request.Source;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.ThinkingConfig.Mode;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;
import dev.sluice.dialect.KnownServers;
import dev.sluice.testkit.Json;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

class BedrockRequestTest {
    private static final String CLAUDE = "eu.anthropic.claude-sonnet-4-5-v1:0";
    private static final String NOVA = "amazon.nova-lite-v1:0";
    private static final Tool LOOK =
            new Tool.Function("look", "d", Raw.of("{\"properties\":{}}"), null, null);

    private static EncodedRequest encoded(String model, Consumer<Request.Builder> asked) {
        Request.Builder request = Request.builder("openai-chat");
        request.messages.add(Message.of(Role.USER, "hi"));
        asked.accept(request);
        Target target =
                new Target(
                        model,
                        KnownServers.find("bedrock", KnownServers.BEDROCK).orElseThrow(),
                        4096,
                        true);
        return Requests.DIALECT.encodeRequest(request.build(), target);
    }

    private static JsonNode body(String model, Consumer<Request.Builder> asked) {
        return Json.parse(encoded(model, asked).body());
    }

    private static Sampling sampling(
            @Nullable Double temperature, @Nullable Long topK, List<String> stop) {
        return new Sampling(
                temperature, null, topK, null, null, null, null, 5L, null, null, null, stop);
    }

    // ---- reading ----

    @ParameterizedTest
    @CsvSource({
        "anthropic.claude-v1%3A0/converse,anthropic.claude-v1:0,false",
        "anthropic.claude-v1:0/converse-stream,anthropic.claude-v1:0,true",
        "arn%3Aaws%3Abedrock%3A%3Ax%2Fy/converse,arn:aws:bedrock::x/y,false",
        "arn:aws:bedrock::x/y/converse-stream,arn:aws:bedrock::x/y,true",
        "gr%C3%BC%C3%9Fe/converse,grüße,false",
    })
    void findsTheModelAndTheFormInThePath(String rest, String model, boolean stream) {
        byte[] body =
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}]}"
                        .getBytes(StandardCharsets.UTF_8);
        Request request = Requests.DIALECT.decodeRequest(new Call(rest, Headers.NONE, body));
        assertThat(request.model()).isEqualTo(model);
        assertThat(request.stream()).isEqualTo(stream);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/converse", "a%/converse", "a%4/converse", "a%zz/converse", "%FF/c"})
    void refusesANameThatCannotBeRead(String rest) {
        assertThatThrownBy(() -> BedrockPaths.modelOf(rest))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("modelId");
    }

    @Test
    void namesWithEverySignFindTheirWayBack() {
        for (String model : List.of("a:b/c d%2F", "..", ".", "ä😀?#&=+", "a.b_c-d~e")) {
            String path =
                    Requests.DIALECT.upstreamPath(
                            Operation.GENERATE,
                            new Target(model, KnownServers.compatible("bedrock"), 1, false));
            assertThat(path).matches("/model/[A-Za-z0-9%._~-]+/converse");
            assertThat(BedrockPaths.modelOf(path.substring(7))).isEqualTo(model);
        }
    }

    @Test
    void readsACountRequest() {
        String ask =
                "{\"input\":{\"converse\":{\"messages\":[{\"role\":\"user\",\"content\":"
                        + "[{\"text\":\"x\"}]}]}}}";
        Call call = new Call("m/count-tokens", Headers.NONE, ask.getBytes(StandardCharsets.UTF_8));
        assertThat(Requests.DIALECT.decodeCountRequest(call).messages()).hasSize(1);
        Call other =
                new Call(
                        "m/count-tokens",
                        Headers.NONE,
                        "{\"input\":{\"invokeModel\":{\"body\":\"AA==\"}}}"
                                .getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> Requests.DIALECT.decodeCountRequest(other))
                .hasMessageContaining("input.converse");
    }

    @Test
    void putsCachePointsOnWhatStandsBeforeThem() {
        Request request = Requests.decoded(Requests.CONVERSATION);
        assertThat(request.system().getFirst().cacheControl()).isNotNull();
        assertThat(request.system().getLast().cacheControl()).isNull();
        assertThat(request.tools().getFirst())
                .isInstanceOfSatisfying(
                        Tool.Function.class, tool -> assertThat(tool.cacheControl()).isNotNull());
        assertThat(request.messages().getLast().blocks())
                .hasSize(3)
                .element(1)
                .extracting(Block::cacheControl)
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\":[]}",
                "{\"messages\":[{\"role\":\"tool\",\"content\":[]}]}",
                "{\"messages\":[{\"content\":[]}]}",
                "{\"messages\":[{\"role\":\"user\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"text\"}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{}]}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"a\",\"image\":{}}]}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":7}]}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"toolUse\":{\"name\":\"f\"}}]}]}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"a\"}]}],"
                        + "\"inferenceConfig\":{\"temperature\":1.5}}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"a\"}]}],"
                        + "\"inferenceConfig\":{\"maxTokens\":0}}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"a\"}]}],"
                        + "\"toolConfig\":{\"tools\":[{\"toolSpec\":{\"name\":\"f\"}}]}}",
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"a\"}]}],"
                        + "\"additionalModelRequestFields\":7}"
            })
    void refusesWhatAwsRefuses(String json) {
        assertThatThrownBy(() -> Requests.decoded(json)).hasMessageMatching("(?s).+");
    }

    // ---- writing for others' clients ----

    @Test
    void bringsTurnsIntoShape() {
        JsonNode body =
                body(
                        NOVA,
                        r -> {
                            r.messages.clear();
                            r.system.add(new Block.Text("Be brief."));
                            r.messages.add(
                                    new Message(
                                            Role.ASSISTANT,
                                            List.of(
                                                    new Block.Text(" "),
                                                    new Block.ToolUse(
                                                            "id with spaces",
                                                            "get.weather",
                                                            "{\"a\": 1.0}",
                                                            false,
                                                            null),
                                                    new Block.ToolUse(
                                                            "c2", "f", "broken", false, null))));
                            r.messages.add(Message.of(Role.SYSTEM, "Now in French."));
                            r.messages.add(
                                    new Message(
                                            Role.USER,
                                            List.of(
                                                    new Block.Text("and?"),
                                                    new Block.ToolResult(
                                                            "id with spaces",
                                                            List.of(new Block.Text("7")),
                                                            false,
                                                            null))));
                            r.messages.add(Message.of(Role.USER, "more"));
                        });
        assertThat(body.path("system").toString()).contains("Be brief.", "Now in French.");
        JsonNode messages = body.path("messages");
        assertThat(messages.size()).isEqualTo(3);
        assertThat(messages.at("/0/content/0/text").stringValue()).isEqualTo(".");
        JsonNode calls = messages.at("/1/content");
        String id = calls.at("/0/toolUse/toolUseId").stringValue();
        assertThat(id).matches("[a-zA-Z0-9_-]{1,64}");
        assertThat(calls.at("/0/toolUse/input").toString()).isEqualTo("{\"a\":1.0}");
        assertThat(calls.at("/1/toolUse/input/_raw").stringValue()).isEqualTo("broken");
        JsonNode last = messages.at("/2/content");
        assertThat(last.size()).isEqualTo(4);
        assertThat(last.at("/0/toolResult/toolUseId").stringValue()).isIn(id, "c2");
        assertThat(last.at("/1/toolResult/toolUseId").stringValue()).isIn(id, "c2");
        assertThat(last.at("/3/text").stringValue()).isEqualTo("more");
        assertThat(body.at("/toolConfig/tools").size()).isEqualTo(2);
        assertThat(body.at("/toolConfig/tools/0/toolSpec/name").stringValue())
                .matches("get_weather_[0-9a-f]{8}");
    }

    @Test
    void writesMediaInItsOwnWords() {
        JsonNode content =
                body(
                                NOVA,
                                r -> {
                                    r.messages.clear();
                                    Source pdf = new Source.Base64("application/pdf", "JVBERi0=");
                                    r.messages.add(
                                            new Message(
                                                    Role.USER,
                                                    List.of(
                                                            new Block.Image(
                                                                    new Source.Base64(
                                                                            "image/jpg", "AAAA"),
                                                                    null,
                                                                    null),
                                                            new Block.Document(
                                                                    pdf, "a_b.pdf", null, false,
                                                                    null),
                                                            new Block.Document(
                                                                    new Source.PlainText("ü"),
                                                                    "a_b.pdf",
                                                                    null,
                                                                    false,
                                                                    null))));
                                })
                        .at("/messages/0/content");
        assertThat(content.at("/0/image/format").stringValue()).isEqualTo("jpeg");
        assertThat(content.at("/1/document/name").stringValue()).isEqualTo("a-b-pdf");
        assertThat(content.at("/2/document/name").stringValue()).isEqualTo("a-b-pdf 2");
        assertThat(content.at("/2/document/source/bytes").stringValue()).isEqualTo("w7w=");
        assertThat(content.at("/3/text").isString()).isTrue();
        assertThatThrownBy(
                        () ->
                                encoded(
                                        NOVA,
                                        r ->
                                                r.messages.add(
                                                        new Message(
                                                                Role.USER,
                                                                List.of(
                                                                        new Block.Image(
                                                                                new Source.Url(
                                                                                        "http://x"),
                                                                                null,
                                                                                null))))))
                .hasMessageContaining("base64");
    }

    @Test
    void writesTheDrawingOfTokens() {
        EncodedRequest claude =
                encoded(
                        CLAUDE,
                        r -> {
                            r.maxOutput = 100L;
                            r.sampling = sampling(1.7, 40L, List.of("END"));
                            r.user = "alice@example.org";
                            r.serviceTier = "flex";
                            r.extra.put("store", Raw.of("true"));
                        });
        JsonNode body = Json.parse(claude.body());
        assertThat(body.path("inferenceConfig").toString())
                .isEqualTo("{\"maxTokens\":100,\"temperature\":1,\"stopSequences\":[\"END\"]}");
        assertThat(body.at("/additionalModelRequestFields/top_k").asInt()).isEqualTo(40);
        assertThat(body.path("additionalModelResponseFieldPaths").toString())
                .isEqualTo("[\"/stop_sequence\"]");
        assertThat(body.at("/requestMetadata/user").stringValue()).isEqualTo("alice@example.org");
        assertThat(body.at("/serviceTier/type").stringValue()).isEqualTo("flex");
        assertThat(claude.warnings())
                .containsExactlyInAnyOrder("clamped=temperature", "dropped=seed", "dropped=store");
        assertThat(claude.headers().get("accept")).contains("application/vnd.amazon.eventstream");
        EncodedRequest nova =
                encoded(NOVA, r -> r.sampling = sampling(null, 40L, List.of("END", "\n")));
        assertThat(nova.warnings())
                .containsExactlyInAnyOrder("dropped=top_k", "emulated=stop", "dropped=seed");
        assertThat(nova.emulations().stopSequences()).containsExactly("END", "\n");
        assertThat(Json.parse(nova.body()).has("additionalModelRequestFields")).isFalse();
    }

    @Test
    @Tag("R47")
    void thinksWithinTheLimitWhereTheModelCan() {
        JsonNode unlimited = body(CLAUDE, r -> r.thinking = ThinkingConfig.effort(Effort.LOW));
        assertThat(unlimited.at("/additionalModelRequestFields/thinking/budget_tokens").asInt())
                .isEqualTo(2048);
        assertThat(unlimited.at("/inferenceConfig/maxTokens").asInt()).isEqualTo(2048 + 4096);
        EncodedRequest halved =
                encoded(
                        CLAUDE,
                        r -> {
                            r.thinking = ThinkingConfig.effort(Effort.HIGH);
                            r.maxOutput = 4000L;
                        });
        assertThat(halved.warnings()).contains("clamped=thinking");
        assertThat(
                        Json.parse(halved.body())
                                .at("/additionalModelRequestFields/thinking/budget_tokens")
                                .asInt())
                .isEqualTo(2000);
        for (String model : List.of(CLAUDE, NOVA)) {
            EncodedRequest none =
                    encoded(
                            model,
                            r -> {
                                r.thinking = ThinkingConfig.effort(Effort.LOW);
                                r.tools.add(LOOK);
                                r.toolChoice = new ToolChoice.Required();
                            });
            assertThat(none.warnings()).contains("dropped=thinking");
        }
        assertThat(body(CLAUDE, r -> r.thinking = ThinkingConfig.off()).toString())
                .doesNotContain("thinking");
        ThinkingConfig adaptive =
                new ThinkingConfig(Mode.ADAPTIVE, 0, Effort.UNSAID, ThinkingConfig.Show.UNSAID);
        assertThat(
                        body(CLAUDE, r -> r.thinking = adaptive)
                                .at("/additionalModelRequestFields/thinking/type")
                                .stringValue())
                .isEqualTo("adaptive");
    }

    @Test
    @Tag("R46")
    @Tag("R47")
    @Tag("R48")
    void repeatsThinkingThatItsVendorHasSealed() {
        Message turn =
                new Message(
                        Role.ASSISTANT,
                        List.of(
                                new Block.Thinking("hm", "c2Vh/+=="),
                                new Block.Thinking("unsealed", ""),
                                new Block.Thinking("other", Seal.mark("openai-responses", "x")),
                                new Block.Thinking("", "sealed-and-empty"),
                                new Block.RedactedThinking("AAAA"),
                                new Block.RedactedThinking("no base64!"),
                                new Block.Text("so")));
        EncodedRequest encoded =
                encoded(
                        CLAUDE,
                        r -> {
                            r.messages.add(turn);
                            r.messages.add(Message.of(Role.USER, "and"));
                        });
        assertThat(Json.parse(encoded.body()).at("/messages/1/content").toString())
                .isEqualTo(
                        "[{\"reasoningContent\":{\"reasoningText\":{\"text\":\"hm\",\"signature\":\"c2Vh/+==\"}}},"
                            + "{\"reasoningContent\":{\"redactedContent\":\"AAAA\"}},"
                            + "{\"text\":\"so\"}]");
        assertThat(encoded.warnings()).containsExactly("dropped=thinking");
    }

    @Test
    void choosesAmongTools() {
        assertThat(tools(new ToolChoice.Required()).at("/toolChoice/any").isObject()).isTrue();
        assertThat(tools(new ToolChoice.Auto()).at("/toolChoice/auto").isObject()).isTrue();
        assertThat(tools(new ToolChoice.Named("look")).at("/toolChoice/tool/name").stringValue())
                .isEqualTo("look");
        assertThat(tools(new ToolChoice.None()).isMissingNode()).isTrue();
        JsonNode some = tools(new ToolChoice.Allowed(List.of("look"), true));
        assertThat(some.path("tools").size()).isEqualTo(1);
        assertThat(some.at("/toolChoice/any").isObject()).isTrue();
        assertThat(some.at("/tools/0/toolSpec/inputSchema/json").toString())
                .isEqualTo("{\"type\":\"object\",\"properties\":{}}");
    }

    private static JsonNode tools(ToolChoice choice) {
        return body(
                        NOVA,
                        r -> {
                            r.tools.add(LOOK);
                            r.tools.add(new Tool.Function("other", null, null, true, null));
                            r.toolChoice = choice;
                        })
                .path("toolConfig");
    }

    @Test
    void forbidsCallsByASentenceWhereToolsWereCalled() {
        EncodedRequest encoded =
                encoded(
                        NOVA,
                        r -> {
                            r.messages.add(
                                    new Message(
                                            Role.ASSISTANT,
                                            List.of(
                                                    new Block.ToolUse(
                                                            "a", "look", "", false, null))));
                            r.messages.add(
                                    new Message(
                                            Role.USER,
                                            List.of(
                                                    new Block.ToolResult(
                                                            "a", List.of(), true, null))));
                            r.tools.add(LOOK);
                            r.toolChoice = new ToolChoice.None();
                        });
        JsonNode body = Json.parse(encoded.body());
        assertThat(body.at("/toolConfig/tools").size()).isEqualTo(1);
        assertThat(body.at("/toolConfig").has("toolChoice")).isFalse();
        assertThat(body.path("system").toString()).contains("Do not call any tool");
        assertThat(body.at("/messages/2/content/0/toolResult/status").stringValue())
                .isEqualTo("error");
        assertThat(encoded.warnings()).containsExactly("emulated=tool_choice");
    }

    @Test
    void asksForSingleCallsInTheModelsOwnWords() {
        Consumer<Request.Builder> single =
                r -> {
                    r.tools.add(LOOK);
                    r.toolChoice = new ToolChoice.Required();
                    r.parallelToolCalls = false;
                };
        JsonNode claude = body(CLAUDE, single);
        assertThat(claude.at("/additionalModelRequestFields/tool_choice").toString())
                .isEqualTo("{\"type\":\"any\",\"disable_parallel_tool_use\":true}");
        assertThat(claude.at("/toolConfig").has("toolChoice")).isFalse();
        assertThat(encoded(NOVA, single).warnings()).containsExactly("dropped=parallel_tool_calls");
    }

    @Test
    void asksForJson() {
        ResponseFormat schema =
                new ResponseFormat.JsonSchema("a b", null, Raw.of("{\"type\":\"object\"}"), true);
        JsonNode format = body(NOVA, r -> r.responseFormat = schema).at("/outputConfig/textFormat");
        assertThat(format.toString())
                .isEqualTo(
                        "{\"type\":\"json_schema\",\"structure\":{\"jsonSchema\":{\"schema\":\"{\\\"type\\\":\\\"object\\\"}\",\"name\":\"response\"}}}");
        EncodedRequest some =
                encoded(NOVA, r -> r.responseFormat = new ResponseFormat.JsonObject());
        assertThat(some.warnings()).containsExactly("emulated=response_format");
    }

    @Test
    void refusesWhatHasNoCounterpart() {
        assertThatThrownBy(() -> encoded(NOVA, r -> r.choices = 2)).hasMessageContaining("n: 2");
        assertThatThrownBy(
                        () ->
                                encoded(
                                        NOVA,
                                        r ->
                                                r.tools.add(
                                                        new Tool.Hosted(
                                                                "s", "web_search", Raw.of("{}")))))
                .hasMessageContaining("web_search");
        assertThatThrownBy(
                        () ->
                                encoded(
                                        NOVA,
                                        r -> r.extra.put("previous_response_id", Raw.of("\"x\""))))
                .hasMessageContaining("previous_response_id");
    }

    @Test
    void writesACountRequest() {
        Request request = Requests.decoded(Requests.CONVERSATION);
        Target target = new Target(NOVA, KnownServers.compatible("bedrock"), 1, false);
        JsonNode body = Json.parse(Requests.DIALECT.encodeCountRequest(request, target).body());
        assertThat(body.at("/input/converse").propertyNames())
                .containsExactly("messages", "system", "toolConfig");
    }
}

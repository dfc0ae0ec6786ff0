package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Source;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.ThinkingConfig.Mode;
import dev.sluice.core.request.ThinkingConfig.Show;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class AnthropicRequestDecoderTest {
    private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private static Request decode(String body) {
        return Wire.DIALECT.decodeRequest(Call.of(body.getBytes(StandardCharsets.UTF_8)));
    }

    /** A request with these members beside those that it must have. */
    private static Request with(String members) {
        return decode("{\"model\":\"m\",\"max_tokens\":2048," + HELLO + "," + members + "}");
    }

    private static Block block(String json) {
        Request request =
                decode(
                        "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":["
                                + json
                                + "]}]}");
        return request.messages().getFirst().blocks().getFirst();
    }

    @Test
    void readsTheLeastThereIs() {
        Request request = decode("{\"model\":\"claude\",\"max_tokens\":16," + HELLO + "}");
        assertThat(request.dialect()).isEqualTo("anthropic");
        assertThat(request.model()).isEqualTo("claude");
        assertThat(request.maxOutput()).isEqualTo(16);
        assertThat(request.maxOutputCountsThinking()).isTrue();
        assertThat(request.messages()).containsExactly(Message.of(Role.USER, "hi"));
        assertThat(request.stream()).isFalse();
        assertThat(request.includeUsage()).isTrue();
        assertThat(request.choices()).isEqualTo(1);
        assertThat(request.extra()).isEmpty();
    }

    @Test
    void readsSampling() {
        Request request =
                with(
                        "\"stream\":true,\"temperature\":0.5,\"top_p\":0.9,\"top_k\":40,"
                                + "\"stop_sequences\":[\"a\",\"\\n#\"],\"service_tier\":\"auto\","
                                + "\"metadata\":{\"user_id\":\"u1\",\"other\":1}");
        assertThat(request.stream()).isTrue();
        assertThat(request.sampling().temperature()).isEqualTo(0.5);
        assertThat(request.sampling().topP()).isEqualTo(0.9);
        assertThat(request.sampling().topK()).isEqualTo(40);
        assertThat(request.sampling().stop()).containsExactly("a", "\n#");
        assertThat(request.serviceTier()).isEqualTo("auto");
        assertThat(request.user()).isEqualTo("u1");
        assertThat(request.extra()).containsOnlyKeys("metadata.other");
    }

    @Test
    void takesNullForAbsent() {
        Request request =
                with(
                        "\"system\":null,\"temperature\":null,\"tools\":null,\"tool_choice\":null,"
                            + "\"thinking\":null,\"metadata\":{\"user_id\":null},\"stop_sequences\":null,"
                            + "\"output_config\":{\"effort\":null,\"format\":null},\"container\":null");
        assertThat(request).isEqualTo(with("\"stream\":false"));
    }

    @Test
    void readsSystemInBothForms() {
        assertThat(with("\"system\":\"be brief\"").system())
                .containsExactly(new Block.Text("be brief"));
        assertThat(
                        with("\"system\":[{\"type\":\"text\",\"text\":\"a\",\"cache_control\":{\"type\":"
                                 + " \"ephemeral\"}},{\"type\":\"text\",\"text\":\"b\"}]")
                                .system())
                .containsExactly(
                        new Block.Text("a", Raw.of("{\"type\": \"ephemeral\"}")),
                        new Block.Text("b"));
    }

    @Test
    void readsRolesInstructionsInBetweenToo() {
        Request request =
                decode(
                        "{\"model\":\"m\",\"max_tokens\":1,\"messages\":["
                            + "{\"role\":\"user\",\"content\":\"a\"},"
                            + "{\"content\":[{\"text\":\"b\",\"type\":\"text\"}],\"role\":\"system\"},"
                            + "{\"role\":\"assistant\",\"content\":\"c\"}]}");
        assertThat(request.messages())
                .containsExactly(
                        Message.of(Role.USER, "a"),
                        Message.of(Role.SYSTEM, "b"),
                        Message.of(Role.ASSISTANT, "c"));
    }

    @Test
    void readsImages() {
        assertThat(
                        block(
                                "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"iVBOR\"}}"))
                .isEqualTo(new Block.Image(new Source.Base64("image/png", "iVBOR"), null, null));
        assertThat(
                        block(
                                "{\"source\":{\"url\":\"https://x/y\",\"type\":\"url\"},\"type\":\"image\"}"))
                .isEqualTo(new Block.Image(new Source.Url("https://x/y"), null, null));
        assertThat(
                        block(
                                "{\"type\":\"image\",\"source\":{\"type\":\"file\",\"file_id\":\"f1\"},\"cache_control\":{}}"))
                .isEqualTo(new Block.Image(new Source.FileId("f1"), null, Raw.of("{}")));
    }

    @Test
    void readsDocuments() {
        assertThat(
                        block(
                                "{\"type\":\"document\",\"title\":\"t\",\"context\":\"c\",\"citations\":{\"enabled\":true},"
                                    + "\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\"JVBERi\"}}"))
                .isEqualTo(
                        new Block.Document(
                                new Source.Base64("application/pdf", "JVBERi"),
                                "t",
                                "c",
                                true,
                                null));
        assertThat(
                        block(
                                "{\"type\":\"document\",\"source\":{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":\"abc\"}}"))
                .isEqualTo(
                        new Block.Document(new Source.PlainText("abc"), null, null, false, null));
        String content = "{\"type\":\"document\",\"source\":{\"type\":\"content\",\"content\":[]}}";
        assertThat(block(content)).isEqualTo(new Block.Opaque("document", Raw.of(content)));
    }

    @Test
    @Tag("R47")
    void readsThinkingAsItIs() {
        assertThat(block("{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"Eq+/\"}"))
                .isEqualTo(new Block.Thinking("hm", "Eq+/"));
        assertThat(block("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"Eq+/\"}"))
                .isEqualTo(new Block.Thinking("", "Eq+/"));
        assertThat(block("{\"type\":\"redacted_thinking\",\"data\":\"Em\"}"))
                .isEqualTo(new Block.RedactedThinking("Em"));
    }

    @Test
    @Tag("R42")
    void readsCallsAndResultsWithoutTouchingArguments() {
        Request request =
                decode(
                        """
                        {"model":"m","max_tokens":1,"messages":[
                         {"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"f","input":{"b": 1.0, "a":"\\u00fc"}}]},
                         {"role":"user","content":[
                          {"type":"tool_result","tool_use_id":"toolu_1","content":"ok","is_error":false},
                          {"type":"tool_result","tool_use_id":"toolu_1","is_error":true,
                           "content":[{"type":"text","text":"no"},{"type":"search_result","source":"s"},
                                      {"type":"image","source":{"type":"url","url":"u"}}]},
                          {"type":"tool_result","tool_use_id":"toolu_1","content":null}]}]}\
                        """);
        assertThat(request.messages().getFirst().blocks())
                .containsExactly(
                        new Block.ToolUse(
                                "toolu_1", "f", "{\"b\": 1.0, \"a\":\"\\u00fc\"}", false, null));
        assertThat(request.messages().get(1).blocks())
                .containsExactly(
                        new Block.ToolResult("toolu_1", List.of(new Block.Text("ok")), false, null),
                        new Block.ToolResult(
                                "toolu_1",
                                List.of(
                                        new Block.Text("no"),
                                        new Block.Opaque(
                                                "search_result",
                                                Raw.of(
                                                        "{\"type\":\"search_result\",\"source\":\"s\"}")),
                                        new Block.Image(new Source.Url("u"), null, null)),
                                true,
                                null),
                        new Block.ToolResult("toolu_1", List.of(), false, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"search_result\",\"source\":\"x\",\"title\":\"t\",\"content\":[]}",
                "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{}}",
                "{\"type\":\"web_search_tool_result\",\"content\":{\"a\": 1e2}}",
                "{\"type\":\"container_upload\",\"file_id\":\"f\"}",
                "{\"x\":1,\"type\":\"of the future\"}"
            })
    @Tag("R45")
    void keepsBlocksWithoutACanonicalForm(String json) {
        assertThat(block(json))
                .isInstanceOfSatisfying(
                        Block.Opaque.class,
                        opaque -> assertThat(opaque.raw()).isEqualTo(Raw.of(json)));
    }

    @Test
    void readsTools() {
        Request request =
                with(
                        """
                        "tools":[{"name":"f","description":"d","input_schema":{"type": "object"},"strict":true,"cache_control":{"type":"ephemeral"},"eager_input_streaming":true},
                         {"type":"custom","name":"g","input_schema":{"type":"object"},"eager_input_streaming":false,"defer_loading":true},
                         {"type":"web_search_20250305","name":"web_search","max_uses":3},
                         {"type":"mcp_toolset","mcp_server_name":"x"}]\
                        """);
        assertThat(request.tools())
                .containsExactly(
                        new Tool.Function(
                                "f",
                                "d",
                                Raw.of("{\"type\": \"object\"}"),
                                true,
                                Raw.of("{\"type\":\"ephemeral\"}")),
                        new Tool.Function("g", null, Raw.of("{\"type\":\"object\"}"), null, null),
                        new Tool.Hosted(
                                "web_search",
                                "web_search_20250305",
                                Raw.of(
                                        "{\"type\":\"web_search_20250305\",\"name\":\"web_search\",\"max_uses\":3}")),
                        new Tool.Hosted(
                                "mcp_toolset",
                                "mcp_toolset",
                                Raw.of("{\"type\":\"mcp_toolset\",\"mcp_server_name\":\"x\"}")));
        assertThat(request.extra())
                .containsOnlyKeys("tools.eager_input_streaming", "tools.defer_loading");
    }

    @Test
    void readsEveryChoiceOfTools() {
        assertThat(choice("{\"type\":\"auto\"}").toolChoice()).isEqualTo(new ToolChoice.Auto());
        assertThat(choice("{\"type\":\"any\"}").toolChoice()).isEqualTo(new ToolChoice.Required());
        assertThat(choice("{\"type\":\"none\"}").toolChoice()).isEqualTo(new ToolChoice.None());
        Request named =
                choice("{\"name\":\"f\",\"type\":\"tool\",\"disable_parallel_tool_use\":true}");
        assertThat(named.toolChoice()).isEqualTo(new ToolChoice.Named("f"));
        assertThat(named.parallelToolCalls()).isFalse();
        assertThat(
                        choice("{\"type\":\"auto\",\"disable_parallel_tool_use\":false}")
                                .parallelToolCalls())
                .isTrue();
        assertThat(choice("{\"type\":\"auto\"}").parallelToolCalls()).isNull();
    }

    private static Request choice(String json) {
        return with("\"tools\":[{\"name\":\"f\",\"input_schema\":{}}],\"tool_choice\":" + json);
    }

    @Test
    void readsEveryFormOfThinking() {
        assertThat(with("\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}").thinking())
                .isEqualTo(ThinkingConfig.budget(1024));
        assertThat(
                        with("\"thinking\":{\"budget_tokens\":1500,\"type\":\"enabled\",\"display\":\"omitted\"},\"output_config\":{\"effort\":\"low\"}")
                                .thinking())
                .isEqualTo(new ThinkingConfig(Mode.BUDGET, 1500, Effort.LOW, Show.OMITTED));
        assertThat(
                        with("\"output_config\":{\"effort\":\"max\"},\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"}")
                                .thinking())
                .isEqualTo(new ThinkingConfig(Mode.ADAPTIVE, 0, Effort.MAX, Show.SUMMARIZED));
        assertThat(with("\"thinking\":{\"type\":\"disabled\"}").thinking())
                .isEqualTo(ThinkingConfig.off());
        assertThat(with("\"output_config\":{\"effort\":\"xhigh\"}").thinking())
                .isEqualTo(ThinkingConfig.effort(Effort.XHIGH));
        Request between = with("\"thinking\":{\"type\":\"between_tools\"}");
        assertThat(between.thinking()).isNull();
        assertThat(between.extra())
                .containsExactly(Map.entry("thinking", Raw.of("{\"type\":\"between_tools\"}")));
    }

    @Test
    void readsStructuredOutput() {
        Request request =
                with(
                        "\"output_config\":{\"format\":{\"type\":\"json_schema\",\"schema\":{\"type\":"
                            + " \"object\"}},\"new\":1}");
        assertThat(request.responseFormat())
                .isEqualTo(
                        new ResponseFormat.JsonSchema(
                                "", null, Raw.of("{\"type\": \"object\"}"), true));
        assertThat(request.extra()).containsOnlyKeys("output_config.new");
        assertThat(
                        with("\"output_config\":{\"format\":{\"type\":\"grammar\"},\"effort\":\"ultra\"}")
                                .extra())
                .containsOnlyKeys("output_config.format", "output_config.effort");
    }

    @Test
    void keepsEverythingElseAsItWasWritten() {
        Request request =
                with(
                        "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"},\"speed\":\"fast\",\"mcp_servers\":["
                            + " {\"n\":1.50} ],\"container\":\"c\"");
        assertThat(request.extra().keySet())
                .containsExactly("cache_control", "speed", "mcp_servers", "container");
        assertThat(request.extra().get("mcp_servers")).isEqualTo(Raw.of("[ {\"n\":1.50} ]"));
    }

    @Test
    void readsACountWithoutALimit() {
        Request request =
                Wire.DIALECT.decodeCountRequest(
                        Call.of(
                                ("{\"model\":\"m\"," + HELLO + "}")
                                        .getBytes(StandardCharsets.UTF_8)));
        assertThat(request.maxOutput()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}|model",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}|max_tokens",
                "{\"model\":\"m\",\"max_tokens\":null,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}|max_tokens",
                "{\"model\":\"m\",\"max_tokens\":1}|messages",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[]}|messages",
                "{\"model\":\"m\",\"max_tokens\":-1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}|max_tokens",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"human\",\"content\":\"x\"}]}|messages[0].role",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"content\":\"x\"}]}|messages[0].role",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\"}]}|messages[0].content",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}]}|messages[0].content[0].text",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}]}|messages[0].content[0].type",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\"}]}]}|messages[0].content[0].source",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"data\":\"x\"}}]}]}|messages[0].content[0].source.type",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"data\":\"x\"}}]}]}|messages[0].content[0].source.media_type",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"i\",\"name\":\"n\"}]}]}|messages[0].content[0].input",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"content\":\"x\"}]}]}|messages[0].content[0].tool_use_id",
                "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"x\"}]}]}|messages[0].content[0].tool_use_id"
            })
    void namesTheFieldThatIsMissingOrWrong(String body, String field) {
        Throwable thrown = catchThrowable(() -> decode(body));
        assertThat(thrown).isInstanceOf(FailureException.class);
        assertThat(((FailureException) thrown).failure().code())
                .isEqualTo(FailureCode.INVALID_REQUEST);
        assertThat(((FailureException) thrown).failure().field()).contains(field);
        assertThat(thrown).hasMessageContaining(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"temperature\":1.1|temperature",
                "\"top_p\":-0.1|top_p",
                "\"top_k\":-1|top_k",
                "\"stop_sequences\":[\"a\",\" \"]|stop_sequences[1]",
                "\"thinking\":{\"type\":\"enabled\"}|thinking.budget_tokens",
                "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1023}|thinking.budget_tokens",
                "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048}|thinking.budget_tokens",
                "\"tools\":[{\"input_schema\":{}}]|tools[0].name",
                "\"tools\":[{\"name\":\"f\"}]|tools[0].input_schema",
                "\"tool_choice\":{\"name\":\"f\"}|tool_choice.type",
                "\"tool_choice\":{\"type\":\"tool\"}|tool_choice.name",
                "\"tool_choice\":{\"type\":\"tool\",\"name\":\"f\"}|tool_choice.name",
                "\"tool_choice\":{\"type\":\"some\"}|tool_choice.type",
                "\"output_config\":{\"format\":{\"type\":\"json_schema\"}}|output_config.format.schema"
            })
    void refusesWhatTheVendorRefusesForEveryModel(String members, String field) {
        Throwable thrown = catchThrowable(() -> with(members));
        assertThat(thrown).isInstanceOf(FailureException.class).hasMessageContaining(field);
        assertThat(((FailureException) thrown).failure().field()).contains(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"temperature\":\"hot\"|temperature",
                "\"stream\":1|stream",
                "\"tools\":{}|tools",
                "\"system\":7|system",
                "\"stop_sequences\":\"x\"|stop_sequences",
                "\"thinking\":\"on\"|thinking",
                "\"output_config\":{\"effort\":3}|output_config.effort",
                "\"tools\":[{\"name\":\"f\",\"input_schema\":[]}]|tools[0].input_schema",
                "\"tools\":[3]|tools[0]",
                "\"metadata\":{\"user_id\":{}}|metadata.user_id"
            })
    void namesTheFieldOfAWrongType(String members, String field) {
        assertThat(pathOf(catchThrowable(() -> with(members)))).isEqualTo(field);
    }

    private static String pathOf(Throwable thrown) {
        return thrown instanceof MalformedJson malformed
                ? malformed.path()
                : ((FailureException) thrown).failure().field().orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model\":\"other\"",
                "\"Model\":\"other\"",
                "\"MESSAGES\":[]",
                "\"container\":{\"a\":1,\"a\":2}"
            })
    @Tag("S4")
    void refusesDoubtfulNames(String members) {
        assertThat(catchThrowable(() -> with(members))).isInstanceOf(MalformedJson.class);
    }

    @Test
    void takesWhatTheVendorMayTake() {
        String interleaved =
                "{\"model\":\"m\",\"max_tokens\":1500,"
                        + HELLO
                        + ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":4000}}";
        Headers beta = Headers.of("anthropic-beta", "x, interleaved-thinking-2025-05-14");
        Request request =
                Wire.DIALECT.decodeRequest(
                        new Call("", beta, interleaved.getBytes(StandardCharsets.UTF_8)));
        assertThat(request.thinking()).isEqualTo(ThinkingConfig.budget(4000));
        with(
                "\"tools\":[{\"type\":\"mcp_toolset\"}],\"tool_choice\":{\"type\":\"tool\",\"name\":\"remote\"}");
        with("\"mcp_servers\":[],\"tool_choice\":{\"type\":\"tool\",\"name\":\"remote\"}");
        decode(
                "{\"model\":\"m\",\"max_tokens\":0,\"messages\":[{\"role\":\"assistant\",\"content\":\"\"}]}");
    }
}

package dev.sluice.dialect.openaichat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.Source;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.ThinkingConfig.Effort;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** Requests of clients, read and checked. */
class OpenAiChatRequestDecoderTest {
    private static final String USER = "{\"role\":\"user\",\"content\":\"hi\"}";

    private static Request decode(String json) {
        return OpenAiChatRequestDecoder.decode(Chunks.utf8(json));
    }

    /** A request with these members beside the model and a message. */
    private static Request with(String members) {
        return decode("{\"model\":\"m\",\"messages\":[" + USER + "]," + members + "}");
    }

    /** A request with these messages. */
    private static Request messages(String... messages) {
        return decode("{\"model\":\"m\",\"messages\":[" + String.join(",", messages) + "]}");
    }

    /** The blocks of a user's message with this content. */
    private static List<Block> content(String content) {
        return messages("{\"role\":\"user\",\"content\":" + content + "}")
                .messages()
                .getFirst()
                .blocks();
    }

    @Test
    void readsTheSmallestRequest() {
        Request request = messages(USER);
        assertThat(request.dialect()).isEqualTo("openai-chat");
        assertThat(request.model()).isEqualTo("m");
        assertThat(request.messages()).containsExactly(Message.of(Role.USER, "hi"));
        assertThat(request.stream()).isFalse();
        assertThat(request.includeUsage()).isFalse();
        assertThat(request.choices()).isEqualTo(1);
        assertThat(request.sampling()).isEqualTo(Sampling.NONE);
        assertThat(request.extra()).isEmpty();
    }

    @Test
    void takesNullForAbsent() {
        Request nulls = decode(Requests.NULLS);
        assertThat(nulls.sampling()).isEqualTo(Sampling.NONE);
        assertThat(nulls.extra()).isEmpty();
        assertThat(nulls.tools()).isEmpty();
        assertThat(nulls.maxOutput()).isNull();
    }

    // ---- parameters ----

    @Test
    void readsEveryParameter() {
        Request request = decode(Requests.PARAMETERS);
        assertThat(request.sampling())
                .isEqualTo(
                        new Sampling(
                                1.5,
                                0.9,
                                null,
                                null,
                                -1.0,
                                0.25,
                                null,
                                -9007199254740993L,
                                true,
                                5L,
                                Raw.of("{\"50256\":-100}"),
                                List.of("a", "b")));
        assertThat(request.maxOutput()).isEqualTo(100);
        assertThat(request.maxOutputCountsThinking()).isTrue();
        assertThat(request.user()).isEqualTo("u-1");
        assertThat(request.serviceTier()).isEqualTo("flex");
        assertThat(request.thinking()).isEqualTo(ThinkingConfig.effort(Effort.HIGH));
        assertThat(request.parallelToolCalls()).isFalse();
        assertThat(request.extra().keySet())
                .containsExactly(
                        "metadata",
                        "store",
                        "modalities",
                        "verbosity",
                        "prompt_cache_key",
                        "future_parameter");
        assertThat(request.extra())
                .containsEntry("future_parameter", Raw.of("{\"a\":[1.0,2e2,null]}"));
    }

    @Test
    void readsParametersOfCompatibleServers() {
        Sampling sampling =
                with("\"top_k\":40,\"min_p\":0.05,\"repetition_penalty\":1.1").sampling();
        assertThat(sampling.topK()).isEqualTo(40);
        assertThat(sampling.minP()).isEqualTo(0.05);
        assertThat(sampling.repetitionPenalty()).isEqualTo(1.1);
    }

    @Test
    void prefersTheNewNameOfTheLimit() {
        Request both = with("\"max_tokens\":5,\"max_completion_tokens\":7");
        assertThat(both.maxOutput()).isEqualTo(7);
        Request old = with("\"max_tokens\":5");
        assertThat(old.maxOutput()).isEqualTo(5);
        assertThat(old.maxOutputCountsThinking()).isFalse();
        assertThat(with("\"max_tokens\":-1").maxOutput()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'\"END\"', 1",
        "'[\"a\",\"b\"]', 2",
        "[], 0",
        "'\"\"', 0",
        "'[\"a\",\"b\",\"c\",\"d\",\"e\"]', 5"
    })
    void readsStopsInBothForms(String stop, int count) {
        assertThat(with("\"stop\":" + stop).sampling().stop()).hasSize(count);
    }

    @Test
    void readsStreamOptions() {
        Request request = with("\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        assertThat(request.stream()).isTrue();
        assertThat(request.includeUsage()).isTrue();
        assertThat(request.extra()).isEmpty();
        Request more = with("\"stream\":true,\"stream_options\":{\"include_obfuscation\":false}");
        assertThat(more.includeUsage()).isFalse();
        assertThat(more.extra())
                .containsEntry("stream_options", Raw.of("{\"include_obfuscation\":false}"));
    }

    @ParameterizedTest
    @CsvSource({
        "none, OFF, UNSAID",
        "minimal, EFFORT, MINIMAL",
        "low, EFFORT, LOW",
        "medium, EFFORT, MEDIUM",
        "high, EFFORT, HIGH",
        "xhigh, EFFORT, XHIGH",
        "max, EFFORT, MAX",
    })
    void readsTheEffort(String word, ThinkingConfig.Mode mode, Effort effort) {
        ThinkingConfig thinking = with("\"reasoning_effort\":\"" + word + "\"").thinking();
        assertThat(thinking)
                .isEqualTo(new ThinkingConfig(mode, 0, effort, ThinkingConfig.Show.UNSAID));
    }

    @Test
    void keepsAnEffortThatItDoesNotKnow() {
        Request request = with("\"reasoning_effort\":\"default\"");
        assertThat(request.thinking()).isNull();
        assertThat(request.extra()).containsKey("reasoning_effort");
    }

    // ---- tools ----

    @Test
    void readsTools() {
        List<Tool> tools = decode(Requests.PARAMETERS).tools();
        assertThat(tools)
                .containsExactly(
                        new Tool.Function(
                                "f",
                                "d",
                                Raw.of(
                                        "{\"type\":\"object\",\"properties\":{\"x\":{\"type\":"
                                                + "\"number\",\"maximum\":1.0e3}}}"),
                                true,
                                null),
                        new Tool.Function("g", null, null, null, null),
                        new Tool.Custom("c", "e", Raw.of("{\"type\":\"text\"}")),
                        new Tool.Hosted(
                                "web_search_preview",
                                "web_search_preview",
                                Raw.of(
                                        "{\"type\":\"web_search_preview\",\"search_context_size\":"
                                                + "\"low\"}")));
    }

    @Test
    void readsEveryToolChoice() {
        String tools =
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},"
                        + "{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}],\"tool_choice\":";
        assertThat(with(tools + "\"none\"").toolChoice()).isEqualTo(new ToolChoice.None());
        assertThat(with(tools + "\"auto\"").toolChoice()).isEqualTo(new ToolChoice.Auto());
        assertThat(with(tools + "\"required\"").toolChoice()).isEqualTo(new ToolChoice.Required());
        assertThat(
                        with(tools + "{\"function\":{\"name\":\"f\"},\"type\":\"function\"}")
                                .toolChoice())
                .isEqualTo(new ToolChoice.Named("f"));
        assertThat(with(tools + "{\"type\":\"custom\",\"custom\":{\"name\":\"c\"}}").toolChoice())
                .isEqualTo(new ToolChoice.Named("c"));
        assertThat(decode(Requests.CHOICES).toolChoice())
                .isEqualTo(new ToolChoice.Allowed(List.of("c", "f"), true));
        Request unknown = with(tools + "{\"type\":\"file_search\"}");
        assertThat(unknown.toolChoice()).isNull();
        assertThat(unknown.extra()).containsKey("tool_choice");
    }

    @Test
    void readsResponseFormats() {
        assertThat(with("\"response_format\":{\"type\":\"text\"}").responseFormat())
                .isEqualTo(new ResponseFormat.PlainText());
        assertThat(with("\"response_format\":{\"type\":\"json_object\"}").responseFormat())
                .isEqualTo(new ResponseFormat.JsonObject());
        assertThat(decode(Requests.PARAMETERS).responseFormat())
                .isEqualTo(
                        new ResponseFormat.JsonSchema(
                                "n", "d", Raw.of("{\"type\":\"object\"}"), false));
        assertThat(
                        with("\"response_format\":{\"type\":\"json_object\",\"schema\":{\"a\":1}}")
                                .responseFormat())
                .isEqualTo(new ResponseFormat.JsonSchema("", null, Raw.of("{\"a\":1}"), null));
        Request unknown = with("\"response_format\":{\"type\":\"grammar\",\"grammar\":\"x\"}");
        assertThat(unknown.responseFormat()).isNull();
        assertThat(unknown.extra()).containsKey("response_format");
    }

    @Test
    void readsTheDeprecatedFunctions() {
        Request request =
                decode(
                        """
                        {"model":"m","functions":[{"name":"f","parameters":{}}],"function_call":{"name":"f"},
                         "messages":[{"role":"user","content":"hi"},
                          {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},
                          {"role":"function","name":"f","content":"1"}]}
                        """);
        assertThat(request.tools())
                .containsExactly(new Tool.Function("f", null, Raw.of("{}"), null, null));
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Named("f"));
        Block.ToolUse call = (Block.ToolUse) request.messages().get(1).blocks().getFirst();
        assertThat(call.name()).isEqualTo("f");
        assertThat(request.messages().get(2))
                .isEqualTo(
                        new Message(
                                Role.USER,
                                List.of(
                                        new Block.ToolResult(
                                                call.id(),
                                                List.of(new Block.Text("1")),
                                                false,
                                                null))));
        assertThat(with("\"function_call\":\"none\"").toolChoice())
                .isEqualTo(new ToolChoice.None());
    }

    // ---- messages ----

    @Test
    void makesASystemPromptOfWhatStandsInFront() {
        Request request = decode(Requests.CONVERSATION);
        assertThat(request.system())
                .containsExactly(new Block.Text("Be brief."), new Block.Text("Be kind."));
        assertThat(request.messages())
                .extracting(Message::role)
                .containsExactly(
                        Role.USER,
                        Role.ASSISTANT,
                        Role.USER,
                        Role.SYSTEM,
                        Role.ASSISTANT,
                        Role.USER);
    }

    @Test
    void foldsToolResultsAndTheUserBehindThemIntoOneMessage() {
        Message turn = decode(Requests.CONVERSATION).messages().get(2);
        assertThat(turn.blocks())
                .containsExactly(
                        new Block.ToolResult(
                                "call_1", List.of(new Block.Text("a cat")), false, null),
                        new Block.ToolResult("call_2", List.of(new Block.Text("1")), false, null),
                        new Block.Text("And now?"));
    }

    @Test
    void readsEveryKindOfPart() {
        List<Block> blocks = decode(Requests.CONVERSATION).messages().getFirst().blocks();
        assertThat(blocks)
                .containsExactly(
                        new Block.Text("What is \"this\"? \u2028 🎉"),
                        new Block.Image(
                                new Source.Base64("image/png", "iVBORw0KGgo="), "low", null),
                        new Block.Image(new Source.Url("https://example.org/a.png"), null, null),
                        new Block.Audio("UklGRg==", "wav"),
                        new Block.Document(
                                new Source.Base64("application/pdf", "JVBERi0="),
                                "a.pdf",
                                null,
                                false,
                                null),
                        new Block.Document(new Source.FileId("file-1"), null, null, false, null),
                        new Block.Opaque(
                                "video_url",
                                Raw.of(
                                        "{\"type\":\"video_url\",\"video_url\":{\"url\":"
                                                + "\"https://example.org/a.mp4\"}}")));
    }

    @Test
    void readsPartsWhoseTypeComesLast() {
        assertThat(content("[{\"text\":\"a\",\"type\":\"text\"}]"))
                .containsExactly(new Block.Text("a"));
    }

    @Test
    void takesAnImageAddressWithoutItsObject() {
        assertThat(content("[{\"type\":\"image_url\",\"image_url\":\"data:;base64,iVBOR\"}]"))
                .containsExactly(
                        new Block.Image(new Source.Base64("image/png", "iVBOR"), null, null));
    }

    @Test
    void keepsCacheBreakpoints() {
        assertThat(
                        content(
                                "[{\"type\":\"text\",\"text\":\"a\",\"prompt_cache_breakpoint\":"
                                        + "{\"mode\":\"explicit\"}}]"))
                .containsExactly(new Block.Text("a", Raw.of("{\"mode\":\"explicit\"}")));
    }

    @Test
    void readsWhatAnAssistantSaid() {
        Request request =
                messages(
                        USER,
                        "{\"role\":\"assistant\",\"content\":\"text\",\"reasoning_content\":\"hm\","
                            + "\"audio\":{\"id\":\"a1\"},\"tool_calls\":[{\"id\":\"c\",\"type\":"
                            + "\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{bro\"}}]}",
                        "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"\"}");
        assertThat(request.messages().get(1).blocks())
                .containsExactly(
                        new Block.Thinking("hm", ""),
                        new Block.Text("text"),
                        new Block.Opaque(OpenAiChatExtra.AUDIO, Raw.of("{\"id\":\"a1\"}")),
                        new Block.ToolUse("c", "f", "{bro", false, null));
    }

    @Test
    void remembersThatMembersOfMessagesAreLost() {
        Request request =
                messages(
                        "{\"role\":\"user\",\"content\":\"hi\",\"name\":\"Ann\"}",
                        "{\"role\":\"assistant\",\"content\":\"x\",\"prefix\":true,\"annotations\":[]}",
                        USER);
        assertThat(request.extra().keySet()).containsExactly("messages.name", "messages.prefix");
    }

    // ---- what is refused ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"temperature\":2.5'|temperature",
                "'\"temperature\":-0.1'|temperature",
                "'\"top_p\":1.5'|top_p",
                "'\"presence_penalty\":3'|presence_penalty",
                "'\"frequency_penalty\":-3'|frequency_penalty",
                "'\"n\":0'|n",
                "'\"n\":129'|n",
                "'\"top_logprobs\":21'|top_logprobs",
                "'\"max_tokens\":0'|max_tokens",
                "'\"max_completion_tokens\":-2'|max_completion_tokens",
                "'\"tool_choice\":\"required\"'|tool_choice",
                "'\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}'|tool_choice",
            })
    void refusesValuesOutOfRangeAndNamesTheField(String members, String param) {
        assertThatThrownBy(() -> with(members))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> {
                            assertThat(e.failure().code()).isEqualTo(FailureCode.INVALID_REQUEST);
                            assertThat(e.failure().param()).isEqualTo(param);
                            assertThat(e.failure().message()).contains(param);
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"stream\":\"yes\"'|stream",
                "'\"temperature\":\"hot\"'|temperature",
                "'\"max_tokens\":1.5'|max_tokens",
                "'\"stop\":7'|stop",
                "'\"stop\":[\"a\",7]'|stop[1]",
                "'\"logit_bias\":[]'|logit_bias",
                "'\"tools\":{}'|tools",
                "'\"tools\":[7]'|tools[0]",
                "'\"tools\":[{\"function\":{\"name\":\"f\"}}]'|tools[0]",
                "'\"tools\":[{\"type\":\"function\"}]'|tools[0]",
                "'\"tools\":[{\"type\":\"function\",\"function\":{\"name\":7}}]'|tools[0].function.name",
                "'\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":[]}}]'"
                    + "|tools[0].function.parameters",
                "'\"tool_choice\":\"sometimes\"'|tool_choice",
                "'\"response_format\":\"json\"'|response_format",
                "'\"response_format\":{\"type\":\"json_schema\"}'|response_format",
                "'\"stream_options\":{\"include_usage\":1}'|stream_options.include_usage",
                "'\"reasoning_effort\":3'|reasoning_effort",
                "'\"functions\":[{}]'|functions[0]",
            })
    void refusesWrongTypesAndNamesTheField(String members, String path) {
        assertThatThrownBy(() -> with(members))
                .isInstanceOfSatisfying(
                        MalformedJson.class, e -> assertThat(e.path()).startsWith(path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"content\":\"x\"}|messages[1].role",
                "{\"role\":\"robot\",\"content\":\"x\"}|messages[1].role",
                "{\"role\":\"user\"}|messages[1].content",
                "{\"role\":\"user\",\"content\":null}|messages[1].content",
                "{\"role\":\"tool\",\"content\":\"x\"}|messages[1].tool_call_id",
                "{\"role\":\"tool\",\"tool_call_id\":\"zz\",\"content\":\"x\"}|messages[1].tool_call_id",
                "{\"role\":\"function\",\"name\":\"f\",\"content\":\"x\"}|messages[1].name",
            })
    void refusesMessagesThatDoNotFit(String message, String param) {
        assertThatThrownBy(() -> messages(USER, message))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        e -> assertThat(e.failure().param()).isEqualTo(param));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7|messages[1]",
                "{\"role\":7}|messages[1].role",
                "{\"role\":\"user\",\"content\":7}|messages[1].content",
                "{\"role\":\"user\",\"content\":[7]}|messages[1].content[0]",
                "{\"role\":\"user\",\"content\":[{\"text\":\"x\"}]}|messages[1].content[0]",
                "{\"role\":\"user\",\"content\":[{\"type\":\"text\"}]}|messages[1].content[0]",
                "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png,x\"}}]}"
                    + "|messages[1].content[0].image_url.url",
                "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}"
                        + "|messages[1].content[0].image_url",
                "{\"role\":\"user\",\"content\":[{\"type\":\"file\",\"file\":{}}]}"
                        + "|messages[1].content[0].file",
                "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":{}}}]}"
                    + "|messages[1].tool_calls[0].function.arguments",
                "{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}"
                    + "|messages[1].tool_calls[0]",
                "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\"}]}|messages[1].tool_calls[0]",
            })
    void refusesMalformedMessagesAndSaysWhere(String message, String path) {
        assertThatThrownBy(() -> messages(USER, message))
                .isInstanceOfSatisfying(
                        MalformedJson.class, e -> assertThat(e.path()).startsWith(path));
    }

    @Test
    void refusesARequestWithoutAModelOrMessages() {
        assertThatThrownBy(() -> decode("{\"messages\":[" + USER + "]}"))
                .hasMessageContaining("model");
        assertThatThrownBy(() -> decode("{\"model\":\"m\"}")).hasMessageContaining("messages");
        assertThatThrownBy(() -> decode("{\"model\":\"m\",\"messages\":[]}"))
                .hasMessageContaining("at least one message");
    }

    @ParameterizedTest
    @ValueSource(strings = {"messages[0].content", "tools[0].function.description"})
    void neverShowsWhatTheClientWrote(String where) {
        String secret = "s3cret";
        String json =
                where.startsWith("messages")
                        ? "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\""
                                + secret
                                + "\u0001\"}]}"
                        : "{\"model\":\"m\",\"messages\":["
                                + USER
                                + "],\"tools\":[{\"type\":\"function\","
                                + "\"function\":{\"name\":\"f\",\"description\":[\""
                                + secret
                                + "\"]}}]}";
        Throwable thrown = catchThrowable(() -> decode(json));
        assertThat(thrown).isNotNull();
        assertThat(thrown.toString()).doesNotContain(secret);
    }
}

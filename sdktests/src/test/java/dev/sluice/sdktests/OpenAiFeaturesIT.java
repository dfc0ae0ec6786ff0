package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionCustomTool;
import com.openai.models.chat.completions.ChatCompletionMessageCustomToolCall;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.chat.completions.StructuredChatCompletion;

import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.AnthropicEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** What only OpenAI's library can say, to upstreams of both vendors. */
class OpenAiFeaturesIT {
    private static final AnthropicEvents MESSAGE = AnthropicEvents.of("msg_s", "claude-sonnet-4-5");

    /** An answer in the form of a class. */
    public static final class Town {
        /** Its name. */
        @JsonPropertyDescription("its name")
        public String name = "";

        /** How many live there. */
        public long people;
    }

    private static OpenAIClient client(Rig rig) {
        return ((OpenAiSdk) rig.sdk()).client();
    }

    private static ChatCompletionCreateParams.Builder params() {
        return ChatCompletionCreateParams.builder().model("gpt-5-mini");
    }

    private static ChatCompletion create(Rig rig, ChatCompletionCreateParams.Builder params) {
        return client(rig).chat().completions().create(params.build());
    }

    @ParameterizedTest
    @EnumSource(
            value = Pair.class,
            names = {"OPENAI_TO_OPENAI", "OPENAI_TO_ANTHROPIC"})
    void answersInTheFormOfAClass(Pair pair) {
        String town = "{\"name\":\"Paris\",\"people\":2100000}";
        try (Rig rig =
                Rig.of(
                        pair,
                        pair.forUpstream(
                                Script.json(200, Answers.completion(town)),
                                Script.stream()
                                        .send(
                                                MESSAGE.start(9)
                                                        + MESSAGE.textBlock(0, town)
                                                        + MESSAGE.end("end_turn", 9))))) {
            StructuredChatCompletion<Town> completion =
                    client(rig)
                            .chat()
                            .completions()
                            .create(
                                    params().addUserMessage("Which town?")
                                            .responseFormat(Town.class)
                                            .build());

            Town heard = completion.choices().getFirst().message().content().orElseThrow();
            assertThat(heard.name).isEqualTo("Paris");
            assertThat(heard.people).isEqualTo(2_100_000);
            JsonNode request = rig.arrived(1);
            JsonNode schema =
                    pair.forUpstream(
                            request.path("response_format").path("json_schema").path("schema"),
                            request.path("output_config").path("format").path("schema"));
            assertThat(schema.path("properties").path("name").path("description").asString())
                    .isEqualTo("its name");
        }
    }

    @Test
    @Tag("R42")
    void callsCustomToolsOfAnthropicAsFunctions() {
        String sql = "SELECT \"name\"\nFROM town";
        Script script =
                Script.stream()
                        .send(
                                MESSAGE.start(9)
                                        + MESSAGE.toolStart(0, "toolu_1", "sql")
                                        + MESSAGE.input(0, "{\"input\":" + Json.quote(sql))
                                        + MESSAGE.input(0, "}")
                                        + MESSAGE.blockStop(0)
                                        + MESSAGE.end("tool_use", 9));
        try (Rig rig = Rig.of(Pair.OPENAI_TO_ANTHROPIC, script)) {
            ChatCompletionCreateParams.Builder params =
                    params().addUserMessage("Which town?").addCustomTool(custom());
            ChatCompletion completion = create(rig, params);

            ChatCompletionMessageCustomToolCall call =
                    completion
                            .choices()
                            .getFirst()
                            .message()
                            .toolCalls()
                            .orElseThrow()
                            .getFirst()
                            .asCustom();
            assertThat(call.custom().name()).isEqualTo("sql");
            assertThat(call.custom().input()).isEqualTo(sql);

            create(
                    rig,
                    params.addMessage(completion.choices().getFirst().message())
                            .addMessage(
                                    ChatCompletionToolMessageParam.builder()
                                            .toolCallId(call.id())
                                            .content("Paris")
                                            .build()));
            JsonNode replayed = rig.arrived(2).path("messages").path(1).path("content").path(0);
            assertThat(replayed.path("input").path("input").asString()).isEqualTo(sql);
        }
    }

    private static ChatCompletionCustomTool.Custom custom() {
        return ChatCompletionCustomTool.Custom.builder()
                .name("sql")
                .description("asks the database")
                .formatText()
                .build();
    }

    @Test
    void choosesTools() {
        try (Rig rig = Rig.of(Pair.OPENAI_TO_ANTHROPIC, Story.of(Vendor.ANTHROPIC, "01"))) {
            create(
                    rig,
                    withTool()
                            .toolChoice(
                                    ChatCompletionNamedToolChoice.builder()
                                            .function(
                                                    ChatCompletionNamedToolChoice.Function.builder()
                                                            .name("get_time")
                                                            .build())
                                            .build())
                            .parallelToolCalls(false));
            create(rig, withTool().toolChoice(ChatCompletionToolChoiceOption.Auto.NONE));
            create(rig, withTool().parallelToolCalls(false));

            JsonNode named = rig.arrived(1).path("tool_choice");
            assertThat(named.path("type").asString()).isEqualTo("tool");
            assertThat(named.path("name").asString()).isEqualTo("get_time");
            assertThat(named.path("disable_parallel_tool_use").booleanValue()).isTrue();
            assertThat(rig.arrived(2).path("tool_choice").path("type").asString())
                    .isEqualTo("none");
            JsonNode auto = rig.arrived(3).path("tool_choice");
            assertThat(auto.path("type").asString()).isEqualTo("auto");
            assertThat(auto.path("disable_parallel_tool_use").booleanValue()).isTrue();
        }
    }

    private static ChatCompletionCreateParams.Builder withTool() {
        return params().addUserMessage("What time is it?")
                .addFunctionTool(
                        com.openai.models.FunctionDefinition.builder().name("get_time").build());
    }

    @Test
    void speaksAsADeveloper() {
        try (Rig rig = Rig.of(Pair.OPENAI_TO_ANTHROPIC, Story.of(Vendor.ANTHROPIC, "01"))) {
            create(
                    rig,
                    params().addDeveloperMessage("Be brief.").addUserMessage("Where is Paris?"));

            assertThat(rig.arrived(1).path("system").toString()).contains("Be brief.");
        }
    }

    @Test
    void sendsDocuments() {
        String pdf = "JVBERi0xLjQKJSVFT0YK";
        try (Rig rig = Rig.of(Pair.OPENAI_TO_ANTHROPIC, Story.of(Vendor.ANTHROPIC, "01"))) {
            create(
                    rig,
                    params().addUserMessageOfArrayOfContentParts(
                                    List.of(
                                            ChatCompletionContentPart.ofFile(
                                                    ChatCompletionContentPart.File.builder()
                                                            .file(
                                                                    ChatCompletionContentPart.File
                                                                            .FileObject.builder()
                                                                            .fileData(
                                                                                    "data:application/pdf;base64,"
                                                                                            + pdf)
                                                                            .filename("a.pdf")
                                                                            .build())
                                                            .build()),
                                            ChatCompletionContentPart.ofText(
                                                    ChatCompletionContentPartText.builder()
                                                            .text("What is this?")
                                                            .build()))));

            JsonNode document = rig.arrived(1).path("messages").path(0).path("content").path(0);
            assertThat(document.path("type").asString()).isEqualTo("document");
            assertThat(document.path("source").path("media_type").asString())
                    .isEqualTo("application/pdf");
            assertThat(document.path("source").path("data").asString()).isEqualTo(pdf);
            assertThat(document.path("title").asString()).isEqualTo("a.pdf");
        }
    }

    /** Nobody asked for the numbers: they are not told, and the gateway knows them all the same. */
    @ParameterizedTest
    @EnumSource(
            value = Pair.class,
            names = {"OPENAI_TO_OPENAI", "OPENAI_TO_ANTHROPIC"})
    @Tag("R27")
    void isNotToldUsageThatItDoesNotAskFor(Pair pair) {
        try (Rig rig = Rig.of(pair, Story.of(pair, "01"));
                StreamResponse<ChatCompletionChunk> chunks =
                        client(rig)
                                .chat()
                                .completions()
                                .createStreaming(params().addUserMessage("Paris?").build())) {
            List<ChatCompletionChunk> all = chunks.stream().toList();

            assertThat(all).noneMatch(chunk -> chunk.usage().isPresent());
            assertThat(all).noneMatch(chunk -> chunk.choices().isEmpty());
            assertThat(all.stream().map(ChatCompletionChunk::id).distinct()).hasSize(1);
            assertThat(all.stream().map(ChatCompletionChunk::created).distinct()).hasSize(1);
            assertThat(rig.gateway().nextRecord().usage().output()).isEqualTo(31);
        }
    }

    @Test
    void isToldWhatIsLeftOut() throws Exception {
        try (Rig rig = Rig.of(Pair.OPENAI_TO_ANTHROPIC, Story.of(Vendor.ANTHROPIC, "01"));
                HttpResponseFor<ChatCompletion> response =
                        client(rig)
                                .chat()
                                .completions()
                                .withRawResponse()
                                .create(tuned().temperature(1.5).build())) {
            assertThat(response.headers().values("x-gateway-warnings").toString())
                    .contains("frequency_penalty", "presence_penalty", "logprobs", "temperature");
            assertThat(rig.arrived(1).path("temperature").doubleValue(1)).isEqualTo(1);
        }
    }

    private static ChatCompletionCreateParams.Builder tuned() {
        return params().addUserMessage("Paris?")
                .frequencyPenalty(0.25)
                .presencePenalty(0.5)
                .logprobs(true)
                .putAdditionalBodyProperty("top_k", JsonValue.from(7));
    }

    @Test
    void refusesToLeaveOutWhatMustNotBe() {
        try (Rig rig = Rig.of(Pair.OPENAI_TO_ANTHROPIC, Story.of(Vendor.ANTHROPIC, "01"))) {
            assertThatThrownBy(
                            () ->
                                    create(
                                            rig,
                                            tuned().putAdditionalHeader(
                                                            "x-gateway-strict", "true")))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("presence_penalty");
            assertThatThrownBy(() -> create(rig, params().addUserMessage("Paris?").n(2)))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("n");
            assertThat(rig.upstream().requests()).isEmpty();
        }
    }

    @Test
    void hearsSeveralChoicesWhereTheyAreRelayed() {
        String two =
                "{\"id\":\"chatcmpl-2\",\"object\":\"chat.completion\",\"created\":1760000000,\"model\":\"gpt-5-mini\",\"choices\":["
                    + "{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"one\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"},"
                    + "{\"index\":1,\"message\":{\"role\":\"assistant\",\"content\":\"two\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}";
        try (Rig rig = Rig.of(Pair.OPENAI_TO_OPENAI, Script.json(200, two))) {
            ChatCompletion completion = create(rig, params().addUserMessage("Paris?").n(2));

            assertThat(completion.choices())
                    .extracting(choice -> choice.message().content().orElse(""))
                    .containsExactly("one", "two");
        }
    }

    /** The old name of the limit, which compatible servers still want and vendors still take. */
    @ParameterizedTest
    @EnumSource(
            value = Pair.class,
            names = {"OPENAI_TO_OPENAI", "OPENAI_TO_ANTHROPIC"})
    @SuppressWarnings("deprecation") // the name is old
    void limitsByTheOldName(Pair pair) {
        try (Rig rig = Rig.of(pair, Story.of(pair, "01"))) {
            create(rig, params().addUserMessage("Paris?").maxTokens(77));

            assertThat(rig.arrived(1).path("max_tokens").longValue()).isEqualTo(77);
        }
    }
}

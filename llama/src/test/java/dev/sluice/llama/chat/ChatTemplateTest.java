package dev.sluice.llama.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.Source;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;
import dev.sluice.llama.template.TemplateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

class ChatTemplateTest {
    static final Tool WEATHER =
            new Tool.Function(
                    "get_weather",
                    "The weather",
                    Raw.of(
                            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}"),
                    null,
                    null);

    static ChatTemplate family(String name) {
        try (InputStream in =
                ChatTemplateTest.class.getResourceAsStream("/templates/" + name + ".jinja")) {
            String source =
                    new String(
                            Objects.requireNonNull(in, name).readAllBytes(),
                            StandardCharsets.UTF_8);
            return ChatTemplate.of(source, "<s>", "</s>");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Request request(Message... messages) {
        Request.Builder builder = Request.builder("test");
        builder.messages.addAll(Arrays.asList(messages));
        return builder.build();
    }

    private static Request with(Request request, Tool... tools) {
        Request.Builder builder = request.toBuilder();
        builder.tools.addAll(Arrays.asList(tools));
        return builder.build();
    }

    private static Message user(String text) {
        return Message.of(Role.USER, text);
    }

    private static Message calling(String... idsAndNames) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < idsAndNames.length; i += 2) {
            blocks.add(
                    new Block.ToolUse(
                            idsAndNames[i],
                            idsAndNames[i + 1],
                            "{\"city\": \"Bern " + i + "\"}",
                            false,
                            null));
        }
        return new Message(Role.ASSISTANT, blocks);
    }

    private static Message results(String... idsAndTexts) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < idsAndTexts.length; i += 2) {
            blocks.add(
                    new Block.ToolResult(
                            idsAndTexts[i],
                            List.of(new Block.Text(idsAndTexts[i + 1])),
                            false,
                            null));
        }
        return new Message(Role.USER, blocks);
    }

    @ParameterizedTest
    @CsvSource({
        "chatml, plain, false, <|im_end|>",
        "command-r, command-r7b, true, <|END_OF_TURN_TOKEN|>",
        "deepseek-r1, deepseek, false, <｜end▁of▁sentence｜>",
        "deepseek-r1-distill, deepseek, false, <｜end▁of▁sentence｜>",
        "gemma, plain, false, <end_of_turn>",
        "gpt-oss, harmony, true, <|return|> <|call|>",
        "granite, granite, true, <|end_of_text|>",
        "hermes, hermes, true, <|im_end|>",
        "llama-3, llama-3, true, <|eom_id|> <|eot_id|>",
        "mistral-nemo, mistral, true, ''",
        "mixtral, plain, false, ''",
        "phi-3.5, plain, false, <|end|>",
        "phi-4-mini, phi-4, true, <|end|>",
        "qwen2.5, hermes, true, <|im_end|>",
        "qwen3, hermes, true, <|im_end|>",
        "qwen3.6, qwen-tags, true, <|im_end|>",
        "smollm2, plain, false, <|im_end|>",
        "smollm3, hermes, false, <|im_end|>",
        "zephyr, plain, false, ''",
    })
    void findsOutWhatEachFamilyCanDo(String name, String format, boolean tools, String stops) {
        ChatTemplate template = family(name);
        assertThat(template.format().family()).isEqualTo(format);
        assertThat(template.declaresTools()).isEqualTo(tools);
        assertThat(String.join(" ", template.prompt(request(user("Hi"))).stops())).isEqualTo(stops);
    }

    private static final String[] FAMILIES = {
        "chatml",
        "command-r",
        "deepseek-r1",
        "deepseek-r1-distill",
        "gemma",
        "gpt-oss",
        "granite",
        "hermes",
        "llama-3",
        "mistral-nemo",
        "mixtral",
        "phi-3.5",
        "phi-4-mini",
        "qwen2.5",
        "qwen3",
        "qwen3.6",
        "smollm2",
        "smollm3",
        "zephyr"
    };

    static List<String> families() {
        return List.of(FAMILIES);
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("families")
    void nothingOfAConversationIsLostInAnyFamily(String name) {
        Request.Builder builder =
                request(
                        user("question one"),
                        user("question two"),
                        calling(
                                "call_0123456789abcdef01234567",
                                "get_weather",
                                "call_x",
                                "get_weather"),
                        results(
                                "call_0123456789abcdef01234567",
                                "result one",
                                "call_x",
                                "result two"),
                        Message.of(Role.SYSTEM, "note between"),
                        user("question three"))
                        .toBuilder();
        builder.system.add(new Block.Text("system words"));
        builder.tools.add(WEATHER);
        String text = family(name).prompt(builder.build()).text();
        assertThat(text)
                .contains(
                        "system words",
                        "question one",
                        "question two",
                        "get_weather",
                        "The weather",
                        "Bern 0",
                        "Bern 2",
                        "result one",
                        "result two",
                        "note between",
                        "question three");
        assertThat(text.indexOf("result one")).isLessThan(text.indexOf("result two"));
    }

    @Test
    void qwenGetsItsOwnToolText() {
        ChatPrompt prompt = family("qwen3").prompt(with(request(user("Hi")), WEATHER));
        assertThat(prompt.text())
                .contains(
                        """
                        <tools>
                        {"type": "function", "function": {"name": "get_weather", "description": "The weather", "parameters": {"type": "object\"\
                        """)
                .endsWith("<|im_start|>assistant\n");
        assertThat(prompt.tools()).containsExactly("get_weather");
    }

    @Test
    void toolsAreEmulatedWhereTheTemplateKnowsNone() {
        Request request =
                with(
                        request(
                                user("Hi"),
                                calling("a", "get_weather"),
                                results("a", "21 degrees")),
                        WEATHER);
        ChatPrompt prompt = family("zephyr").prompt(request);
        assertThat(prompt.text())
                .startsWith("<|system|>\nYou can call functions.")
                .contains(
                        "<tools>\n{\"type\": \"function\"",
                        """
                        <|assistant|>
                        <tool_call>
                        {"name": "get_weather", "arguments": {"city": "Bern 0"}}
                        </tool_call></s>\
                        """,
                        "<|user|>\n<tool_response>\n21 degrees\n</tool_response></s>");
        assertThat(
                        Answers.everyCut(
                                prompt,
                                """
                                <tool_call>
                                {"name": "get_weather", "arguments": {}}
                                </tool_call>\
                                """))
                .containsExactly("call id0 get_weather", "ARGUMENTS {}", "stop TOOL_USE");
    }

    @Test
    void idsOfCallsAreMadeToFit() {
        String text =
                family("mistral-nemo")
                        .prompt(
                                with(
                                        request(
                                                user("Hi"),
                                                calling("call_0123456789", "get_weather"),
                                                results("call_0123456789", "21")),
                                        WEATHER))
                        .text();
        assertThat(text).contains("\"id\": \"call00001\"", "\"call_id\": \"call00001\"");
    }

    @Test
    void severalCallsComeOneByOneWhereTheTemplateTakesOne() {
        String text =
                family("llama-3")
                        .prompt(
                                with(
                                        request(
                                                user("Hi"),
                                                calling("a", "get_weather", "b", "get_time"),
                                                results("a", "21", "b", "noon")),
                                        WEATHER))
                        .text();
        assertThat(text.indexOf("get_weather\", \"parameters\": {\"city\": \"Bern 0\"}"))
                .isPositive()
                .isLessThan(text.indexOf("\n\n21<"));
        assertThat(text.indexOf("\n\n21<")).isLessThan(text.indexOf("get_time\""));
        assertThat(text.indexOf("get_time\"")).isLessThan(text.indexOf("\n\nnoon<"));
    }

    @Test
    void messagesOfOneRoleAreJoinedWhereTheyMustAlternate() {
        assertThat(family("mixtral").prompt(request(user("One"), user("Two"))).text())
                .isEqualTo("<s>[INST] One\n\nTwo [/INST]");
        Request.Builder builder = request(user("One")).toBuilder();
        builder.system.add(new Block.Text("Be kind."));
        assertThat(family("mixtral").prompt(builder.build()).text())
                .isEqualTo("<s>[INST] Be kind.\n\nOne [/INST]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deepseek-r1", "deepseek-r1-distill"})
    void argumentsAreTextWhereTheTemplateWantsText(String name) {
        String text =
                family(name)
                        .prompt(
                                request(
                                        user("Hi"),
                                        calling("a", "get_weather"),
                                        results("a", "21")))
                        .text();
        assertThat(text).contains("get_weather\n```json\n{\"city\": \"Bern 0\"}\n```");
    }

    @Test
    void thinkingIsSwitchedAsTheClientSays() {
        ChatTemplate qwen = family("qwen3");
        Request.Builder builder = request(user("Hi")).toBuilder();
        builder.thinking = ThinkingConfig.off();
        assertThat(qwen.prompt(builder.build()).text()).endsWith("<think>\n\n</think>\n\n");
        builder.thinking = ThinkingConfig.effort(ThinkingConfig.Effort.HIGH);
        assertThat(qwen.prompt(builder.build()).text()).endsWith("<|im_start|>assistant\n");
        assertThat(family("gpt-oss").prompt(builder.build()).text()).contains("Reasoning: high");
        builder.thinking = null;
        assertThat(family("gpt-oss").prompt(builder.build()).text()).contains("Reasoning: medium");
        assertThat(family("qwen3.6").prompt(builder.build()).opensThinking()).isTrue();
        assertThat(family("deepseek-r1-distill").prompt(builder.build()).opensThinking()).isTrue();
        builder.extra.put(
                "chat_template_kwargs", Raw.of("{\"enable_thinking\": false, \"messages\": []}"));
        assertThat(qwen.prompt(builder.build()).text())
                .contains("Hi")
                .endsWith("<think>\n\n</think>\n\n");
    }

    @Test
    void thinkingOfEarlierTurnsGoesWhereTheTemplateLooksForIt() {
        Message thought =
                new Message(
                        Role.ASSISTANT,
                        List.of(
                                new Block.Thinking("I must look.", ""),
                                new Block.ToolUse("a", "get_weather", "{}", false, null)));
        Request request = with(request(user("Hi"), thought, results("a", "21")), WEATHER);
        assertThat(family("qwen3").prompt(request).text())
                .contains("<think>\nI must look.\n</think>\n\n<tool_call>");
        assertThat(family("gpt-oss").prompt(request).text())
                .contains("<|channel|>analysis<|message|>I must look.<|end|>");
        assertThat(family("llama-3").prompt(request).text()).doesNotContain("I must look.");
    }

    @Test
    void anAnswerThatIsBegunIsContinued() {
        assertThat(
                        family("qwen2.5")
                                .prompt(
                                        request(
                                                user("Hi"),
                                                Message.of(Role.ASSISTANT, "Once upon")))
                                .text())
                .endsWith("<|im_start|>assistant\nOnce upon");
    }

    @Test
    void noToolsAreDeclaredWhereNoneMayBeCalled() {
        Request.Builder builder = with(request(user("Hi")), WEATHER).toBuilder();
        builder.toolChoice = new ToolChoice.None();
        ChatPrompt prompt = family("qwen3").prompt(builder.build());
        assertThat(prompt.text()).doesNotContain("get_weather");
        assertThat(prompt.tools()).isEmpty();
    }

    @Test
    void whatNoTextCanSayIsRefusedByItsName() {
        Block image = new Block.Image(new Source.Url("https://example.com/a.png"), null, null);
        assertThatThrownBy(
                        () ->
                                family("qwen3")
                                        .prompt(
                                                request(
                                                        user("Hi"),
                                                        new Message(Role.USER, List.of(image)))))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        refused -> {
                            assertThat(refused.failure().code()).isEqualTo(FailureCode.UNSUPPORTED);
                            assertThat(refused.failure().param()).isEqualTo("messages[1]");
                            assertThat(refused.failure().message()).contains("images");
                        });
        assertThatThrownBy(
                        () ->
                                family("qwen3")
                                        .prompt(
                                                with(
                                                        request(user("Hi")),
                                                        new Tool.Hosted(
                                                                "search",
                                                                "web_search",
                                                                Raw.of("{}")))))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        refused -> {
                            assertThat(refused.failure().param()).isEqualTo("tools[0]");
                            assertThat(refused.failure().message()).contains("web_search");
                        });
    }

    @Test
    void documentsStandApartWhereTheTemplateTakesThem() {
        Block document =
                new Block.Document(new Source.PlainText("It rains."), "Weather", null, false, null);
        Request request = request(new Message(Role.USER, List.of(document, new Block.Text("So?"))));
        assertThat(family("granite").prompt(request).text())
                .contains("\"}<|end_of_role|>\nIt rains.<|end_of_text|>");
        assertThat(family("qwen3").prompt(request).text()).contains("Weather\nIt rains.\n\nSo?");
    }

    @Test
    void whatTheTemplateRefusesIsTheClientsFault() {
        ChatTemplate strict =
                ChatTemplate.of(
                        "{% for m in messages %}{% if m.content == 'no' %}{{ raise_exception('no is"
                                + " no word') }}{% endif %}{{ m.content }}{% endfor %}",
                        "", "");
        assertThatThrownBy(() -> strict.prompt(request(user("no"))))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        refused -> {
                            assertThat(refused.failure().code())
                                    .isEqualTo(FailureCode.INVALID_REQUEST);
                            assertThat(refused.failure().message()).contains("no is no word");
                        });
        assertThatThrownBy(() -> ChatTemplate.of("{% if %}", "", ""))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void contentIsAListOfPartsWhereTheTemplateWantsOne() {
        ChatTemplate parts =
                ChatTemplate.of(
                        "{% for m in messages %}{{ m.role }}:{% for part in m.content %}{{"
                                + " part.text }}{% endfor %};{% endfor %}",
                        "", "");
        assertThat(parts.prompt(request(user("Hi"))).text()).isEqualTo("user:Hi;");
    }

    @Test
    void aModelWithoutATemplateGetsOne() {
        ChatPrompt prompt =
                ChatTemplate.of(ChatTemplate.CHAT_ML, "", "<|endoftext|>")
                        .prompt(request(user("Hi")));
        assertThat(prompt.text())
                .isEqualTo("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
        assertThat(prompt.stops()).containsExactly("<|im_end|>");
        assertThat(prompt.readsMarkers()).isTrue();
    }

    @Test
    void aPromptIsNotWrittenOutByAccident() {
        ChatPrompt prompt = family("qwen3").prompt(with(request(user("canary")), WEATHER));
        assertThat(prompt.toString()).contains("hermes").doesNotContain("canary", "weather");
    }

    @Test
    void theFirstTokenIsNotDoubled() {
        assertThat(family("llama-3").prompt(request(user("Hi"))).startsWithBos()).isTrue();
        assertThat(family("qwen3").prompt(request(user("Hi"))).startsWithBos()).isFalse();
    }

    @Test
    void stopSequencesAndFreeTextToolsAreEmulated() {
        Request.Builder builder =
                with(request(user("Hi")), new Tool.Custom("run", "Runs", null)).toBuilder();
        builder.sampling =
                new Sampling(
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of("END"));
        ChatPrompt prompt = family("qwen3").prompt(builder.build());
        assertThat(prompt.emulations().stopSequences()).containsExactly("END");
        assertThat(prompt.emulations().customTools()).containsExactly("run");
        assertThat(prompt.text()).contains("\"input\"");
    }
}

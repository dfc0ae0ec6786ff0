package dev.sluice.llama.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;
import dev.sluice.llama.grammar.Gbnf;
import dev.sluice.llama.grammar.GbnfMatcher;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerGrammarTest {
    private static final Tool TIME = new Tool.Function("get_time", null, null, null, null);

    private static Request.Builder builder() {
        Request.Builder builder = Request.builder("test");
        builder.messages.add(Message.of(Role.USER, "Hi"));
        return builder;
    }

    private static ChatPrompt forced(String family, ToolChoice choice) {
        Request.Builder builder = builder();
        builder.tools.add(ChatTemplateTest.WEATHER);
        builder.tools.add(TIME);
        builder.toolChoice = choice;
        return ChatTemplateTest.family(family).prompt(builder.build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "qwen3~<tool_call>\\n"
                        + "{\"name\": \"get_weather\", \"arguments\": {\"city\":\"Bern\"}}\\n"
                        + "</tool_call>",
                "qwen3~<think>\\n"
                        + "Hm </thin.\\n"
                        + "</think>\\n"
                        + "\\n"
                        + "<tool_call>\\n"
                        + "{\"name\": \"get_weather\", \"arguments\": {\"city\":\"Bern\"}}\\n"
                        + "</tool_call>",
                "zephyr~<tool_call>\\n"
                        + "{\"name\": \"get_weather\", \"arguments\": {\"city\":\"Bern\"}}\\n"
                        + "</tool_call>",
                "llama-3~{\"name\": \"get_weather\", \"parameters\": {\"city\":\"Bern\"}}",
                "mistral-nemo~[TOOL_CALLS][{\"name\": \"get_weather\", \"arguments\":"
                        + " {\"city\":\"Bern\"}, \"id\": \"abcdef123\"}]",
                "granite~<|tool_call|>[{\"name\": \"get_weather\", \"arguments\":"
                        + " {\"city\":\"Bern\"}}]",
                "phi-4-mini~<|tool_call|>{\"name\": \"get_weather\", \"arguments\":"
                        + " {\"city\":\"Bern\"}}<|/tool_call|>",
                "command-r~<|START_THINKING|>I look.<|END_THINKING|><|START_ACTION|>[\\n"
                        + "{\"tool_name\": \"get_weather\", \"parameters\": {\"city\":\"Bern\"}}\\n"
                        + "]<|END_ACTION|>",
                "gpt-oss~<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary"
                    + " to=functions.get_weather <|constrain|>json<|message|>{\"city\":\"Bern\"}",
                "qwen3.6~Hm.</think>\\n"
                        + "\\n"
                        + "<tool_call>\\n"
                        + "<function=get_weather>\\n"
                        + "<parameter=city>\\n"
                        + "Bern\\n"
                        + "</parameter>\\n"
                        + "</function>\\n"
                        + "</tool_call>",
                "deepseek-r1-distill~Hm.</think>\\n"
                        + "<tool_call>\\n"
                        + "{\"name\": \"get_weather\", \"arguments\": {\"city\":\"Bern\"}}\\n"
                        + "</tool_call>",
            })
    void aDemandedCallIsInTheFamilysFormAndIsReadBack(String family, String written) {
        String answer = written.replace("\\n", "\n");
        ChatPrompt prompt = forced(family, new ToolChoice.Named("get_weather"));
        Gbnf grammar = prompt.grammar().orElseThrow();
        assertThat(GbnfMatcher.matches(grammar, answer)).as(grammar.text()).isTrue();
        assertThat(GbnfMatcher.matches(grammar, "Hello.")).isFalse();
        assertThat(GbnfMatcher.matches(grammar, answer.replace("get_weather", "get_time")))
                .isFalse();
        assertThat(GbnfMatcher.matches(grammar, answer.replace("city", "town"))).isFalse();
        assertThat(Answers.everyCut(prompt, answer))
                .contains("call id0 get_weather", "stop TOOL_USE")
                .anyMatch(line -> line.startsWith("ARGUMENTS {\"city\":"))
                .noneMatch(line -> line.startsWith("TEXT"));
    }

    @Test
    void anyToolMayBeCalledWhereOneMustBe() {
        ChatPrompt prompt = forced("qwen3", new ToolChoice.Required());
        String time = "<tool_call>\n{\"name\": \"get_time\", \"arguments\": {}}\n</tool_call>";
        Gbnf grammar = prompt.grammar().orElseThrow();
        assertThat(GbnfMatcher.matches(grammar, time)).isTrue();
        assertThat(GbnfMatcher.matches(grammar, time + "\n" + time)).isTrue();
        Request.Builder builder = builder();
        builder.tools.add(TIME);
        builder.toolChoice = new ToolChoice.Required();
        builder.parallelToolCalls = false;
        Gbnf one = ChatTemplateTest.family("qwen3").prompt(builder.build()).grammar().orElseThrow();
        assertThat(GbnfMatcher.matches(one, time)).isTrue();
        assertThat(GbnfMatcher.matches(one, time + "\n" + time)).isFalse();
    }

    @Test
    void noGrammarWhereTheModelIsFree() {
        assertThat(forced("qwen3", new ToolChoice.Auto()).grammar()).isEmpty();
        assertThat(ChatTemplateTest.family("qwen3").prompt(builder().build()).grammar()).isEmpty();
    }

    @Test
    void answersInJsonMayComeBehindThinking() {
        Request.Builder builder = builder();
        builder.responseFormat =
                new ResponseFormat.JsonSchema(
                        "a",
                        null,
                        Raw.of(
                                "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}},\"required\":[\"n\"]}"),
                        true);
        Gbnf qwen =
                ChatTemplateTest.family("qwen3").prompt(builder.build()).grammar().orElseThrow();
        assertThat(GbnfMatcher.matches(qwen, "{\"n\": 1}")).isTrue();
        assertThat(GbnfMatcher.matches(qwen, "<think>\n{\n</think>\n\n{\"n\": 1}")).isTrue();
        assertThat(GbnfMatcher.matches(qwen, "{\"n\": \"1\"}")).isFalse();
        Gbnf harmony =
                ChatTemplateTest.family("gpt-oss").prompt(builder.build()).grammar().orElseThrow();
        assertThat(GbnfMatcher.matches(harmony, "<|channel|>final<|message|>{\"n\": 1}")).isTrue();
        Gbnf gemma =
                ChatTemplateTest.family("gemma").prompt(builder.build()).grammar().orElseThrow();
        assertThat(GbnfMatcher.matches(gemma, "{\"n\": 1}")).isTrue();
        assertThat(GbnfMatcher.matches(gemma, "<think></think>{\"n\": 1}")).isFalse();
        builder.responseFormat = new ResponseFormat.JsonObject();
        Gbnf any = ChatTemplateTest.family("gemma").prompt(builder.build()).grammar().orElseThrow();
        assertThat(GbnfMatcher.matches(any, "{\"x\": [1]}")).isTrue();
        assertThat(GbnfMatcher.matches(any, "[1]")).isFalse();
    }

    @Test
    void whatCannotBeHeldIsRefused() {
        Request.Builder builder = builder();
        builder.responseFormat =
                new ResponseFormat.JsonSchema("a", null, Raw.of("{\"$ref\":\"#/none\"}"), true);
        assertThatThrownBy(() -> ChatTemplateTest.family("gemma").prompt(builder.build()))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        refused ->
                                assertThat(refused.failure().param()).isEqualTo("response_format"));
        assertThatThrownBy(() -> forced("gemma", new ToolChoice.Named("none")))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        refused -> assertThat(refused.failure().param()).isEqualTo("tool_choice"));
    }
}

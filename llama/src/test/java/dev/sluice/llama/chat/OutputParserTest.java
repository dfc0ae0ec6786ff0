package dev.sluice.llama.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Emulations;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Tool;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class OutputParserTest {
    private static final List<Tool> TOOLS =
            List.of(
                    new Tool.Function(
                            "get_weather",
                            "",
                            Raw.of(
                                    "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},\"days\":{\"type\":\"integer\"}}}"),
                            null,
                            null),
                    new Tool.Function("get_time", "", null, null, null));

    private static ChatPrompt prompt(String template, String text, List<Tool> tools) {
        return new ChatPrompt(
                text,
                false,
                List.of("<|im_end|>"),
                ToolFormat.of(template),
                tools,
                Emulations.NONE,
                Optional.empty());
    }

    private static List<String> read(String template, String answer) {
        return Answers.everyCut(prompt(template, "", TOOLS), answer);
    }

    @Test
    @Tag("R3")
    void textIsText() {
        assertThat(
                        Answers.everyCut(
                                prompt("", "", List.of()), "Hello <b>, a < b,\n\n 🌍 <|im_en\n"))
                .containsExactly("TEXT Hello <b>, a < b,\n\n 🌍 <|im_en\n", "stop END_TURN");
        assertThat(read("<tool_call>", " a <tool_cal <<tool_ x \n"))
                .containsExactly("TEXT  a <tool_cal <<tool_ x \n", "stop END_TURN");
    }

    @Test
    void theModelsEndMarkerEndsTheAnswer() {
        assertThat(Answers.everyCut(prompt("", "", List.of()), "Done.<|im_end|>\nmore"))
                .containsExactly("TEXT Done.", "stop END_TURN");
    }

    @Test
    void anAnswerMayBeEmpty() {
        assertThat(Answers.lines(prompt("<tool_call>", "", TOOLS), List.of(), StopReason.END_TURN))
                .containsExactly("stop END_TURN");
    }

    @Test
    @Tag("R42")
    void hermesCallsKeepTheirArgumentsAsTheyAreWritten() {
        assertThat(
                        read(
                                "<tool_call>",
                                """
                                I look.

                                <tool_call>
                                {"name": "get_weather", "arguments": {"city":  "Z\\u00fcrich \\"x\\"", "n":[1.0,2], "t": "</tool_call>"}}
                                </tool_call>
                                <tool_call>
                                {"name":"get_time","arguments":{}}
                                </tool_call>\
                                """))
                .containsExactly(
                        "TEXT I look.",
                        "call id0 get_weather",
                        "ARGUMENTS {\"city\":  \"Z\\u00fcrich \\\"x\\\"\", \"n\":[1.0,2], \"t\":"
                                + " \"</tool_call>\"}",
                        "call id1 get_time",
                        "ARGUMENTS {}",
                        "stop TOOL_USE");
    }

    @Test
    @Tag("R38")
    void argumentsLeaveAsTheyComeAndTheCallBeginsWithItsName() {
        List<String> seen = new ArrayList<>();
        OutputParser parser =
                new OutputParser(
                        prompt("<tool_call>", "", TOOLS),
                        event -> {
                            if (event instanceof Event.BlockStart start) {
                                seen.add("start " + start.name());
                            } else if (event instanceof Event.Delta delta) {
                                seen.add(delta.text().toString());
                            }
                        },
                        Answers.ids());
        parser.start(new Event.MessageStart("", "", 0, Usage.NONE));
        parser.feed("<tool_call>\n{\"name\": \"get_weather\"");
        assertThat(seen).containsExactly("start get_weather");
        parser.feed(", \"arguments\": {\"ci");
        assertThat(seen).containsExactly("start get_weather", "{\"ci");
        parser.feed("ty\": \"Bern");
        assertThat(seen).containsExactly("start get_weather", "{\"ci", "ty\": \"Bern");
    }

    @Test
    void membersOfACallMayComeInAnyOrder() {
        assertThat(
                        read(
                                "<tool_call>",
                                "<tool_call>{\"id\": [1, {\"a\": \"}\"}], \"arguments\": {\"a\":"
                                        + " 1}, \"name\": \"get_weather\"}</tool_call>"))
                .containsExactly("call id0 get_weather", "ARGUMENTS {\"a\": 1}", "stop TOOL_USE");
        assertThat(
                        read(
                                "<tool_call>",
                                """
                                <tool_call>{"type": "function", "function": {"name": "f", "arguments": "{\\"a\\": \\"b\\\\n\\"}"}}</tool_call> ok\
                                """))
                .containsExactly(
                        "call id0 f", "ARGUMENTS {\"a\": \"b\\n\"}", "TEXT ok", "stop TOOL_USE");
        assertThat(read("<tool_call>", "<tool_call>{\"name\": \"f\"}</tool_call>"))
                .containsExactly("call id0 f", "stop TOOL_USE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<tool_call>",
                "Use <tool_call> for that.",
                "<tool_call>{\"name\"",
                "<tool_call>\n{\"no\": 1}\n</tool_call> end",
                "<tool_call>{\"arguments\": {\"a\": 1}}</tool_call>",
                "<tool_call>[1]",
                "<tool_call><tool_call> x",
                "a \n<tool_call>\n\n{\"name\": 3}",
                "<tool_call>{}",
                "<tool_call",
                "\n\n <tool"
            })
    void whatIsNoCallIsTextAndNothingOfItIsLost(String answer) {
        assertThat(read("<tool_call>", answer)).containsExactly("TEXT " + answer, "stop END_TURN");
    }

    @Test
    void aCallMayFollowOneThatWasNone() {
        assertThat(
                        read(
                                "<tool_call>",
                                "<tool_call> is a tag:"
                                    + " <tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>"))
                .containsExactly(
                        "TEXT <tool_call> is a tag:",
                        "call id0 f",
                        "ARGUMENTS {}",
                        "stop TOOL_USE");
    }

    @Test
    @Tag("R39")
    void aCallThatIsCutStaysCut() {
        List<String> lines =
                Answers.lines(
                        prompt("<tool_call>", "", TOOLS),
                        List.of("<tool_call>{\"name\":\"f\",\"arguments\":{\"a\": \"b"),
                        StopReason.MAX_TOKENS);
        assertThat(lines).containsExactly("call id0 f", "ARGUMENTS {\"a\": \"b", "stop MAX_TOKENS");
    }

    @Test
    void withoutToolsTheirMarkersAreText() {
        String answer = "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>";
        assertThat(Answers.everyCut(prompt("<tool_call>", "", List.of()), answer))
                .containsExactly("TEXT " + answer, "stop END_TURN");
    }

    @Test
    void llamaWritesBareJson() {
        String template = "<|start_header_id|> {\"parameters\": 1}";
        assertThat(
                        read(
                                template,
                                """

                                {"name": "get_weather", "parameters": {"city": "Bern"}}; {"type": "function", "name": "get_time", "parameters": {}}\
                                """))
                .containsExactly(
                        "call id0 get_weather",
                        "ARGUMENTS {\"city\": \"Bern\"}",
                        "call id1 get_time",
                        "ARGUMENTS {}",
                        "stop TOOL_USE");
        assertThat(
                        read(
                                template,
                                "<|python_tag|>{\"name\": \"get_time\", \"parameters\":"
                                        + " {}}<|eom_id|>"))
                .containsExactly(
                        "call id0 get_time", "ARGUMENTS {}", "TEXT <|eom_id|>", "stop TOOL_USE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\": \"Anna\", \"age\": 3}",
                "{\"name\": \"get_weather\", \"age\": 3}",
                "{\"a\": {\"name\": \"get_time\"}}",
                "{ no json }",
                "{",
                "Here: {\"name\": \"get_time\", \"parameters\": {}}",
                "[{\"name\": \"get_time\", \"parameters\": {}}]"
            })
    void bareJsonIsACallOnlyOfAToolThatThereIs(String answer) {
        assertThat(read("<|start_header_id|> {\"parameters\": 1}", answer))
                .containsExactly("TEXT " + answer, "stop END_TURN");
    }

    @Test
    void mistralWritesAListOrNamesWithArguments() {
        assertThat(
                        read(
                                "[TOOL_CALLS]",
                                "[TOOL_CALLS] [{\"name\": \"get_weather\", \"arguments\":"
                                    + " {\"city\": \"Bern\"}, \"id\": \"abcdef123\"}, {\"name\":"
                                    + " \"get_time\", \"arguments\": {}}]"))
                .containsExactly(
                        "call id0 get_weather",
                        "ARGUMENTS {\"city\": \"Bern\"}",
                        "call id1 get_time",
                        "ARGUMENTS {}",
                        "stop TOOL_USE");
        assertThat(
                        read(
                                "[TOOL_CALLS]",
                                "Well. [TOOL_CALLS]get_weather[CALL_ID]abcdef123[ARGS]{\"city\":"
                                        + " \"[TOOL_CALLS]\"}[TOOL_CALLS]get_time{}"))
                .containsExactly(
                        "TEXT Well.",
                        "call id0 get_weather",
                        "ARGUMENTS {\"city\": \"[TOOL_CALLS]\"}",
                        "call id1 get_time",
                        "ARGUMENTS {}",
                        "stop TOOL_USE");
        assertThat(read("[TOOL_CALLS]", "[TOOL_CALLS] are tokens"))
                .containsExactly("TEXT [TOOL_CALLS] are tokens", "stop END_TURN");
    }

    @Test
    void deepSeekWritesSections() {
        assertThat(
                        read(
                                "<｜tool▁calls▁begin｜></think>",
                                """
                                <think>
                                Hm.
                                </think>

                                <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather
                                ```json
                                {"city": "Bern"}
                                ```<｜tool▁call▁end｜>
                                <｜tool▁call▁begin｜>function<｜tool▁sep｜>get_time
                                ```json
                                {}
                                ```<｜tool▁call▁end｜><｜tool▁calls▁end｜>\
                                """))
                .containsExactly(
                        "THINKING Hm.",
                        "call id0 get_weather",
                        "ARGUMENTS {\"city\": \"Bern\"}",
                        "call id1 get_time",
                        "ARGUMENTS {}",
                        "stop TOOL_USE");
        assertThat(
                        read(
                                "<｜tool▁calls▁begin｜>",
                                "Ok<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_time<｜tool▁sep｜>{\"a\":"
                                    + " {}}<｜tool▁call▁end｜><｜tool▁calls▁end｜>"))
                .containsExactly(
                        "TEXT Ok", "call id0 get_time", "ARGUMENTS {\"a\": {}}", "stop TOOL_USE");
        String broken = "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function";
        assertThat(read("<｜tool▁calls▁begin｜>", broken))
                .containsExactly("TEXT " + broken, "stop END_TURN");
    }

    @Test
    void graniteAndPhiAndCommandRWriteListsBehindAMarker() {
        assertThat(
                        read(
                                "<|tool_call|>",
                                "<|tool_call|>[{\"name\": \"get_time\", \"arguments\": {\"a\":"
                                        + " 1}}]"))
                .containsExactly("call id0 get_time", "ARGUMENTS {\"a\": 1}", "stop TOOL_USE");
        assertThat(
                        read(
                                "<|tool_call|> <|/tool_call|>",
                                "<|tool_call|>{\"name\": \"get_time\", \"arguments\": {\"a\":"
                                        + " 1}}<|/tool_call|>"))
                .containsExactly("call id0 get_time", "ARGUMENTS {\"a\": 1}", "stop TOOL_USE");
        assertThat(
                        read(
                                "<|START_ACTION|>",
                                """
                                <|START_THINKING|>I plan.<|END_THINKING|><|START_ACTION|>[
                                    {"tool_call_id": "0", "tool_name": "get_time", "parameters": {"a": 1}}
                                ]<|END_ACTION|>\
                                """))
                .containsExactly(
                        "THINKING I plan.",
                        "call id0 get_time",
                        "ARGUMENTS {\"a\": 1}",
                        "stop TOOL_USE");
        assertThat(read("<|START_ACTION|>", "<|START_RESPONSE|>Hello.<|END_RESPONSE|>"))
                .containsExactly("TEXT Hello.", "stop END_TURN");
        assertThat(
                        read(
                                "Action: ```json",
                                """
                                Action: ```json
                                [
                                    {
                                        "tool_name": "get_time",
                                        "parameters": {}
                                    }
                                ]```\
                                """))
                .containsExactly("call id0 get_time", "ARGUMENTS {}", "stop TOOL_USE");
    }

    @Test
    void tagsBecomeAnObject() {
        assertThat(
                        read(
                                "<tool_call> <function=",
                                """
                                I see.
                                <tool_call>
                                <function=get_weather>
                                <parameter=city>
                                Bern
                                </parameter>
                                <parameter=days>
                                2
                                </parameter>
                                <parameter=list>
                                [1, "a"]
                                </parameter>
                                </function>
                                </tool_call>
                                <tool_call>
                                <function=get_time>
                                </function>
                                </tool_call>\
                                """))
                .containsExactly(
                        "TEXT I see.",
                        "call id0 get_weather",
                        "ARGUMENTS {\"city\": \"Bern\", \"days\": 2, \"list\": [1, \"a\"]}",
                        "call id1 get_time",
                        "ARGUMENTS {}",
                        "stop TOOL_USE");
        assertThat(
                        read(
                                "<tool_call> <function=",
                                """
                                <tool_call>
                                <function=get_weather>
                                <parameter=city>
                                12
                                </parameter>
                                <parameter=x>
                                a "b"

                                c
                                </parameter>
                                </function>
                                </tool_call>\
                                """))
                .containsExactly(
                        "call id0 get_weather",
                        "ARGUMENTS {\"city\": \"12\", \"x\": \"a \\\"b\\\"\\n\\nc\"}",
                        "stop TOOL_USE");
        assertThat(read("<tool_call> <function=", "<tool_call> x <function=a>"))
                .containsExactly("TEXT <tool_call> x <function=a>", "stop END_TURN");
    }

    private static final String HARMONY = "<|channel|> <|message|>";

    private static List<String> harmony(String answer) {
        return Answers.everyCut(prompt(HARMONY, "…<|end|><|start|>assistant", TOOLS), answer);
    }

    @Test
    void harmonyHasChannels() {
        assertThat(
                        harmony(
                                "<|channel|>analysis<|message|>Hm,"
                                    + " <b>?<|end|><|start|>assistant<|channel|>final<|message|>Hello.<|return|>"))
                .containsExactly("THINKING Hm, <b>?", "TEXT Hello.", "stop END_TURN");
        assertThat(
                        harmony(
                                "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary<|message|>I"
                                    + " look.<|end|><|start|>assistant<|channel|>commentary"
                                    + " to=functions.get_weather"
                                    + " <|constrain|>json<|message|>{\"city\":\"Bern\"}<|call|>"))
                .containsExactly(
                        "THINKING Hm.",
                        "TEXT I look.",
                        "call id0 get_weather",
                        "ARGUMENTS {\"city\":\"Bern\"}",
                        "stop TOOL_USE");
        assertThat(harmony(" to=functions.get_time<|channel|>commentary json<|message|>{}"))
                .containsExactly("call id0 get_time", "ARGUMENTS {}", "stop TOOL_USE");
    }

    @Test
    void harmonyMayBeOpenAtThePromptsEnd() {
        ChatPrompt open =
                prompt(HARMONY, "<|start|>assistant<|channel|>final<|message|>Once", List.of());
        assertThat(Answers.everyCut(open, " upon a time"))
                .containsExactly("TEXT  upon a time", "stop END_TURN");
    }

    @Test
    void aHarmonyHeaderThatIsNoneIsText() {
        assertThat(harmony("Just text, no channel"))
                .containsExactly("TEXT Just text, no channel", "stop END_TURN");
    }

    @Test
    @Tag("R49")
    void thinkingIsThinking() {
        String template = "<think></think><tool_call>";
        assertThat(read(template, "<think>\nOne <b>\n\ntwo.\n</think>\n\nHello <think>."))
                .containsExactly(
                        "THINKING One <b>\n\ntwo.", "TEXT Hello <think>.", "stop END_TURN");
        assertThat(read(template, "\n<think>\n\n</think>\n\nHello."))
                .containsExactly("TEXT Hello.", "stop END_TURN");
        assertThat(read(template, "<think>Never ends </thin"))
                .containsExactly("THINKING Never ends </thin", "stop END_TURN");
        assertThat(read(template, "Say <think>no</think>."))
                .containsExactly("TEXT Say <think>no</think>.", "stop END_TURN");
        assertThat(
                        read(
                                template,
                                """
                                <think>a</think>
                                <tool_call>{"name":"get_time","arguments":{}}</tool_call>\
                                """))
                .containsExactly(
                        "THINKING a", "call id0 get_time", "ARGUMENTS {}", "stop TOOL_USE");
    }

    @Test
    void thinkingMayBeOpenAtThePromptsEnd() {
        ChatPrompt open = prompt("</think>", "<|assistant|><think>\n", List.of());
        assertThat(open.opensThinking()).isTrue();
        assertThat(Answers.everyCut(open, "Hm.\n</think>\n\nHello."))
                .containsExactly("THINKING Hm.", "TEXT Hello.", "stop END_TURN");
        ChatPrompt closed = prompt("</think>", "<think>\n\n</think>\n\n", List.of());
        assertThat(closed.opensThinking()).isFalse();
        assertThat(Answers.everyCut(closed, "Hello."))
                .containsExactly("TEXT Hello.", "stop END_TURN");
    }

    @Test
    @Tag("R57")
    void stopSequencesOfTheClientEndTheTextAndAreTold() {
        ChatPrompt stopping =
                new ChatPrompt(
                        "",
                        false,
                        List.of(),
                        ToolFormat.of("<tool_call>"),
                        TOOLS,
                        new Emulations(Map.of(), Set.of(), List.of("END")),
                        Optional.empty());
        assertThat(Answers.everyCut(stopping, "One ENDING"))
                .containsExactly("TEXT One ", "stop STOP_SEQUENCE END");
    }

    @Test
    void customToolsGetTheirFreeTextBack() {
        ChatPrompt custom =
                new ChatPrompt(
                        "",
                        false,
                        List.of(),
                        ToolFormat.of("<tool_call>"),
                        List.of(new Tool.Custom("run", null, null)),
                        new Emulations(Map.of(), Set.of("run"), List.of()),
                        Optional.empty());
        assertThat(
                        Answers.everyCut(
                                custom,
                                "<tool_call>{\"name\":\"run\",\"arguments\":{\"input\":\"ls"
                                        + " \\\"a\\\"\"}}</tool_call>"))
                .containsExactly("call id0 run (free text)", "ARGUMENTS ls \"a\"", "stop TOOL_USE");
    }

    @Test
    @Tag("R4")
    void charactersAreNeverCutInTwo() {
        OutputParser parser =
                new OutputParser(
                        prompt("", "", List.of()),
                        event -> {
                            if (event instanceof Event.Delta delta) {
                                assertThat(delta.text().toString())
                                        .doesNotContain("\\u")
                                        .isEqualTo("🌍");
                            }
                        });
        parser.start(new Event.MessageStart("", "", 0, Usage.NONE));
        parser.feed("\ud83c");
        parser.feed("\udf0d");
        parser.finish(StopReason.END_TURN, Usage.NONE);
    }
}

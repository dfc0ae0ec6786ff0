package dev.sluice.llama.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Emulations;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.request.Tool;
import dev.sluice.testkit.Splits;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

class OutputParserRandomTest {
    private static final String[] BITS = {
        "<think>",
        "</think>",
        "<tool_call>",
        "</tool_call>",
        "[TOOL_CALLS]",
        "[ARGS]",
        "[",
        "]",
        "{",
        "}",
        "\"name\"",
        "\"arguments\"",
        "\"parameters\"",
        ":",
        ",",
        "\"get_time\"",
        "\"x\\n\\u00fc\"",
        "{\"name\": \"get_time\", \"arguments\": {\"a\": [1, {}]}}",
        "{\"name\": \"get_time\", \"parameters\": {}}",
        "<|python_tag|>",
        "<|tool_call|>",
        "<|/tool_call|>",
        "<｜tool▁calls▁begin｜>",
        "<｜tool▁call▁begin｜>",
        "<｜tool▁sep｜>",
        "<｜tool▁call▁end｜>",
        "<｜tool▁calls▁end｜>",
        "function",
        "get_time",
        "\n```json\n",
        "```",
        "<function=get_time>",
        "<parameter=a>",
        "</parameter>",
        "</function>",
        "<|channel|>",
        "analysis",
        "final",
        "commentary to=functions.get_time ",
        "<|message|>",
        "<|end|>",
        "<|start|>assistant",
        "<|call|>",
        "<|START_ACTION|>",
        "<|END_ACTION|>",
        "<|START_THINKING|>",
        "<|END_THINKING|>",
        "<|START_RESPONSE|>",
        "\"tool_name\"",
        "<|im_end|>",
        "<",
        " ",
        "\n",
        "\n\n",
        "words",
        "🌍",
        ";",
        "1",
        "null"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "</think>",
                "<tool_call> </think>",
                "<tool_call> <function=",
                "<|start_header_id|> \"parameters\"",
                "[TOOL_CALLS]",
                "<｜tool▁calls▁begin｜></think>",
                "<|tool_call|>",
                "<|tool_call|> <|/tool_call|>",
                "<|START_ACTION|>",
                "<|channel|> <|message|>"
            })
    @Tag("R3")
    void whateverIsWrittenItsPiecesGiveWhatTheWholeGives(String template) {
        long seed = Splits.seed();
        for (int i = 0; i < 1500; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            ChatPrompt prompt =
                    new ChatPrompt(
                            random.nextBoolean() ? "<think>\n" : "<|start|>assistant",
                            false,
                            List.of("<|im_end|>"),
                            ToolFormat.of(template),
                            List.of(new Tool.Function("get_time", "", null, null, null)),
                            Emulations.NONE,
                            Optional.empty());
            StringBuilder answer = new StringBuilder();
            for (int n = random.nextInt(1, 14); n > 0; n--) {
                answer.append(BITS[random.nextInt(BITS.length)]);
            }
            String whole = answer.toString();
            assertThat(Answers.lines(prompt, pieces(whole, random), StopReason.END_TURN))
                    .as("seed %s: %s", seed + i, whole)
                    .isEqualTo(Answers.lines(prompt, List.of(whole), StopReason.END_TURN));
        }
    }

    private static List<String> pieces(String whole, SplittableRandom random) {
        List<String> pieces = new ArrayList<>();
        int at = 0;
        while (at < whole.length()) {
            int end = Math.min(whole.length(), at + random.nextInt(1, 6));
            pieces.add(whole.substring(at, end));
            at = end;
        }
        return pieces;
    }
}

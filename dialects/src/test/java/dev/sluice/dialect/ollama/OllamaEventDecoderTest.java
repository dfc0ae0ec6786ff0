package dev.sluice.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.dialect.Wire;
import dev.sluice.testkit.Goldens;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

class OllamaEventDecoderTest {
    private static Answer answer(String... lines) {
        return Wire.answer(Lines.events(lines));
    }

    private static List<String> kinds(Answer answer) {
        return answer.blocks().stream().map(b -> b.kind() + ":" + b.text()).toList();
    }

    private static String calls(String entries) {
        return Lines.line(
                "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":" + entries + "}");
    }

    @Test
    @Tag("R44")
    void readsWhatIsSaidAndInventsNothing() {
        Answer answer =
                answer(
                        Lines.text(""),
                        Lines.line("{\"content\":\"\",\"thinking\":\"hm\"}"),
                        Lines.text("a"),
                        Lines.text(""),
                        Lines.text("\\u2028b"),
                        Lines.done("stop"));
        assertThat(kinds(answer)).containsExactly("THINKING:hm", "TEXT:a\u2028b");
        assertThat(answer.model()).isEqualTo("m1");
        assertThat(answer.created()).isEqualTo(1_761_498_924);
        assertThat(answer.usage()).isEqualTo(Usage.of(3, -1, -1, 2, -1));
    }

    @ParameterizedTest
    @CsvSource({
        "stop, END_TURN",
        "length, MAX_TOKENS",
        "load, END_TURN",
        "unload, END_TURN",
        "'', END_TURN",
        "tired, OTHER"
    })
    @Tag("R39")
    void readsWhyTheMessageEnds(String word, StopReason reason) {
        assertThat(answer(Lines.text("x"), Lines.done(word)).stopReason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"stop, TOOL_USE", "length, MAX_TOKENS"})
    @Tag("R39")
    void knowsByTheCallsThatToolsAreWanted(String word, StopReason reason) {
        Answer answer =
                answer(
                        calls("[{\"function\":{\"name\":\"f\",\"arguments\":{}}}]"),
                        Lines.done(word));
        assertThat(answer.stopReason()).isEqualTo(reason);
    }

    @Test
    @Tag("R34")
    @Tag("R42")
    void readsCallsAsTheyAreWritten() {
        Answer answer =
                answer(
                        Lines.text("a"),
                        calls(
                                "[{\"id\":\"c1\",\"function\":{\"index\":0,\"name\":\"f\",\"arguments\":{\"b\":"
                                    + " 1.50, \"a\":\"\\u00fc\"}}},"
                                    + "{\"function\":{\"name\":\"g\",\"arguments\":{}}}]"),
                        calls("[{\"function\":{\"name\":\"h\",\"arguments\":null}}]"),
                        calls("[{\"function\":{\"name\":\"i\",\"arguments\":\"{\\\"x\\\":1}\"}}]"),
                        Lines.text("b"),
                        Lines.done("stop"));
        assertThat(kinds(answer))
                .containsExactly(
                        "TEXT:a",
                        "TOOL_USE:{\"b\": 1.50, \"a\":\"\\u00fc\"}",
                        "TOOL_USE:{}",
                        "TOOL_USE:",
                        "TOOL_USE:{\"x\":1}",
                        "TEXT:b");
        assertThat(answer.blocks())
                .filteredOn(b -> b.kind() == BlockKind.TOOL_USE)
                .extracting(AnswerBlock::name)
                .containsExactly("f", "g", "h", "i");
    }

    @Test
    void readsCallsOfTheLastLine() {
        Answer answer =
                answer(
                        "{\"done\":true,\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{}}}]},\"model\":\"late\"}\n");
        assertThat(answer.stopReason()).isEqualTo(StopReason.TOOL_USE);
        assertThat(answer.model()).isEqualTo("late");
        assertThat(answer.usage()).isEqualTo(Usage.NONE);
    }

    @Test
    void readsTheFormOfABarePrompt() {
        Answer answer =
                answer(
                        "{\"model\":\"m\",\"response\":\"\",\"thinking\":\"hm\",\"done\":false}\n",
                        "{\"model\":\"m\",\"response\":\"a\",\"done\":false}\n",
                        "{\"model\":\"m\",\"response\":\"b\",\"done\":true,\"done_reason\":\"stop\",\"context\":[1]}");
        assertThat(kinds(answer)).containsExactly("THINKING:hm", "TEXT:ab");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"m1\",\"created_at\":\"x\",\"message\":{\"content\":\"!\"},\"done\":false,\"error\":null}",
                "{\"created_at\":null,\"message\":{\"content\":\"!\",\"thinking\":null,\"tool_calls\":null},\"done\":null}",
                "{\"message\":{\"content\":\"!\",\"tool_calls\":[],\"images\":null},\"more\":[{}]}",
                "  {\"message\":{\"content\":\"!\"},\"eval_count\":\"x\"}\r"
            })
    void takesWhatServersLeaveOutOrAdd(String line) {
        assertThat(kinds(answer(Lines.text("a"), line + "\n\n", Lines.done("stop"))))
                .containsExactly("TEXT:a!");
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "[]", "{\"message\":", "data: {}", "{} {}"})
    void refusesWhatIsNoLine(String line) {
        assertThat(catchThrowable(() -> answer(line + "\n"))).isInstanceOf(MalformedJson.class);
    }

    @Test
    @Tag("R50")
    void isBrokenWithoutItsLastLine() {
        List<Event> events = Lines.events(Lines.text("a"));
        assertThat(Wire.failure(events).code()).isEqualTo(FailureCode.UPSTREAM_BROKEN);
        assertThat(Wire.failure(events).message()).contains("done");
    }

    @Test
    void hearsNothingAfterTheEnd() {
        assertThat(kinds(answer(Lines.text("a"), Lines.done("stop"), Lines.text("b"))))
                .containsExactly("TEXT:a");
    }

    @Test
    void failsAtACallWithoutAName() {
        assertThat(Wire.failure(Lines.events(calls("[{\"function\":{}}]"))).message())
                .contains("without a name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"error\":\"model runner has stopped\"}|UPSTREAM_ERROR",
                "{\"error\":\"too many requests\",\"status\":429}|RATE_LIMIT",
                "{\"error\":\"the prompt exceeds the context length\"}|CONTEXT_TOO_LONG",
                "{\"error\":{\"message\":\"of a proxy\"}}|UPSTREAM_ERROR"
            })
    @Tag("R52")
    void readsAFailureWithinTheStream(String line, FailureCode code) {
        List<Event> events = Lines.events(Lines.text("a"), line + "\n", Lines.done("stop"));
        assertThat(Wire.failure(events).code()).isEqualTo(code);
    }

    @Test
    void refusesAnAnswerThatIsNotDone() {
        List<Event> events =
                Wire.decodeAnswer(
                        Lines.DIALECT, Wire.foreign(), "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(Wire.failure(events).message()).contains("done");
    }

    @Test
    void tellsLogProbabilitiesOnTheirText() {
        List<Event> events =
                Lines.events(
                        "{\"message\":{\"content\":\"a\"},\"logprobs\":[{\"token\":\"a\"}],\"done\":false}\n",
                        Lines.done("stop"));
        assertThat(events).anyMatch(Event.Annotation.class::isInstance);
    }

    @Test
    void readsTheGoldenModels() {
        assertThat(Lines.DIALECT.decodeModels(Goldens.bytes("ollama/tags.response.json")))
                .extracting("id", "created")
                .containsExactly(tuple("qwen3:8b", 1_759_320_000L));
    }
}

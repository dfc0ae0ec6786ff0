package dev.sluice.dialect.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OllamaStreamValidator;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class OllamaEventEncoderTest {
    private static final String HEAD =
            "{\"model\":\"m1\",\"created_at\":\"2025-10-09T08:53:20Z\",\"message\":{\"role\":\"assistant\",\"content\":\"";

    private static List<Event> text(int index, String... texts) {
        return Lines.block(BlockStart.of(index, BlockKind.TEXT), DeltaKind.TEXT, texts);
    }

    private static FoldedAnswer judged(String stream) {
        return OllamaStreamValidator.strict().validate(stream.getBytes(StandardCharsets.UTF_8));
    }

    private static String unstreamed(List<Event> events, Operation operation) {
        Accumulator fold = new Accumulator(1 << 20);
        events.forEach(fold::onEvent);
        return new String(
                Lines.DIALECT.encodeAnswer(fold.answer(), Lines.context(operation)),
                StandardCharsets.UTF_8);
    }

    @Test
    void writesALineForEachTextAndOneThatEndsTheMessage() {
        assertThat(Lines.chat(Lines.message(StopReason.END_TURN, List.of(text(0, "a", "b\"\n")))))
                .isEqualTo(
                        HEAD
                                + "a\"},\"done\":false}\n"
                                + HEAD
                                + "b\\\"\\n\"},\"done\":false}\n"
                                + HEAD
                                + "\"},\"done\":true,\"done_reason\":\"stop\",\"total_duration\":5000,\"prompt_eval_count\":7,\"prompt_eval_duration\":2000,\"eval_count\":2,\"eval_duration\":3000}\n");
    }

    @Test
    void writesTheFormOfABarePrompt() {
        List<Event> events =
                Lines.message(
                        StopReason.MAX_TOKENS,
                        List.of(
                                Lines.block(
                                        BlockStart.of(0, BlockKind.THINKING),
                                        DeltaKind.THINKING,
                                        "hm"),
                                text(1, "a")));
        String stream = Lines.generate(events);
        FoldedAnswer folded = judged(stream);
        assertThat(folded.text()).isEqualTo("a");
        assertThat(folded.thinking()).isEqualTo("hm");
        assertThat(folded.stopReason()).contains("length");
        assertThat(stream).doesNotContain("message");
        assertThat(Json.parse(unstreamed(events, Operation.COMPLETE))).isEqualTo(folded.response());
    }

    @Test
    @Tag("R36")
    @Tag("R42")
    void gathersTheArgumentsOfACallAndWritesThemAsTheyWere() {
        String stream =
                Lines.chat(
                        Lines.message(
                                StopReason.TOOL_USE,
                                List.of(
                                        text(0, "Let me see."),
                                        Lines.call(
                                                1,
                                                "call_1",
                                                "f",
                                                "{\"b\": 1.50,",
                                                " \"a\":\"\\u00fc",
                                                "\\\"\"}"))));
        assertThat(stream)
                .contains(
                        "\"tool_calls\":[{\"id\":\"call_1\",\"function\":{\"index\":0,\"name\":\"f\",\"arguments\":{\"b\":"
                            + " 1.50, \"a\":\"\\u00fc\\\"\"}}}]");
        assertThat(judged(stream).stopReason()).contains("stop");
    }

    @Test
    @Tag("R34")
    @Tag("R37")
    void countsCallsAndFillsWhatTheyLack() {
        FoldedAnswer folded =
                judged(
                        Lines.chat(
                                Lines.message(
                                        StopReason.TOOL_USE,
                                        List.of(
                                                Lines.call(0, "", "f"),
                                                Lines.call(1, "toolu_2", "g", " {} ")))));
        assertThat(folded.toolCalls()).extracting("arguments").containsExactly("{}", "{}");
        assertThat(folded.toolCalls()).extracting("id").containsExactly("call_x1_0", "toolu_2");
    }

    @Test
    void writesTheFreeTextOfACustomToolAsItsOnlyArgument() {
        String stream =
                Lines.chat(
                        Lines.message(
                                StopReason.TOOL_USE,
                                List.of(
                                        Lines.block(
                                                BlockStart.customTool(0, "c", "sql"),
                                                DeltaKind.ARGUMENTS,
                                                "select",
                                                " \"1\""))));
        assertThat(stream).contains("\"arguments\":{\"input\":\"select \\\"1\\\"\"}");
        judged(stream);
    }

    @ParameterizedTest
    @EnumSource(
            value = StopReason.class,
            names = {"MAX_TOKENS", "CONTEXT_WINDOW"})
    @Tag("R39")
    void leavesOutACallThatALimitHasCut(StopReason reason) {
        List<Event> events =
                Lines.message(
                        reason, List.of(text(0, "x"), Lines.call(1, "c", "f", "{\"a\": [1, ")));
        FoldedAnswer folded = judged(Lines.chat(events));
        assertThat(folded.toolCalls()).isEmpty();
        assertThat(folded.stopReason()).contains("length");
        assertThat(Json.parse(unstreamed(events, Operation.GENERATE))).isEqualTo(folded.response());
    }

    @Test
    void failsAtACallThatIsBroken() {
        List<Event> atTheEnd =
                Lines.message(StopReason.TOOL_USE, List.of(Lines.call(0, "c", "f", "[1]")));
        List<Event> before =
                Lines.message(
                        StopReason.MAX_TOKENS,
                        List.of(Lines.call(0, "c", "f", "{\"a\":"), Lines.call(1, "d", "f")));
        for (List<Event> events : List.of(atTheEnd, before)) {
            assertThatThrownBy(() -> Lines.chat(events))
                    .isInstanceOf(FailureException.class)
                    .hasMessageContaining("not a JSON object");
            assertThatThrownBy(() -> unstreamed(events, Operation.GENERATE))
                    .isInstanceOf(FailureException.class);
        }
    }

    @Test
    @Tag("R5")
    void refusesACallThatNoLineCanHold() {
        EventEncoder encoder = Lines.DIALECT.encoder(Lines.context(Operation.GENERATE));
        ByteBuilder out = new ByteBuilder();
        encoder.encode(new Event.MessageStart("", "m", 0, Usage.NONE), out);
        encoder.encode(BlockStart.tool(0, "c", "f"), out);
        Text piece = Text.of("x".repeat(1 << 20));
        for (int i = 0; i < 7; i++) {
            encoder.encode(new Event.Delta(0, DeltaKind.ARGUMENTS, piece), out);
        }
        assertThatThrownBy(
                        () -> encoder.encode(new Event.Delta(0, DeltaKind.ARGUMENTS, piece), out))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("a line of this dialect can hold");
        assertThat(out.isEmpty()).isTrue();
    }

    @Test
    @Tag("R49")
    void keepsThinkingOutOfTheTextAndDropsItsSeal() {
        List<Event> thought =
                new ArrayList<>(
                        Lines.block(
                                BlockStart.of(0, BlockKind.THINKING), DeltaKind.THINKING, "hm"));
        thought.add(2, new Event.Delta(0, DeltaKind.SIGNATURE, Text.of("c2ln")));
        String stream =
                Lines.chat(
                        Lines.message(
                                StopReason.END_TURN,
                                List.of(
                                        thought,
                                        List.of(
                                                BlockStart.redacted(1, Raw.of("\"sealed\"")),
                                                new Event.BlockStop(1)),
                                        text(2, "ok"))));
        assertThat(judged(stream).thinking()).isEqualTo("hm");
        assertThat(judged(stream).text()).isEqualTo("ok");
        assertThat(stream).doesNotContain("c2ln", "sealed");
    }

    @Test
    void writesARefusalAsText() {
        List<Event> events =
                Lines.message(
                        StopReason.REFUSAL,
                        List.of(
                                Lines.block(
                                        BlockStart.of(0, BlockKind.REFUSAL),
                                        DeltaKind.REFUSAL,
                                        "No.")));
        assertThat(judged(Lines.chat(events)).text()).isEqualTo("No.");
        assertThat(judged(Lines.chat(events)).stopReason()).contains("stop");
        assertThat(Json.parse(unstreamed(events, Operation.GENERATE)))
                .isEqualTo(judged(Lines.chat(events)).response());
    }

    @Test
    void writesLogProbabilitiesAsAList() {
        List<Event> block = new ArrayList<>(text(0, "a"));
        block.add(
                2,
                new Event.Annotation(
                        0,
                        "logprobs",
                        Raw.of(
                                "{\"content\":[{\"token\":\"a\",\"logprob\":-1}],\"refusal\":null}")));
        block.add(3, new Event.Annotation(0, "citation", Raw.of("{}")));
        String stream = Lines.chat(Lines.message(StopReason.END_TURN, List.of(block)));
        assertThat(stream)
                .contains(
                        "\"content\":\"\"},\"logprobs\":[{\"token\":\"a\",\"logprob\":-1}],\"done\":false}\n")
                .doesNotContain("citation");
        judged(stream);
    }

    @Test
    @Tag("R8")
    void writesASignOfLifeBeforeAnythingIsKnown() {
        assertThat(Lines.chat(List.of(Event.PING)))
                .isEqualTo(
                        "{\"model\":\"asked\",\"created_at\":\"2025-10-09T08:53:21Z\",\"message\":"
                                + "{\"role\":\"assistant\",\"content\":\"\"},\"done\":false}\n");
    }

    @Test
    @Tag("R52")
    void writesAFailureAsTheLastLine() {
        assertThat(
                        Lines.chat(
                                List.of(
                                        new Event.Failed(
                                                Failure.of(FailureCode.TIMEOUT, "too \"late\"")))))
                .isEqualTo("{\"error\":\"too \\\"late\\\"\"}\n");
    }
}

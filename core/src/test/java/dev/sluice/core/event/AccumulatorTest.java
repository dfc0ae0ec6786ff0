package dev.sluice.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class AccumulatorTest {
    private final Accumulator accumulator = new Accumulator(10_000);

    private void delta(int index, DeltaKind kind, String text) {
        accumulator.onEvent(new Event.Delta(index, kind, Text.of(text)));
    }

    @Test
    void foldsAStreamIntoAnAnswer() {
        accumulator.onEvent(
                new Event.MessageStart("id", "model", 17, Usage.of(24, 64, -1, -1, -1)));
        accumulator.onEvent(Event.PING);
        accumulator.onEvent(Event.BlockStart.of(0, BlockKind.THINKING));
        delta(0, DeltaKind.THINKING, "h");
        delta(0, DeltaKind.THINKING, "m");
        delta(0, DeltaKind.SIGNATURE, "si");
        delta(0, DeltaKind.SIGNATURE, "g");
        accumulator.onEvent(new Event.BlockStop(0));
        accumulator.onEvent(Event.BlockStart.redacted(1, Raw.of("\"sealed\"")));
        accumulator.onEvent(new Event.BlockStop(1));
        accumulator.onEvent(Event.BlockStart.of(2, BlockKind.TEXT));
        delta(2, DeltaKind.TEXT, "a\"");
        accumulator.onEvent(new Event.Annotation(2, "logprobs", Raw.of("[1]")));
        delta(2, DeltaKind.TEXT, "é\ud83d");
        accumulator.onEvent(new Event.BlockStop(2));
        accumulator.onEvent(Event.BlockStart.tool(3, "c", "f"));
        delta(3, DeltaKind.ARGUMENTS, "{\"x\":1.0}");
        accumulator.onEvent(new Event.BlockStop(3));
        accumulator.onEvent(Event.BlockStart.of(4, BlockKind.TEXT));
        delta(4, DeltaKind.TEXT, "!");
        accumulator.onEvent(new Event.BlockStop(4));
        assertThat(accumulator.complete()).isFalse();
        accumulator.onEvent(
                new Event.MessageDelta(
                        StopReason.STOP_SEQUENCE, Text.of("\n"), Usage.of(-1, -1, -1, 41, -1)));
        accumulator.onEvent(new Event.MessageDelta(null, null, Usage.of(0, 0, -1, 0, 3)));
        accumulator.onEvent(Event.STOP);
        Answer answer = accumulator.answer();
        assertThat(accumulator.complete()).isTrue();
        assertThat(accumulator.failure()).isEmpty();
        assertThat(answer.id()).isEqualTo("id");
        assertThat(answer.model()).isEqualTo("model");
        assertThat(answer.created()).isEqualTo(17);
        assertThat(answer.stopReason()).isEqualTo(StopReason.STOP_SEQUENCE);
        assertThat(answer.stopSequence()).isEqualTo("\n");
        assertThat(answer.usage()).isEqualTo(Usage.of(24, 64, -1, 41, 3));
        assertThat(answer.text()).isEqualTo("a\"é\ud83d!");
        assertThat(answer.blocks())
                .extracting(AnswerBlock::kind)
                .containsExactly(
                        BlockKind.THINKING,
                        BlockKind.REDACTED_THINKING,
                        BlockKind.TEXT,
                        BlockKind.TOOL_USE,
                        BlockKind.TEXT);
        AnswerBlock thinking = answer.blocks().getFirst();
        assertThat(thinking.text().toString()).isEqualTo("hm");
        assertThat(thinking.signature().toString()).isEqualTo("sig");
        assertThat(answer.blocks().get(1).data()).isEqualTo(Raw.of("\"sealed\""));
        assertThat(answer.blocks().get(1).signature().isEmpty()).isTrue();
        assertThat(answer.blocks().get(2).annotations()).hasSize(1);
        assertThat(answer.blocks().get(4).annotations()).isEmpty();
        AnswerBlock tool = answer.first(BlockKind.TOOL_USE).orElseThrow();
        assertThat(tool.text().toString()).isEqualTo("{\"x\":1.0}");
        assertThat(tool.custom()).isFalse();
        assertThat(answer.first(BlockKind.REFUSAL)).isEmpty();
    }

    @Test
    @Tag("R42")
    void keepsArgumentsAsTheyWereEscapedAndOwnsThem() {
        byte[] frame = "\"{\\u0022a\\\": 1.50}\"".getBytes(StandardCharsets.UTF_8);
        accumulator.onEvent(Event.BlockStart.customTool(0, "c", "f"));
        accumulator.onEvent(new Event.Delta(0, DeltaKind.ARGUMENTS, new JsonReader(frame).text()));
        Arrays.fill(frame, (byte) '!');
        AnswerBlock open = accumulator.answer().blocks().getFirst();
        assertThat(open.text().toString()).isEqualTo("{\"a\": 1.50}");
        assertThat(open.text().length()).isEqualTo(frame.length - 2);
        assertThat(open.custom()).isTrue();
    }

    @Test
    void tellsWhatMadeTheMessageFail() {
        accumulator.onEvent(new Event.MessageStart("id", "m", 0, Usage.NONE));
        accumulator.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
        delta(0, DeltaKind.TEXT, "half");
        Failure failure = Failure.of(FailureCode.OVERLOADED, "busy");
        accumulator.onEvent(new Event.Failed(failure));
        accumulator.onEvent(Event.STOP);
        assertThat(accumulator.complete()).isFalse();
        assertThat(accumulator.failure()).contains(failure);
        assertThat(accumulator.answer().text()).isEqualTo("half");
    }

    @Test
    void gathersNoMoreThanItsBound() {
        accumulator.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
        for (int i = 0; i < 99; i++) {
            delta(0, DeltaKind.TEXT, "x".repeat(100));
        }
        assertThat(accumulator.failure()).isEmpty();
        delta(0, DeltaKind.TEXT, "x".repeat(100));
        assertThat(accumulator.failure().orElseThrow().code())
                .isEqualTo(FailureCode.UPSTREAM_BROKEN);
        delta(0, DeltaKind.TEXT, "x".repeat(1000));
        accumulator.onEvent(Event.STOP);
        assertThat(accumulator.answer().text().length()).isLessThanOrEqualTo(10_100);
        assertThat(accumulator.complete()).isFalse();
    }

    @Test
    void boundsBlocksAndNotesThatHoldNothing() {
        Accumulator blocks = new Accumulator(10_000);
        Accumulator notes = new Accumulator(10_000);
        notes.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
        for (int i = 0; i < 200; i++) {
            blocks.onEvent(Event.BlockStart.of(i, BlockKind.TEXT));
            blocks.onEvent(new Event.BlockStop(i));
            notes.onEvent(new Event.Annotation(0, "", Raw.of("1")));
        }
        assertThat(blocks.failure()).isPresent();
        assertThat(notes.failure()).isPresent();
        Accumulator names = new Accumulator(10_000);
        names.onEvent(Event.BlockStart.tool(0, "x".repeat(20_000), ""));
        assertThat(names.failure()).isPresent();
    }
}

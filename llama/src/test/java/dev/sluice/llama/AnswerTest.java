package dev.sluice.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.StreamGrammar;
import dev.sluice.core.event.Usage;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class AnswerTest {
    private final List<Event> events = new ArrayList<>();
    private final StreamGrammar grammar = new StreamGrammar();
    private final Accumulator accumulator = new Accumulator(1 << 20);

    private Answer answer(List<String> ends, String... stops) {
        ChatFormat.Turn turn =
                new ChatFormat.Turn("", "", false, out -> new PlainText(List.of(stops), ends, out));
        Answer answer = new Answer("id", "model", 5, turn, this::take);
        answer.begin(10, 4);
        return answer;
    }

    private void take(Event event) {
        assertThat(grammar.accept(event)).as(grammar.violation()).isTrue();
        accumulator.onEvent(event);
        events.add(event);
    }

    private dev.sluice.core.event.Answer answered() {
        return accumulator.answer();
    }

    @Test
    @Tag("R44")
    void tellsTextAsItIsAndCountsEveryToken() {
        Answer answer = answer(List.of());
        answer.token("Hel");
        answer.token("");
        answer.token("lo");
        answer.end(JobListener.End.DONE);
        assertThat(answered().text()).isEqualTo("Hello");
        assertThat(answered().stopReason()).isEqualTo(StopReason.END_TURN);
        assertThat(answered().usage()).isEqualTo(Usage.of(6, 4, 0, 3, 0));
        assertThat(events.stream().filter(Event.Delta.class::isInstance)).hasSize(2);
    }

    @Test
    @Tag("R44")
    void anAnswerWithoutTextHasNoBlock() {
        Answer answer = answer(List.of());
        answer.end(JobListener.End.DONE);
        assertThat(events).noneMatch(Event.BlockStart.class::isInstance);
        assertThat(answered().usage()).isEqualTo(Usage.of(6, 4, 0, 0, 0));
    }

    @Test
    @Tag("R57")
    void aStopSequenceOverTokensEndsItWithExactCounts() {
        Answer answer = answer(List.of(), "END");
        answer.token("text E");
        answer.token("N");
        assertThat(answer.isOver()).isFalse();
        answer.token("D and more");
        assertThat(answer.isOver()).isTrue();
        assertThat(answered().text()).isEqualTo("text ");
        assertThat(answered().stopReason()).isEqualTo(StopReason.STOP_SEQUENCE);
        assertThat(answered().stopSequence()).isEqualTo("END");
        assertThat(answered().usage()).isEqualTo(Usage.of(6, 4, 0, 3, 0));
        // What the engine says afterwards changes nothing.
        answer.end(JobListener.End.MOST);
        assertThat(answered().stopReason()).isEqualTo(StopReason.STOP_SEQUENCE);
    }

    @Test
    void whatMayHaveBecomeAStopSequenceIsTextInTheEnd() {
        Answer answer = answer(List.of(), "END");
        answer.token("text EN");
        answer.end(JobListener.End.DONE);
        assertThat(answered().text()).isEqualTo("text EN");
    }

    @Test
    void theModelsOwnEndIsTheEndOfItsTurn() {
        Answer answer = answer(List.of("<|im_end|>"), "STOP");
        answer.token("text<|im_");
        answer.token("end|>");
        assertThat(answer.isOver()).isTrue();
        assertThat(answered().text()).isEqualTo("text");
        assertThat(answered().stopReason()).isEqualTo(StopReason.END_TURN);
    }

    @Test
    void theLimitAndAFullContextAreTold() {
        Answer most = answer(List.of());
        most.token("a");
        most.end(JobListener.End.MOST);
        assertThat(answered().stopReason()).isEqualTo(StopReason.MAX_TOKENS);
    }
}

package dev.sluice.gateway.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StreamGrammar;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.provider.Head;
import dev.sluice.core.provider.Receiver;
import dev.sluice.gateway.exchange.ManualLoop;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Receives an answer, holds it to the grammar of streams, and remembers all of it with its times.
 */
final class Audience implements Receiver {
    private final ManualLoop loop;
    private final StreamGrammar grammar = new StreamGrammar();
    private final Accumulator fold = new Accumulator(64 << 20);
    private final List<Event> events = new ArrayList<>();
    private final List<Long> deltaMillis = new ArrayList<>();
    private final List<Integer> deltasOfTurns = new ArrayList<>();
    private final List<String> deltas = new ArrayList<>();
    private Consumer<Event> onEvent = _ -> {};
    private @Nullable Failure failure;
    private long turn = -1;
    private boolean connected;

    Audience(ManualLoop loop) {
        this.loop = loop;
    }

    /** Does something at each event. */
    void at(Consumer<Event> action) {
        onEvent = action;
    }

    @Override
    public void onConnected() {
        assertThat(connected).isFalse();
        connected = true;
    }

    @Override
    public void onHead(Head head) {
        throw new AssertionError("a head of a provider that speaks no dialect");
    }

    @Override
    public void onBytes(byte[] bytes, int offset, int length) {
        throw new AssertionError("bytes of a provider that speaks no dialect");
    }

    @Override
    public void onEnd() {
        throw new AssertionError("an end of a provider that speaks no dialect");
    }

    @Override
    public void onEvent(Event event) {
        assertThat(connected).as("connected").isTrue();
        assertThat(failure).as("failure before %s", event).isNull();
        assertThat(grammar.accept(event)).as("%s: %s", event, grammar.violation()).isTrue();
        fold.onEvent(event);
        events.add(event);
        if (event instanceof Event.Delta delta) {
            assertThat(delta.text().isEmpty()).as("an empty delta").isFalse();
            deltas.add(delta.text().toString());
            deltaMillis.add(loop.elapsedMillis());
            countInTurn();
        }
        onEvent.accept(event);
    }

    private void countInTurn() {
        if (loop.turns() != turn) {
            turn = loop.turns();
            deltasOfTurns.add(0);
        }
        deltasOfTurns.set(deltasOfTurns.size() - 1, deltasOfTurns.getLast() + 1);
    }

    @Override
    public void onFailure(Failure reason) {
        assertThat(failure).isNull();
        assertThat(grammar.ended()).as("ended before a failure").isFalse();
        failure = reason;
    }

    boolean connected() {
        return connected;
    }

    List<Event> events() {
        return events;
    }

    /** The text of each delta. */
    List<String> deltas() {
        return deltas;
    }

    /** When each delta came, in milliseconds after the loop was made. */
    List<Long> deltaMillis() {
        return deltaMillis;
    }

    /** How many deltas came in each turn of the loop that brought any. */
    List<Integer> deltasOfTurns() {
        return deltasOfTurns;
    }

    /** Whether the message came to its end. */
    boolean complete() {
        return fold.complete();
    }

    /** Whether the stream of events has ended, well or not. */
    boolean ended() {
        return grammar.ended() || failure != null;
    }

    /** The index of the block that is open, -1 if none is. */
    int openBlock() {
        return grammar.openBlock();
    }

    Answer answer() {
        return fold.answer();
    }

    String text() {
        return answer().text();
    }

    Usage usage() {
        return answer().usage();
    }

    List<BlockKind> kinds() {
        return answer().blocks().stream().map(AnswerBlock::kind).toList();
    }

    List<AnswerBlock> blocks(BlockKind kind) {
        return answer().blocks().stream().filter(block -> block.kind() == kind).toList();
    }

    /** What the provider reported in place of an answer, or when it broke off. */
    Failure failure() {
        assertThat(failure).as("failure").isNotNull();
        return java.util.Objects.requireNonNull(failure);
    }

    /** What the model server reported in its stream. */
    Failure reported() {
        return fold.failure().orElseThrow();
    }

    boolean failed() {
        return failure != null;
    }
}

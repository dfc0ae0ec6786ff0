package dev.sluice.llama;

import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;

/**
 * Turns the text of a model into the events of an answer, and counts. On the thread of the model.
 */
final class Answer {
    private final String id;
    private final String model;
    private final long created;
    private final AnswerReader reader;
    private final EventSink out;
    private int input;
    private int cached;
    private long output;
    private long reasoning;
    private boolean thinking;
    private boolean over;

    /** The answer to a turn, whose events {@code out} takes. */
    Answer(String id, String model, long created, ChatFormat.Turn turn, EventSink out) {
        this.id = id;
        this.model = model;
        this.created = created;
        this.out = out;
        this.reader = turn.reading().into(this::counted);
    }

    /** Whether the reader has found its end: nothing more is wanted. */
    boolean isOver() {
        return over;
    }

    void begin(int prompt, int known) {
        input = prompt - known;
        cached = known;
        reader.start(new Event.MessageStart(id, model, created, usage()));
    }

    /** Takes a token's text. */
    void token(String text) {
        output++;
        if (thinking) {
            reasoning++;
        }
        if (text.isEmpty() || over) {
            return;
        }
        reader.feed(text);
        if (reader.stopped()) {
            over = true;
            reader.finish(StopReason.END_TURN, usage());
        }
    }

    void end(JobListener.End end) {
        if (over) {
            return;
        }
        over = true;
        reader.finish(
                switch (end) {
                    case DONE -> StopReason.END_TURN;
                    case MOST -> StopReason.MAX_TOKENS;
                    case ROOM -> StopReason.CONTEXT_WINDOW;
                },
                usage());
    }

    private Usage usage() {
        return Usage.of(input, cached, 0, output, reasoning);
    }

    /** An end that a stop sequence brings is told with the counts of this moment. */
    private void counted(Event event) {
        switch (event) {
            case Event.BlockStart start -> {
                thinking = start.kind() == BlockKind.THINKING;
                out.onEvent(start);
            }
            case Event.MessageDelta delta ->
                    out.onEvent(
                            new Event.MessageDelta(
                                    delta.stopReason(), delta.stopSequence(), usage()));
            case Event.MessageStart _,
                    Event.Delta _,
                    Event.Annotation _,
                    Event.BlockStop _,
                    Event.MessageStop _,
                    Event.Ping _,
                    Event.Failed _ ->
                    out.onEvent(event);
        }
    }
}

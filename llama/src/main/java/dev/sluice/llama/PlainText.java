package dev.sluice.llama;

import dev.sluice.core.dialect.EmulatedStream;
import dev.sluice.core.dialect.Emulations;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.Text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes all that a model writes as text, up to a stop sequence or a text that ends its turns. */
final class PlainText implements AnswerReader {
    private final List<String> ends;
    private final EmulatedStream out;
    private boolean open;

    /**
     * Reads into {@code sink}.
     *
     * @param stops texts that the client wants it to stop at
     * @param ends texts that end the model's turns
     */
    PlainText(List<String> stops, List<String> ends, EventSink sink) {
        List<String> all = new ArrayList<>(stops);
        all.addAll(ends);
        this.ends = ends;
        this.out =
                new EmulatedStream(
                        new Emulations(Map.of(), Set.of(), all), event -> hand(event, sink));
    }

    /** The model's own end is no stop sequence to the client. */
    private void hand(Event event, EventSink sink) {
        if (event instanceof Event.MessageDelta delta
                && delta.stopSequence() != null
                && ends.contains(delta.stopSequence().toString())) {
            sink.onEvent(new Event.MessageDelta(StopReason.END_TURN, null, delta.usage()));
        } else {
            sink.onEvent(event);
        }
    }

    @Override
    public void start(Event.MessageStart start) {
        out.onEvent(start);
    }

    @Override
    public void feed(String text) {
        if (!open) {
            open = true;
            out.onEvent(Event.BlockStart.of(0, BlockKind.TEXT));
        }
        out.onEvent(new Event.Delta(0, Event.DeltaKind.TEXT, Text.of(text)));
    }

    @Override
    public boolean stopped() {
        return out.stopped();
    }

    @Override
    public void finish(StopReason reason, Usage usage) {
        if (open) {
            open = false;
            out.onEvent(new Event.BlockStop(0));
        }
        out.onEvent(new Event.MessageDelta(reason, null, usage));
        out.onEvent(Event.STOP);
    }
}

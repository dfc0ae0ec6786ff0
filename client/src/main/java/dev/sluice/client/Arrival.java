package dev.sluice.client;

import dev.sluice.core.event.Event;

/** An event that may be kept, and when it came by {@link System#nanoTime}. */
record Arrival(Event event, long nanos) {
    /** The event with text of its own, where it has text. */
    static Arrival of(Event event, long nanos) {
        return new Arrival(kept(event), nanos);
    }

    private static Event kept(Event event) {
        return switch (event) {
            case Event.Delta(int index, Event.DeltaKind kind, var text) ->
                    new Event.Delta(index, kind, text.keep());
            case Event.MessageDelta(var reason, var sequence, var usage) ->
                    new Event.MessageDelta(
                            reason, sequence == null ? null : sequence.keep(), usage);
            case Event.MessageStart _,
                    Event.BlockStart _,
                    Event.Annotation _,
                    Event.BlockStop _,
                    Event.MessageStop _,
                    Event.Ping _,
                    Event.Failed _ ->
                    event;
        };
    }

    /** About how much it holds. */
    int bytes() {
        return switch (event) {
            case Event.Delta delta -> delta.text().length();
            case Event.Annotation annotation -> annotation.data().length();
            case Event.BlockStart start -> start.data() == null ? 0 : start.data().length();
            case Event.MessageStart _,
                    Event.BlockStop _,
                    Event.MessageDelta _,
                    Event.MessageStop _,
                    Event.Ping _,
                    Event.Failed _ ->
                    0;
        };
    }
}

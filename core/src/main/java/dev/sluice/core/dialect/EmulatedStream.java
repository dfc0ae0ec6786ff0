package dev.sluice.core.dialect;

import dev.sluice.core.event.Event;
import dev.sluice.core.event.EventSink;

/** x. */
public final class EmulatedStream implements EventSink {
    private final EventSink out;

    /** x. */
    public EmulatedStream(Emulations emulations, EventSink out) {
        this.out = out;
    }

    @Override
    public void onEvent(Event event) {
        out.onEvent(event);
    }

    /** x. */
    public boolean stopped() {
        return false;
    }
}

package dev.sluice.core.dialect;

import dev.sluice.core.event.Event;
import dev.sluice.core.json.ByteBuilder;

/** Writes one client's stream: events in, bytes out. Holds the state of that stream. */
public interface EventEncoder {
    /**
     * Writes what {@code event} looks like on the wire, which may be nothing. Events come in the
     * order of {@link dev.sluice.core.event.StreamGrammar}.
     */
    void encode(Event event, ByteBuilder out);

    /**
     * What is written next comes behind so many of an upstream's own events that went on as they
     * were; for dialects that number their events.
     */
    default void goOnBehind(long events) {}
}

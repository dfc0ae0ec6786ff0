package dev.sluice.core.event;

/** Takes events, one after the other. */
@FunctionalInterface
public interface EventSink {
    /** Takes the next event, whose text is valid during this call. */
    void onEvent(Event event);
}

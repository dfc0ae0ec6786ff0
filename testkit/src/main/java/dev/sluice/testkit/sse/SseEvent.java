package dev.sluice.testkit.sse;

import dev.sluice.testkit.Json;

import tools.jackson.databind.node.ObjectNode;

/**
 * One dispatched server-sent event.
 *
 * @param type the event's name; {@code message} when it has none
 * @param data its data
 * @param id the last event id that holds at this event; empty when there was none
 * @param nanos when its closing blank line arrived, by {@link System#nanoTime}
 */
public record SseEvent(String type, String data, String id, long nanos) {
    /** The type of an event without an {@code event:} line. */
    public static final String UNNAMED = "message";

    /** An event without id and time. */
    public SseEvent(String type, String data) {
        this(type, data, "", 0);
    }

    /** The data as a JSON object; an assertion failure when it is none. */
    public ObjectNode json() {
        return Json.object(data);
    }

    /** Whether the data is exactly {@code [DONE]}. */
    public boolean isDone() {
        return data.equals("[DONE]");
    }
}

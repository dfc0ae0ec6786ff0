package dev.sluice.client;

import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.Text;

import java.util.ArrayList;
import java.util.List;

/** Messages, event by event, for the provider of the tests. */
final class Told {
    private static final Usage PROMPT = Usage.of(7, -1, -1, -1, -1);

    private Told() {}

    /** The start of a message and of its block of text. */
    static List<Event> start() {
        return List.of(
                new Event.MessageStart("msg-1", "fake-1", 0, PROMPT),
                Event.BlockStart.of(0, BlockKind.TEXT));
    }

    static Event token(String text) {
        return new Event.Delta(0, Event.DeltaKind.TEXT, Text.of(text));
    }

    static List<Event> end(long output) {
        return List.of(
                new Event.BlockStop(0),
                new Event.MessageDelta(StopReason.END_TURN, null, Usage.of(-1, -1, -1, output, -1)),
                Event.STOP);
    }

    /** A whole message of these tokens. */
    static List<Event> message(String... tokens) {
        List<Event> events = new ArrayList<>(cut(tokens));
        events.addAll(end(tokens.length));
        return events;
    }

    /** A message that has not ended. */
    static List<Event> cut(String... tokens) {
        List<Event> events = new ArrayList<>(start());
        for (String token : tokens) {
            events.add(token(token));
        }
        return events;
    }

    /** A message that fails after these tokens. */
    static List<Event> failing(FailureCode code, String... tokens) {
        List<Event> events = new ArrayList<>(cut(tokens));
        events.add(new Event.Failed(Failure.of(code, "the model tripped")));
        return events;
    }

    /** A message that calls a tool. */
    static List<Event> toolCall(String id, String name, String... arguments) {
        List<Event> events = new ArrayList<>();
        events.add(new Event.MessageStart("msg-1", "fake-1", 0, PROMPT));
        events.add(Event.BlockStart.tool(0, id, name));
        for (String piece : arguments) {
            events.add(new Event.Delta(0, Event.DeltaKind.ARGUMENTS, Text.of(piece)));
        }
        events.add(new Event.BlockStop(0));
        events.add(
                new Event.MessageDelta(
                        StopReason.TOOL_USE, null, Usage.of(-1, -1, -1, arguments.length, -1)));
        events.add(Event.STOP);
        return events;
    }
}

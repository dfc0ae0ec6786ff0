package dev.sluice.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/** Keeps events and checks their order as they come. */
public final class CollectingSink implements EventSink {
    private final List<Event> events = new ArrayList<>();
    private final StreamGrammar grammar = new StreamGrammar();

    /** A sink for a whole stream. */
    public CollectingSink() {}

    /** A sink for what comes behind the start of the message. */
    public static CollectingSink started() {
        CollectingSink sink = new CollectingSink();
        sink.grammar.accept(new Event.MessageStart("", "", 0, Usage.NONE));
        return sink;
    }

    @Override
    public void onEvent(Event event) {
        assertThat(grammar.accept(event))
                .as("%s after %s: %s", event, lines(), grammar.violation())
                .isTrue();
        events.add(kept(event));
    }

    private static Event kept(Event event) {
        return switch (event) {
            case Event.Delta delta ->
                    new Event.Delta(delta.index(), delta.kind(), delta.text().keep());
            case Event.MessageDelta delta ->
                    new Event.MessageDelta(
                            delta.stopReason(),
                            delta.stopSequence() == null ? null : delta.stopSequence().keep(),
                            delta.usage());
            default -> event;
        };
    }

    /** What came so far. */
    public List<Event> events() {
        return events;
    }

    /** Whether the stream has come to its end, good or bad. */
    public boolean ended() {
        return grammar.ended();
    }

    /** The failure that ended the stream, or an empty text. */
    public String failure() {
        return !events.isEmpty() && events.getLast() instanceof Event.Failed failed
                ? failed.failure().message()
                : "";
    }

    /** The events, one line each; deltas of one kind that follow each other are one line. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        StringBuilder growing = new StringBuilder();
        String growth = "";
        for (Event event : events) {
            if (event instanceof Event.Delta delta) {
                String head = delta.kind() + " " + delta.index() + " ";
                if (!head.equals(growth)) {
                    flush(lines, growing);
                    growing.append(head);
                    growth = head;
                }
                growing.append(delta.text());
            } else {
                flush(lines, growing);
                growth = "";
                lines.add(line(event));
            }
        }
        flush(lines, growing);
        return lines;
    }

    private static void flush(List<String> lines, StringBuilder growing) {
        if (!growing.isEmpty()) {
            lines.add(growing.toString());
            growing.setLength(0);
        }
    }

    private static String line(Event event) {
        return switch (event) {
            case Event.MessageStart start -> "message " + start.id() + " " + start.model();
            case Event.BlockStart start ->
                    ("start "
                                    + start.index()
                                    + " "
                                    + start.kind()
                                    + " "
                                    + start.id()
                                    + " "
                                    + start.name()
                                    + (start.data() == null ? "" : " " + start.data()))
                            .stripTrailing();
            case Event.Delta delta -> throw new AssertionError(delta);
            case Event.Annotation note ->
                    "note " + note.index() + " " + note.name() + " " + note.data();
            case Event.BlockStop stop -> "stop " + stop.index();
            case Event.MessageDelta delta ->
                    "delta "
                            + delta.stopReason()
                            + " "
                            + delta.stopSequence()
                            + " "
                            + delta.usage().output();
            case Event.MessageStop _ -> "end";
            case Event.Ping _ -> "ping";
            case Event.Failed failed -> "failed " + failed.failure().code();
        };
    }
}

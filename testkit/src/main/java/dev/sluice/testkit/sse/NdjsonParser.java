package dev.sluice.testkit.sse;

import dev.sluice.testkit.Json;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Newline-delimited JSON in the strict form: every line ends with LF, the last one too, and none is
 * blank or has a CR. A line is an event without a name.
 */
final class NdjsonParser implements SseParser {
    private final List<SseEvent> events = new ArrayList<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    @Override
    public void feed(byte[] bytes, long nanos) {
        for (byte b : bytes) {
            if (b != '\n') {
                line.write(b);
                continue;
            }
            String text = Json.utf8(line.toByteArray());
            line.reset();
            if (text.isBlank() || text.indexOf('\r') >= 0) {
                throw new AssertionError(
                        "line " + (events.size() + 1) + " is blank or has a CR: " + text);
            }
            events.add(new SseEvent(SseEvent.UNNAMED, text, "", nanos));
        }
    }

    @Override
    public void finish() {
        if (line.size() > 0) {
            throw new AssertionError("the last line has no LF: " + Json.utf8(line.toByteArray()));
        }
    }

    @Override
    public List<SseEvent> events() {
        return Collections.unmodifiableList(events);
    }

    /** There are none in this format. */
    @Override
    public List<SseComment> comments() {
        return List.of();
    }
}

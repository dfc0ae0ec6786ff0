package dev.sluice.testkit.sse;

import dev.sluice.testkit.Json;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Takes the one form that every client generation reads, and fails on all others:
 *
 * <ul>
 *   <li>at most one {@code event: } line, then exactly one {@code data: } line that is not empty,
 *       then one blank line;
 *   <li>comments in blocks of their own, closed by a blank line of their own;
 *   <li>LF alone, no byte order mark, UTF-8 without a fault;
 *   <li>no {@code id:}, no {@code retry:}, no other field, no blank line that closes nothing,
 *       nothing unterminated.
 * </ul>
 */
final class StrictSseParser implements SseParser {
    private static final String EVENT = "event: ";
    private static final String DATA = "data: ";

    private final List<SseEvent> events = new ArrayList<>();
    private final List<SseComment> comments = new ArrayList<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int lines;
    private @Nullable String type;
    private @Nullable String data;
    private boolean commentOpen;

    StrictSseParser() {}

    @Override
    public void feed(byte[] bytes, long nanos) {
        for (byte b : bytes) {
            if (b == '\n') {
                lines++;
                String text = Json.utf8(line.toByteArray());
                line.reset();
                onLine(text, nanos);
            } else {
                line.write(b);
            }
        }
    }

    @Override
    public void finish() {
        if (line.size() > 0) {
            lines++;
            throw refuse("the body ends inside a line", Json.utf8(line.toByteArray()));
        }
        if (type != null || data != null || commentOpen) {
            throw refuse("the body ends without a closing blank line", "");
        }
    }

    @Override
    public List<SseEvent> events() {
        return Collections.unmodifiableList(events);
    }

    @Override
    public List<SseComment> comments() {
        return Collections.unmodifiableList(comments);
    }

    private void onLine(String text, long nanos) {
        check(text.indexOf('\r') < 0, "a carriage return", text);
        check(!(lines == 1 && text.startsWith("\uFEFF")), "a byte order mark", text);
        if (text.isEmpty()) {
            onBlank(nanos);
        } else if (text.startsWith(":")) {
            onComment(text, nanos);
        } else {
            check(!commentOpen, "a comment glued to the next event", text);
            onField(text);
        }
    }

    private void onBlank(long nanos) {
        if (data != null) {
            events.add(new SseEvent(type == null ? SseEvent.UNNAMED : type, data, "", nanos));
        } else {
            check(type == null, "an event without data", "");
            check(commentOpen, "a blank line that closes nothing", "");
        }
        type = null;
        data = null;
        commentOpen = false;
    }

    private void onComment(String text, long nanos) {
        check(type == null && data == null, "a comment inside an event", text);
        commentOpen = true;
        String said = text.substring(text.startsWith(": ") ? 2 : 1);
        comments.add(new SseComment(said, events.size(), nanos));
    }

    private void onField(String text) {
        if (text.startsWith(EVENT)) {
            check(type == null, "a second event line", text);
            check(data == null, "an event line after the data line", text);
            type = text.substring(EVENT.length());
            check(
                    !type.isBlank() && !type.equals(SseEvent.UNNAMED),
                    "an event line without a real name",
                    text);
        } else if (text.startsWith(DATA)) {
            check(data == null, "a second data line in one event", text);
            data = text.substring(DATA.length());
            check(!data.isBlank(), "an empty data line", text);
        } else {
            throw refuse("neither 'event: ' nor 'data: ' nor a comment", text);
        }
    }

    private void check(boolean holds, String fault, String text) {
        if (!holds) {
            throw refuse(fault, text);
        }
    }

    private AssertionError refuse(String fault, String text) {
        String shown = text.isEmpty() ? "" : ": " + Json.quote(Json.excerpt(text));
        return new AssertionError(
                "SSE line " + lines + " (after " + events.size() + " events): " + fault + shown);
    }
}

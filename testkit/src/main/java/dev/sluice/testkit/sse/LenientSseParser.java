package dev.sluice.testkit.sse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/**
 * The WHATWG algorithm, written for reading and not for speed: the oracle for real parsers, and the
 * reader of streams that are relayed as a sloppy upstream wrote them.
 */
final class LenientSseParser implements SseParser {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final List<SseEvent> events = new ArrayList<>();
    private final List<SseComment> comments = new ArrayList<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private boolean firstLine = true;
    private boolean skipLineFeed;
    private String type = "";
    private String idBuffer = "";
    private String lastEventId = "";
    private OptionalLong retryMillis = OptionalLong.empty();

    LenientSseParser() {}

    @Override
    public void feed(byte[] bytes, long nanos) {
        for (byte b : bytes) {
            boolean swallowed = skipLineFeed && b == '\n';
            skipLineFeed = b == '\r';
            if (swallowed) {
                continue;
            }
            // The bytes of CR and LF never stand inside a multi-byte character: a line can be
            // decoded alone.
            if (b == '\r' || b == '\n') {
                String text = line.toString(StandardCharsets.UTF_8);
                line.reset();
                boolean marked = firstLine && text.startsWith(BYTE_ORDER_MARK);
                firstLine = false;
                onLine(marked ? text.substring(1) : text, nanos);
            } else {
                line.write(b);
            }
        }
    }

    /** What no blank line closed is discarded. */
    @Override
    public void finish() {
        line.reset();
        data.setLength(0);
        type = "";
    }

    @Override
    public List<SseEvent> events() {
        return Collections.unmodifiableList(events);
    }

    @Override
    public List<SseComment> comments() {
        return Collections.unmodifiableList(comments);
    }

    /** The source's last event id. */
    String lastEventId() {
        return lastEventId;
    }

    /** The reconnection time, when one was set. */
    OptionalLong retryMillis() {
        return retryMillis;
    }

    private void onLine(String text, long nanos) {
        int colon = text.indexOf(':');
        if (text.isEmpty()) {
            dispatch(nanos);
        } else if (colon == 0) {
            comments.add(new SseComment(withoutSpace(text.substring(1)), events.size(), nanos));
        } else if (colon > 0) {
            onField(text.substring(0, colon), withoutSpace(text.substring(colon + 1)));
        } else {
            onField(text, "");
        }
    }

    private void onField(String name, String value) {
        switch (name) {
            case "data" -> data.append(value).append('\n');
            case "event" -> type = value;
            case "id" -> {
                if (value.indexOf('\0') < 0) {
                    idBuffer = value;
                }
            }
            case "retry" -> {
                if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    retryMillis = OptionalLong.of(Long.parseLong(value));
                }
            }
            default -> {
                // Other fields mean nothing.
            }
        }
    }

    private void dispatch(long nanos) {
        lastEventId = idBuffer;
        if (!data.isEmpty()) {
            data.setLength(data.length() - 1);
            String named = type.isEmpty() ? SseEvent.UNNAMED : type;
            events.add(new SseEvent(named, data.toString(), lastEventId, nanos));
        }
        data.setLength(0);
        type = "";
    }

    private static String withoutSpace(String value) {
        return value.startsWith(" ") ? value.substring(1) : value;
    }
}

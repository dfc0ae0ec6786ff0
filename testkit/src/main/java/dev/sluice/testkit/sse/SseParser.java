package dev.sluice.testkit.sse;

import java.util.List;

/** Bytes in, as they arrive; events and comments out. */
public interface SseParser {
    /** A parser that refuses what our writers must never write. */
    static SseParser strict() {
        return new StrictSseParser();
    }

    /** A parser that takes everything, as the WHATWG algorithm says. */
    static SseParser lenient() {
        return new LenientSseParser();
    }

    /** A parser of newline-delimited JSON, each line of which is an event. */
    static SseParser ndjson() {
        return new NdjsonParser();
    }

    /** The lines of a whole body of newline-delimited JSON, strictly. */
    static List<SseEvent> ndjson(byte[] body) {
        return parse(new NdjsonParser(), body);
    }

    /** The events of a whole body, strictly. */
    static List<SseEvent> strict(byte[] body) {
        return parse(new StrictSseParser(), body);
    }

    /** The events of a whole body, as the WHATWG algorithm says. */
    static List<SseEvent> lenient(byte[] body) {
        return parse(new LenientSseParser(), body);
    }

    /** Takes bytes that arrived at this {@link System#nanoTime}. */
    void feed(byte[] bytes, long nanos);

    /** Says that nothing more comes; a strict parser fails when something was left open. */
    void finish();

    /** All events so far; a view that grows. */
    List<SseEvent> events();

    /** All comments so far; a view that grows. */
    List<SseComment> comments();

    private static List<SseEvent> parse(SseParser parser, byte[] body) {
        parser.feed(body, 0);
        parser.finish();
        return parser.events();
    }
}

package dev.sluice.dialect.sluice;

import dev.sluice.core.json.ByteBuilder;

/** What stands around the members of an event on the wire. */
sealed interface SluiceForm {
    /** Milliseconds that a browser waits before it comes back after a lost connection. */
    int RETRY_MILLIS = 1000;

    /** What the id of an event that nothing follows ends with. */
    String END = "-end";

    /** The content type of a stream. */
    String contentType();

    /** What comes first; the id in it is that of no event yet. */
    void opening(String stream, ByteBuilder out);

    /** Begins an event: its members come next. */
    void begin(String stream, long number, boolean last, ByteBuilder out);

    /** Ends an event. */
    void end(ByteBuilder out);

    /** A sign of life. */
    void ping(ByteBuilder out);

    /**
     * Server-sent events. Each has an id, so that a browser that lost the connection says by itself
     * which one it had last.
     */
    record Sse() implements SluiceForm {
        @Override
        public String contentType() {
            return "text/event-stream; charset=utf-8";
        }

        @Override
        public void opening(String stream, ByteBuilder out) {
            out.add("retry: ").number(RETRY_MILLIS).add("\nid: ").add(stream).add("-0\n\n");
        }

        @Override
        public void begin(String stream, long number, boolean last, ByteBuilder out) {
            out.add("id: ").add(stream).add('-').number(number);
            if (last) {
                out.add(END);
            }
            out.add("\ndata: {");
        }

        @Override
        public void end(ByteBuilder out) {
            out.add("}\n\n");
        }

        @Override
        public void ping(ByteBuilder out) {
            out.add(": keepalive\n\n");
        }
    }

    /** An object on each line, with the client's id of the answer; the connection has pings. */
    record Lines(String id) implements SluiceForm {
        @Override
        public String contentType() {
            return "application/x-ndjson";
        }

        @Override
        public void opening(String stream, ByteBuilder out) {}

        @Override
        public void begin(String stream, long number, boolean last, ByteBuilder out) {
            out.add("{\"id\":").quoted(id).add(',');
        }

        @Override
        public void end(ByteBuilder out) {
            out.add("}\n");
        }

        @Override
        public void ping(ByteBuilder out) {}
    }
}

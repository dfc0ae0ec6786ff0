package dev.sluice.gateway.upstream;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.provider.Head;

import org.jspecify.annotations.Nullable;

/**
 * Reads the responses of one HTTP/1.1 connection (RFC 9112), one after the other.
 *
 * <p>Model servers send every event as a chunk of its own, and a read of a fast server's socket
 * holds a hundred of them: the data of all chunks of a read is told as one piece, moved together
 * within the array that was read into.
 */
final class ResponseReader {
    /** Is told what is read. It may close the connection at any time. */
    interface Sink {
        /** A response begins; what is only provisional (RFC 9110, 15.2) is not told. */
        void onHead(Head head);

        /** The next piece of the body; {@code bytes} is another's after the call. */
        void onData(byte[] bytes, int offset, int length);

        /** The response is complete; whether the connection takes another request. */
        void onEnd(boolean isReusable);
    }

    private enum State {
        /** Nothing is due. */
        IDLE,
        HEAD,
        COUNTED,
        UNTIL_CLOSED,
        CHUNKS,
        /** Behind the last chunk: fields up to an empty line. */
        TRAILERS
    }

    private final Sink sink;
    private final int mostHeadBytes;
    private final ChunkFraming chunks = new ChunkFraming();
    private State state = State.IDLE;
    private @Nullable ResponseHead head;

    /** The start of a line whose end has not come. */
    private @Nullable ByteBuilder started;

    private int headBytes;

    /** Bytes left of a counted body. */
    private long left;

    private boolean keepsAlive;
    private int idleSeconds;

    /** A reader; {@code mostHeadBytes} bounds heads, and fields behind the last chunk. */
    ResponseReader(Sink sink, int mostHeadBytes) {
        this.sink = sink;
        this.mostHeadBytes = mostHeadBytes;
    }

    /** A request was sent: its response is due. */
    void expect() {
        state = State.HEAD;
        head = new ResponseHead();
        headBytes = 0;
    }

    /** How many seconds the server keeps an idle connection at most; 0 if it did not say. */
    int idleSeconds() {
        return idleSeconds;
    }

    /**
     * Reads what came.
     *
     * @param bytes what came, from {@code from} to {@code to}; changed by this call
     * @throws MalformedResponse if it is no HTTP/1.1
     */
    void read(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            at =
                    switch (state) {
                        case IDLE ->
                                throw new MalformedResponse("more bytes than its framing allows");
                        case HEAD, TRAILERS -> line(bytes, at, to);
                        case COUNTED -> counted(bytes, at, to);
                        case CHUNKS -> chunks(bytes, at, to);
                        case UNTIL_CLOSED -> {
                            sink.onData(bytes, at, to - at);
                            yield to;
                        }
                    };
        }
    }

    /**
     * The server closed the connection; returns whether that completed a response, as it does one
     * that tells no length.
     */
    boolean closed() {
        if (state != State.UNTIL_CLOSED) {
            return false;
        }
        end(false);
        return true;
    }

    private void end(boolean isReusable) {
        state = State.IDLE;
        sink.onEnd(isReusable);
    }

    // ---- lines ----

    private int line(byte[] bytes, int from, int to) {
        int lf = from;
        while (lf < to && bytes[lf] != '\n') {
            lf++;
        }
        headBytes += Math.min(lf + 1, to) - from;
        if (headBytes > mostHeadBytes) {
            throw new MalformedResponse("a head of more than " + mostHeadBytes + " bytes");
        }
        if (lf == to) {
            if (started == null) {
                started = new ByteBuilder(Math.max(128, to - from));
            }
            started.add(bytes, from, to - from);
            return to;
        }
        ByteBuilder before = started;
        if (before == null) {
            line(bytes, from, lf, lf + 1 == to);
        } else {
            started = null;
            before.add(bytes, from, lf - from);
            line(before.array(), 0, before.length(), lf + 1 == to);
        }
        return lf + 1;
    }

    /** A line without its LF; {@code isLast}: nothing has come behind it. */
    private void line(byte[] bytes, int from, int to, boolean isLast) {
        int end = to - 1;
        if (end < from || bytes[end] != '\r') {
            throw new MalformedResponse("a line of its head that ends without CR LF");
        }
        if (state == State.TRAILERS) {
            if (end == from) {
                end(keepsAlive && isLast);
            }
            return;
        }
        ResponseHead reading = head;
        if (reading == null) {
            throw new IllegalStateException("no response is due");
        }
        if (end > from) {
            reading.line(bytes, from, end);
        } else if (reading.isProvisional()) {
            head = new ResponseHead();
        } else {
            head = null;
            body(reading, isLast);
        }
    }

    private void body(ResponseHead read, boolean isLast) {
        keepsAlive = read.keepsAlive();
        idleSeconds = read.idleSeconds();
        left = read.length();
        state =
                switch (read.framing()) {
                    case NONE -> State.IDLE;
                    case COUNTED -> State.COUNTED;
                    case CHUNKED -> State.CHUNKS;
                    case UNTIL_CLOSED -> State.UNTIL_CLOSED;
                };
        chunks.clear();
        sink.onHead(read.head());
        if (state == State.IDLE || state == State.COUNTED && left == 0) {
            end(keepsAlive && isLast);
        }
    }

    // ---- bodies ----

    private int counted(byte[] bytes, int from, int to) {
        int count = (int) Math.min(left, to - from);
        left -= count;
        sink.onData(bytes, from, count);
        if (left == 0) {
            end(keepsAlive && from + count == to);
        }
        return from + count;
    }

    private int chunks(byte[] bytes, int from, int to) {
        int at = chunks.join(bytes, from, to);
        if (chunks.joined() > 0) {
            sink.onData(bytes, from, chunks.joined());
        }
        if (chunks.isBroken()) {
            throw new MalformedResponse("chunks whose sizes do not fit");
        }
        if (chunks.isLast()) {
            state = State.TRAILERS;
            headBytes = 0;
        }
        return at;
    }
}

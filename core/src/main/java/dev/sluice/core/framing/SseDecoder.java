package dev.sluice.core.framing;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Server-sent events, as the WHATWG text parses them ("9.2.6 Interpreting an event stream").
 *
 * <p>Bytes are looked at where they came in; only an event that is cut by the end of a piece is
 * copied to a buffer of the decoder's own, where the next piece joins it. No byte is searched twice
 * for the end of its line, so that a large event in small pieces costs no more than its length.
 *
 * <p>Events of one data line, which is all of them in practice, come as a slice; several data lines
 * are joined. What carries no data (comments, an event name alone) comes as a frame without data,
 * so that a relay can pass it on and a clock can see that the other side is alive. What the
 * stream's end cuts is never handed over.
 */
public final class SseDecoder implements FrameDecoder {
    private static final int SMALL = 4096;

    private static final byte[] NO_BYTES = new byte[0];
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ID = "id".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RETRY = "retry".getBytes(StandardCharsets.US_ASCII);

    private final int maxFrameBytes;
    private final Frame frame = new Frame();
    private final ByteBuilder joined = new ByteBuilder(16);

    /** The bytes in work: the caller's piece, or {@link #held} when a frame is continued. */
    private byte[] work = frame.buffer;

    private final Unfinished held;

    /**
     * Where the frame in work begins, where its current line begins, and where the search for a
     * line's end goes on.
     */
    private int frameStart;

    private int lineStart;
    private int searched;

    private int dataLines;
    private int dataStart;
    private int dataEnd;
    private int typeStart;
    private int typeEnd;
    private boolean skipLf;

    /** The frame in work begins with the LF of the CR that ended the frame before it. */
    private boolean lineFeedInFront;

    private boolean bomPossible = true;
    private String idBuffer = "";
    private long retryMillis = -1;

    /** A decoder that refuses an event of more than {@code maxFrameBytes}. */
    public SseDecoder(int maxFrameBytes) {
        if (maxFrameBytes <= 0) {
            throw new IllegalArgumentException(
                    "maxFrameBytes: " + maxFrameBytes + " (expected: > 0)");
        }
        this.maxFrameBytes = maxFrameBytes;
        this.held = new Unfinished(maxFrameBytes);
    }

    /**
     * The time that the stream last asked a client to wait before it reconnects, in milliseconds.
     */
    public OptionalLong retryMillis() {
        return retryMillis < 0 ? OptionalLong.empty() : OptionalLong.of(retryMillis);
    }

    /** The last event id that was in force at the last blank line. */
    public String lastEventId() {
        return frame.id;
    }

    @Override
    public int held() {
        return lineFeedInFront ? held.length - 1 : held.length;
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, FrameSink sink) {
        int from = offset;
        int end = offset + length;
        while (held.length > 0 && from < end) {
            from = resume(bytes, from, end, sink);
        }
        if (from < end) {
            work = bytes;
            begin(from);
            while (frame(end, sink)) {}
            keep(end);
        }
        release();
    }

    @Override
    public void end(FrameSink sink) {
        if (lineFeedInFront) {
            dataLines = 0;
            typeEnd = typeStart;
            held.length--;
            work = held.bytes;
            dispatch(1, sink);
            release();
        }
    }

    /** How many bytes of room the decoder holds. */
    int room() {
        return held.bytes.length + joined.array().length;
    }

    private void begin(int at) {
        frameStart = at;
        lineStart = at;
        searched = at;
    }

    /**
     * Goes on with the unfinished frame by a bounded part of the piece, so that little is copied of
     * what comes behind it; returns how far the piece is used up.
     */
    private int resume(byte[] bytes, int from, int end, FrameSink sink) {
        int count = Math.min(end - from, Unfinished.STEP);
        held.add(bytes, from, count);
        work = held.bytes;
        if (!frame(held.length, sink)) {
            return from + count;
        }
        int unread = held.length - frameStart;
        held.length = 0;
        return from + count - unread;
    }

    /**
     * Reads lines up to the end of a frame and hands it over; false if the frame goes on beyond
     * {@code end}.
     */
    private boolean frame(int end, FrameSink sink) {
        if (bomPossible && !byteOrderMark(end)) {
            return false;
        }
        if (skipLf && searched < end) {
            skipLineFeed();
        }
        while (true) {
            int at = LineEnds.next(work, searched, end);
            searched = at;
            if (at == end) {
                refuseTooLarge(end);
                return false;
            }
            int next = at + 1;
            if (work[at] == '\r') {
                if (next < end) {
                    next += work[next] == '\n' ? 1 : 0;
                } else {
                    skipLf = true;
                }
            }
            int from = lineStart;
            lineStart = next;
            searched = next;
            if (at == from) {
                dispatch(next, sink);
                return true;
            }
            line(from, at);
        }
    }

    /** A CR ended the piece before and its line with it; the LF that follows belongs to it. */
    private void skipLineFeed() {
        skipLf = false;
        if (work[searched] == '\n') {
            lineFeedInFront |= searched == frameStart;
            searched++;
            lineStart = searched;
        }
    }

    /** Reads past a byte order mark at the start of the stream; false while it may still be cut. */
    private boolean byteOrderMark(int end) {
        int length = Math.min(3, end - frameStart);
        for (int i = 0; i < length; i++) {
            if ((work[frameStart + i] & 0xff) != (i == 0 ? 0xef : i == 1 ? 0xbb : 0xbf)) {
                bomPossible = false;
                return true;
            }
        }
        if (length < 3) {
            return false;
        }
        bomPossible = false;
        lineStart = frameStart + 3;
        searched = lineStart;
        return true;
    }

    private void line(int from, int to) {
        if (work[from] == ':') {
            return;
        }
        int colon = from;
        while (colon < to && work[colon] != ':') {
            colon++;
        }
        int value = colon < to ? colon + 1 : to;
        if (value < to && work[value] == ' ') {
            value++;
        }
        if (named(DATA, from, colon)) {
            dataLine(value, to);
        } else if (named(EVENT, from, colon)) {
            typeStart = value;
            typeEnd = to;
        } else if (named(ID, from, colon)) {
            id(value, to);
        } else if (named(RETRY, from, colon)) {
            retry(value, to);
        }
    }

    private boolean named(byte[] name, int from, int to) {
        return to - from == name.length && Arrays.equals(work, from, to, name, 0, name.length);
    }

    private void dataLine(int from, int to) {
        dataLines++;
        if (dataLines == 1) {
            dataStart = from;
            dataEnd = to;
            return;
        }
        if (dataLines == 2) {
            joined.clear();
            joined.add(work, dataStart, dataEnd - dataStart);
        }
        joined.add('\n').add(work, from, to - from);
    }

    private void id(int from, int to) {
        for (int i = from; i < to; i++) {
            if (work[i] == 0) {
                return;
            }
        }
        idBuffer = new String(work, from, to - from, StandardCharsets.UTF_8);
    }

    private void retry(int from, int to) {
        if (from == to || to - from > 12) {
            return;
        }
        long millis = 0;
        for (int i = from; i < to; i++) {
            int digit = work[i] - '0';
            if (digit < 0 || digit > 9) {
                return;
            }
            millis = millis * 10 + digit;
        }
        retryMillis = millis;
    }

    private void dispatch(int end, FrameSink sink) {
        refuseTooLarge(end);
        frame.id = idBuffer;
        frame.buffer = work;
        frame.rawOffset = frameStart;
        frame.rawEnd = end;
        frame.data = dataLines > 0;
        if (dataLines > 1) {
            frame.dataBuffer = joined.array();
            frame.dataOffset = 0;
            frame.dataLength = joined.length();
        } else {
            frame.dataBuffer = work;
            frame.dataOffset = dataLines == 0 ? 0 : dataStart;
            frame.dataLength = dataLines == 0 ? 0 : dataEnd - dataStart;
        }
        frame.typeBuffer = work;
        frame.typeOffset = Math.max(0, typeStart);
        frame.typeLength = typeEnd - typeStart;
        frameStart = end;
        lineFeedInFront = false;
        dataLines = 0;
        typeStart = 0;
        typeEnd = 0;
        sink.onFrame(frame);
        joined.clear();
        joined.shrink(SMALL);
    }

    /** Lets the caller's piece go, and room that one large frame made. */
    private void release() {
        held.release();
        work = held.bytes;
        frame.buffer = NO_BYTES;
        frame.dataBuffer = NO_BYTES;
        frame.typeBuffer = NO_BYTES;
    }

    private void refuseTooLarge(int end) {
        if (end - frameStart > maxFrameBytes) {
            throw Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream sent an event of more than "
                                    + maxFrameBytes
                                    + " bytes (limits.event)")
                    .asException();
        }
    }

    /** Takes what the piece holds of an unfinished frame along into the decoder's own buffer. */
    private void keep(int end) {
        int left = end - frameStart;
        if (left == 0) {
            return;
        }
        held.add(work, frameStart, left);
        int shift = frameStart;
        frameStart = 0;
        lineStart -= shift;
        searched -= shift;
        dataStart -= shift;
        dataEnd -= shift;
        typeStart -= shift;
        typeEnd -= shift;
    }
}

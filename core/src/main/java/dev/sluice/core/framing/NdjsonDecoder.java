package dev.sluice.core.framing;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.MalformedJson;

import java.util.Arrays;

/**
 * Newline-delimited JSON: a frame is a line, which ends with LF or CRLF. A line of white space is a
 * frame without data.
 *
 * <p>A line is looked at where it came in; only one that is cut by the end of a piece is copied to
 * a buffer of the decoder's own. The last line may lack its line end if it is a whole JSON value;
 * half a value is what the stream's end has cut, and is dropped.
 */
public final class NdjsonDecoder implements FrameDecoder {
    private static final int SMALL = 4096;
    private static final byte[] NO_BYTES = new byte[0];

    private final int maxFrameBytes;
    private final Frame frame = new Frame();
    private byte[] own = NO_BYTES;

    /** Bytes of an unfinished line at the start of {@link #own}; none of them is an LF. */
    private int held;

    /** A decoder that refuses a line of more than {@code maxFrameBytes}. */
    public NdjsonDecoder(int maxFrameBytes) {
        if (maxFrameBytes <= 0) {
            throw new IllegalArgumentException(
                    "maxFrameBytes: " + maxFrameBytes + " (expected: > 0)");
        }
        this.maxFrameBytes = maxFrameBytes;
    }

    @Override
    public int held() {
        return held;
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, FrameSink sink) {
        int end = offset + length;
        int from = offset;
        while (from < end) {
            int lineFeed = lineFeed(bytes, from, end);
            int to = Math.min(lineFeed + 1, end);
            refuseTooLarge(held + to - from);
            if (held > 0 || lineFeed == end) {
                append(bytes, from, to - from);
            }
            if (lineFeed < end && held > 0) {
                int line = held;
                held = 0;
                hand(own, 0, line, sink);
            } else if (lineFeed < end) {
                hand(bytes, from, to, sink);
            }
            from = to;
        }
        release();
    }

    @Override
    public void end(FrameSink sink) {
        int line = held;
        held = 0;
        if (line > 0 && isWhole(line)) {
            hand(own, 0, line, sink);
        }
        release();
    }

    private boolean isWhole(int line) {
        JsonReader reader = new JsonReader(NO_BYTES);
        reader.reset(own, 0, line);
        try {
            reader.skip();
            reader.end();
            return true;
        } catch (MalformedJson cut) {
            return false;
        }
    }

    private static int lineFeed(byte[] bytes, int from, int end) {
        int at = LineEnds.next(bytes, from, end);
        while (at < end && bytes[at] != '\n') {
            at = LineEnds.next(bytes, at + 1, end);
        }
        return at;
    }

    private void append(byte[] bytes, int offset, int count) {
        int needed = held + count;
        if (own.length < needed) {
            long room = Math.min(own.length * 2L, (long) maxFrameBytes + SMALL);
            own = Arrays.copyOf(own, (int) Math.max(Math.max(needed, room), 512));
        }
        System.arraycopy(bytes, offset, own, held, count);
        held = needed;
    }

    private void hand(byte[] buffer, int from, int to, FrameSink sink) {
        int start = from;
        int end = to;
        while (end > start && isWhite(buffer[end - 1])) {
            end--;
        }
        while (start < end && isWhite(buffer[start])) {
            start++;
        }
        frame.buffer = buffer;
        frame.rawOffset = from;
        frame.rawEnd = to;
        frame.data = start < end;
        frame.dataBuffer = buffer;
        frame.dataOffset = start;
        frame.dataLength = end - start;
        sink.onFrame(frame);
    }

    private static boolean isWhite(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    /** Lets the caller's piece go, and room that one large line made. */
    private void release() {
        if (held == 0 && own.length > SMALL) {
            own = NO_BYTES;
        }
        frame.buffer = NO_BYTES;
        frame.dataBuffer = NO_BYTES;
    }

    private void refuseTooLarge(int length) {
        if (length > maxFrameBytes) {
            throw Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream sent a line of more than "
                                    + maxFrameBytes
                                    + " bytes (limits.event)")
                    .asException();
        }
    }
}

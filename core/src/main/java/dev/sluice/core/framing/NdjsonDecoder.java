package dev.sluice.core.framing;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.MalformedJson;

/**
 * Newline-delimited JSON: a frame is a line, which ends with LF or CRLF. A line of white space is a
 * frame without data.
 *
 * <p>A line is looked at where it came in; only one that is cut by the end of a piece is copied to
 * a buffer of the decoder's own. The last line may lack its line end if it is a whole JSON value;
 * half a value is what the stream's end has cut, and is dropped.
 */
public final class NdjsonDecoder implements FrameDecoder {
    private static final byte[] NO_BYTES = new byte[0];

    private final int maxFrameBytes;
    private final Frame frame = new Frame();

    /** The start of a line; there is no LF in it. */
    private final Unfinished held;

    /** A decoder that refuses a line of more than {@code maxFrameBytes}. */
    public NdjsonDecoder(int maxFrameBytes) {
        if (maxFrameBytes <= 0) {
            throw new IllegalArgumentException(
                    "maxFrameBytes: " + maxFrameBytes + " (expected: > 0)");
        }
        this.maxFrameBytes = maxFrameBytes;
        this.held = new Unfinished(maxFrameBytes);
    }

    @Override
    public int held() {
        return held.length;
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, FrameSink sink) {
        int end = offset + length;
        int from = offset;
        while (from < end) {
            int lineFeed = lineFeed(bytes, from, end);
            int to = Math.min(lineFeed + 1, end);
            refuseTooLarge(held.length + to - from);
            if (held.length > 0 || lineFeed == end) {
                held.add(bytes, from, to - from);
            }
            if (lineFeed < end && held.length > 0) {
                int line = held.length;
                held.length = 0;
                hand(held.bytes, 0, line, sink);
            } else if (lineFeed < end) {
                hand(bytes, from, to, sink);
            }
            from = to;
        }
        release();
    }

    @Override
    public void end(FrameSink sink) {
        int line = held.length;
        held.length = 0;
        if (line > 0 && isWhole(line)) {
            hand(held.bytes, 0, line, sink);
        }
        release();
    }

    private boolean isWhole(int line) {
        JsonReader reader = new JsonReader(NO_BYTES);
        reader.reset(held.bytes, 0, line);
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
        held.release();
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

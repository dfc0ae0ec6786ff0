package dev.sluice.core.framing;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;

/**
 * A stream that is one JSON array of objects: each object is a frame. An object alone is a frame
 * too, and what stands between objects is not looked at closely, since it says nothing.
 *
 * <p>A frame is copied to a buffer of the decoder's own, whole or not: this form is the rare one.
 * No byte is looked at twice. An object that the stream's end has cut is dropped.
 */
public final class JsonArrayDecoder implements FrameDecoder {
    private static final byte[] NO_BYTES = new byte[0];

    private final int maxFrameBytes;
    private final Frame frame = new Frame();

    /** Bytes since the end of the last frame. */
    private final Unfinished held;

    /** Where the object in work begins in {@link #held}. */
    private int start;

    private int depth;
    private boolean inString;
    private boolean afterBackslash;

    /** A decoder that refuses an object of more than {@code maxFrameBytes}. */
    public JsonArrayDecoder(int maxFrameBytes) {
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
        int from = offset;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            if (ends(bytes[i], held.length + i - from)) {
                append(bytes, from, i + 1 - from);
                from = i + 1;
                hand(sink, true);
            }
        }
        append(bytes, from, end - from);
    }

    @Override
    public void end(FrameSink sink) {
        if (held.length > 0 && depth == 0) {
            hand(sink, false);
        }
        held.length = 0;
        held.release();
    }

    /** Whether an object ends with this byte, which will stand at {@code place}. */
    private boolean ends(byte b, int place) {
        if (inString) {
            if (afterBackslash) {
                afterBackslash = false;
            } else if (b == '\\') {
                afterBackslash = true;
            } else {
                inString = b != '"';
            }
            return false;
        }
        if (depth == 0) {
            between(b, place);
            return false;
        }
        switch (b) {
            case '"' -> inString = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {}
        }
        return depth == 0;
    }

    private void between(byte b, int place) {
        switch (b) {
            case '{' -> {
                depth = 1;
                start = place;
            }
            case '[', ',', ']', ' ', '\t', '\r', '\n' -> {}
            default ->
                    throw Failure.of(
                                    FailureCode.UPSTREAM_BROKEN,
                                    "the upstream sent something that is no array of JSON objects")
                            .asException();
        }
    }

    private void append(byte[] bytes, int offset, int count) {
        if (held.length + count > maxFrameBytes) {
            throw Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream sent an object of more than "
                                    + maxFrameBytes
                                    + " bytes (limits.event)")
                    .asException();
        }
        held.add(bytes, offset, count);
    }

    private void hand(FrameSink sink, boolean data) {
        frame.buffer = held.bytes;
        frame.rawOffset = 0;
        frame.rawEnd = held.length;
        frame.data = data;
        frame.dataBuffer = held.bytes;
        frame.dataOffset = start;
        frame.dataLength = data ? held.length - start : 0;
        held.length = 0;
        sink.onFrame(frame);
        frame.buffer = NO_BYTES;
        frame.dataBuffer = NO_BYTES;
        held.release();
    }
}

package dev.sluice.core.framing;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The binary event stream of AWS ({@code application/vnd.amazon.eventstream}). A frame is
 *
 * <pre>
 * u32 length of all of it, u32 length of the header fields, u32 CRC-32 of these eight bytes,
 * header fields, payload, u32 CRC-32 of everything before it
 * </pre>
 *
 * The frame's type is its {@code :event-type}; of one that tells a failure, {@code :exception-type}
 * or {@code :error-code}. Its data is the payload.
 *
 * <p>No length is believed before its checksum was right. A frame is looked at where it came in;
 * only one that is cut by the end of a piece is copied to a buffer of the decoder's own. What the
 * stream's end cuts is dropped: whether the message is whole is for the dialect to say.
 */
public final class EventStreamDecoder implements FrameDecoder {
    /** The lengths and their checksum. */
    static final int PRELUDE = 12;

    /** Bytes of a frame without header fields and payload. */
    static final int SMALLEST = PRELUDE + 4;

    /** Most bytes of header fields, by the format. */
    static final int MOST_HEADERS = 128 << 10;

    private static final byte[] NO_BYTES = new byte[0];
    private static final byte[] MESSAGE_TYPE = ascii(":message-type");
    private static final byte[] EVENT_TYPE = ascii(":event-type");
    private static final byte[] EXCEPTION_TYPE = ascii(":exception-type");
    private static final byte[] ERROR_CODE = ascii(":error-code");
    private static final byte[] EXCEPTION = ascii("exception");
    private static final byte[] ERROR = ascii("error");
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final int maxFrameBytes;
    private final Frame frame = new Frame();
    private final CRC32 checksum = new CRC32();
    private final Unfinished held;

    /** The length of the frame in work, 0 as long as its prelude is not whole. */
    private int length;

    /** A decoder that refuses a frame of more than {@code maxFrameBytes}. */
    public EventStreamDecoder(int maxFrameBytes) {
        if (maxFrameBytes <= 0) {
            throw new IllegalArgumentException(
                    "maxFrameBytes: " + maxFrameBytes + " (expected: > 0)");
        }
        this.maxFrameBytes = maxFrameBytes;
        this.held = new Unfinished(maxFrameBytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int held() {
        return held.length;
    }

    @Override
    public void feed(byte[] bytes, int offset, int count, FrameSink sink) {
        int end = offset + count;
        int from = offset;
        while (from < end) {
            from = held.length > 0 ? resume(bytes, from, end, sink) : begin(bytes, from, end, sink);
        }
        release();
    }

    /** A frame from its start; returns how far the piece is used up. */
    private int begin(byte[] bytes, int from, int end, FrameSink sink) {
        if (end - from >= PRELUDE) {
            prelude(bytes, from);
            if (end - from >= length) {
                int to = from + length;
                length = 0;
                hand(bytes, from, to, sink);
                return to;
            }
        }
        held.add(bytes, from, end - from);
        return end;
    }

    /** Goes on with the frame that is held, first to the end of its prelude. */
    private int resume(byte[] bytes, int from, int end, FrameSink sink) {
        int wanted = (length == 0 ? PRELUDE : length) - held.length;
        int taken = Math.min(wanted, end - from);
        held.add(bytes, from, taken);
        if (taken == wanted) {
            if (length == 0) {
                prelude(held.bytes, 0);
            }
            if (held.length == length) {
                held.length = 0;
                int whole = length;
                length = 0;
                hand(held.bytes, 0, whole, sink);
            }
        }
        return from + taken;
    }

    private void prelude(byte[] bytes, int at) {
        if (checksum(bytes, at, 8) != (int) INT.get(bytes, at + 8)) {
            throw broken("the upstream sent an event whose lengths have a wrong checksum");
        }
        int total = (int) INT.get(bytes, at);
        int headers = (int) INT.get(bytes, at + 4);
        if (total < 0 || total > maxFrameBytes) {
            throw broken(
                    "the upstream sent an event of more than "
                            + maxFrameBytes
                            + " bytes (limits.event)");
        }
        if (total < SMALLEST || headers < 0 || headers > total - SMALLEST) {
            throw broken("the upstream sent an event whose lengths do not fit");
        }
        if (headers > MOST_HEADERS) {
            throw broken(
                    "the upstream sent an event with more than "
                            + MOST_HEADERS
                            + " bytes of header fields");
        }
        length = total;
    }

    private int checksum(byte[] bytes, int offset, int count) {
        checksum.reset();
        checksum.update(bytes, offset, count);
        return (int) checksum.getValue();
    }

    private static RuntimeException broken(String what) {
        return Failure.of(FailureCode.UPSTREAM_BROKEN, what).asException();
    }

    private void hand(byte[] buffer, int from, int to, FrameSink sink) {
        int payloadEnd = to - 4;
        if (checksum(buffer, from, payloadEnd - from) != (int) INT.get(buffer, payloadEnd)) {
            throw broken("the upstream sent an event with a wrong checksum");
        }
        int headersEnd = from + PRELUDE + (int) INT.get(buffer, from + 4);
        frame.buffer = buffer;
        frame.rawOffset = from;
        frame.rawEnd = to;
        frame.headersOffset = from + PRELUDE;
        frame.headersEnd = headersEnd;
        frame.dataBuffer = buffer;
        frame.dataOffset = headersEnd;
        frame.dataLength = payloadEnd - headersEnd;
        frame.data = frame.dataLength > 0;
        fields(buffer, headersEnd);
        sink.onFrame(frame);
    }

    private void fields(byte[] buffer, int headersEnd) {
        frame.failure = false;
        frame.typeBuffer = NO_BYTES;
        frame.typeOffset = 0;
        frame.typeLength = 0;
        EventStreamHeaders headers =
                new EventStreamHeaders(buffer, frame.headersOffset, headersEnd);
        while (headers.next()) {
            if (headers.isText(EVENT_TYPE)
                    || headers.isText(EXCEPTION_TYPE)
                    || headers.isText(ERROR_CODE)) {
                frame.typeBuffer = buffer;
                frame.typeOffset = headers.valueOffset();
                frame.typeLength = headers.valueLength();
            } else if (headers.isText(MESSAGE_TYPE)) {
                frame.failure = headers.says(EXCEPTION) || headers.says(ERROR);
            }
        }
    }

    /** Lets the caller's piece go, and room that one large frame made. */
    private void release() {
        held.release();
        frame.buffer = NO_BYTES;
        frame.dataBuffer = NO_BYTES;
        frame.typeBuffer = NO_BYTES;
        frame.headersOffset = 0;
        frame.headersEnd = 0;
    }
}

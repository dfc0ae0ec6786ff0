package dev.sluice.core.framing;

import java.nio.charset.StandardCharsets;

/**
 * One unit of a wire format, as slices of the buffer it came in. A decoder has a single frame and
 * fills it anew each time: a frame is valid during the call that hands it over.
 *
 * <p>{@link #rawOffset} to {@link #rawEnd} are all bytes since the end of the frame before,
 * comments and blank lines included: frames written one after the other in their raw form are the
 * input, byte for byte.
 */
public final class Frame {
    private static final byte[] NO_BYTES = new byte[0];

    byte[] buffer = NO_BYTES;
    int rawOffset;
    int rawEnd;
    byte[] typeBuffer = NO_BYTES;
    int typeOffset;
    int typeLength;
    byte[] dataBuffer = NO_BYTES;
    int dataOffset;
    int dataLength;
    boolean data;
    boolean failure;
    int headersOffset;
    int headersEnd;
    String id = "";

    Frame() {}

    /** The buffer of the raw bytes. */
    public byte[] buffer() {
        return buffer;
    }

    /** Where the raw bytes begin in {@link #buffer}. */
    public int rawOffset() {
        return rawOffset;
    }

    /** Where the raw bytes end in {@link #buffer}. */
    public int rawEnd() {
        return rawEnd;
    }

    /**
     * Whether the frame carries data; if not it is a comment or white space that only shows that
     * the other side is alive.
     */
    public boolean hasData() {
        return data;
    }

    /** The buffer of the data; not always that of the raw bytes. */
    public byte[] dataBuffer() {
        return dataBuffer;
    }

    /** Where the data begins in {@link #dataBuffer}. */
    public int dataOffset() {
        return dataOffset;
    }

    /** Length of the data in bytes. */
    public int dataLength() {
        return dataLength;
    }

    /** The data as text. */
    public String dataText() {
        return new String(dataBuffer, dataOffset, dataLength, StandardCharsets.UTF_8);
    }

    /** Whether the data is exactly {@code ascii}. */
    public boolean dataEquals(String ascii) {
        return equal(ascii, dataBuffer, dataOffset, dataLength);
    }

    /** The frame's type as the wire names it, empty if it has none. */
    public String type() {
        return new String(typeBuffer, typeOffset, typeLength, StandardCharsets.UTF_8);
    }

    /** Whether the type is exactly {@code ascii}. */
    public boolean typeEquals(String ascii) {
        return equal(ascii, typeBuffer, typeOffset, typeLength);
    }

    /** Whether the framing itself, not the data, says that this frame tells a failure. */
    public boolean isFailure() {
        return failure;
    }

    /**
     * The text of the frame's header field {@code name} (AWS event streams), empty if there is none
     * or it is no text.
     */
    public String header(String name) {
        return headersOffset == headersEnd
                ? ""
                : new EventStreamHeaders(buffer, headersOffset, headersEnd).text(name);
    }

    /** The last event id that the stream has set (SSE), empty if none. */
    public String id() {
        return id;
    }

    private static boolean equal(String ascii, byte[] bytes, int offset, int length) {
        if (ascii.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[offset + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}

package dev.sluice.core.framing;

import java.util.Arrays;

/** The bytes of a frame that is not whole yet, which a decoder takes along to the next piece. */
final class Unfinished {
    /** Bytes copied at once of what follows, so that little is copied of the frames behind. */
    static final int STEP = 512;

    /**
     * Room that stays when a frame is whole. It stays as long as the stream, so it is what a common
     * frame needs.
     */
    private static final int KEPT = 2 * STEP;

    private static final byte[] NO_BYTES = new byte[0];

    private final int most;

    /** The bytes, up to {@link #length}; another array after {@link #add}. */
    byte[] bytes = NO_BYTES;

    /** How many there are. */
    int length;

    /**
     * Bytes of a frame of which at most {@code most} are taken; the decoder refuses larger ones.
     */
    Unfinished(int most) {
        this.most = most;
    }

    /** Takes {@code count} more. */
    void add(byte[] from, int offset, int count) {
        release();
        int needed = length + count;
        if (bytes.length < needed) {
            long room = Math.min(bytes.length * 2L, (long) most + STEP);
            bytes = Arrays.copyOf(bytes, (int) Math.max(Math.max(needed, room), STEP));
        }
        System.arraycopy(from, offset, bytes, length, count);
        length = needed;
    }

    /** Lets go of room that one large frame made, if there is nothing in it. */
    void release() {
        if (length == 0 && bytes.length > KEPT) {
            bytes = NO_BYTES;
        }
    }
}

package dev.sluice.gateway.upstream;

/**
 * The chunks of a body (RFC 9112, 7.1), up to the last one. Bytes that two readers could read in
 * two ways are refused.
 */
final class ChunkFraming {
    private static final long LARGEST = 1L << 30;
    private static final int MOST_DIGITS = 16;
    private static final int LONGEST_EXTENSION = 1024;

    private enum State {
        /** In front of a chunk's size, or in it. */
        SIZE,
        /** Behind a size: an extension of no interest. */
        EXTENSION,
        /** The LF of a size's line is due. */
        SIZE_LF,
        DATA,
        /** The CR, then the LF behind a chunk's data is due. */
        DATA_CR,
        DATA_LF,
        /** The last chunk's size was read. */
        LAST,
        /** These are no chunks. */
        BROKEN
    }

    private State state = State.SIZE;

    /** The size as far as it is read; then the bytes left of the chunk's data. */
    private long left;

    private int digits;
    private int extension;
    private int joined;

    /** Another body begins. */
    void clear() {
        state = State.SIZE;
        left = 0;
        digits = 0;
    }

    /** How many bytes of data the last call of {@link #join} has put together. */
    int joined() {
        return joined;
    }

    /** Whether something was read that is no chunk. What came before it is as good as any. */
    boolean isBroken() {
        return state == State.BROKEN;
    }

    /** Whether the last chunk was read; what follows are the trailers. */
    boolean isLast() {
        return state == State.LAST;
    }

    /**
     * Moves the data of all chunks that lie between {@code from} and {@code to} together at {@code
     * from}, up to the last chunk or to what is none; returns where it has stopped reading.
     */
    int join(byte[] bytes, int from, int to) {
        int length = 0;
        int at = from;
        while (at < to && state != State.LAST && state != State.BROKEN) {
            if (state == State.DATA) {
                int count = (int) Math.min(left, to - at);
                System.arraycopy(bytes, at, bytes, from + length, count);
                length += count;
                at += count;
                left -= count;
                if (left == 0) {
                    state = State.DATA_CR;
                }
            } else {
                between(bytes[at++]);
            }
        }
        joined = length;
        return at;
    }

    private void between(byte b) {
        switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> {
                if (b == '\r') {
                    state = State.SIZE_LF;
                } else if (b == '\n' || ++extension > LONGEST_EXTENSION) {
                    state = State.BROKEN;
                }
            }
            case SIZE_LF -> state = b != '\n' ? State.BROKEN : left == 0 ? State.LAST : State.DATA;
            case DATA_CR -> state = b == '\r' ? State.DATA_LF : State.BROKEN;
            case DATA_LF -> {
                clear();
                if (b != '\n') {
                    state = State.BROKEN;
                }
            }
            case DATA, LAST, BROKEN -> throw new IllegalStateException(state.name());
        }
    }

    private void size(byte b) {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            left = left << 4 | digit;
            if (++digits > MOST_DIGITS || left > LARGEST) {
                state = State.BROKEN;
            }
        } else if (digits > 0 && b == '\r') {
            state = State.SIZE_LF;
        } else if (digits > 0 && (b == ';' || b == ' ' || b == '\t')) {
            extension = 0;
            state = State.EXTENSION;
        } else {
            state = State.BROKEN;
        }
    }
}

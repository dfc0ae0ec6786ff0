package dev.sluice.llama.binding;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The tokens of one step, of several sequences. Made once and filled for every step. */
public final class TokenBatch {
    private final int room;
    private final MemorySegment tokens;
    private final MemorySegment positions;
    private final MemorySegment sequences;
    private final MemorySegment outputs;

    /** The number of each sequence, for the batch to point at. */
    private final MemorySegment numbers;

    private final MemorySegment struct;
    private int size;

    /** A batch with room for {@code room} tokens of {@code sequenceCount} sequences. */
    public TokenBatch(int room, int sequenceCount) {
        // Made where the model is read, and used on the thread that owns its context.
        Arena arena = Arena.ofAuto();
        this.room = room;
        tokens = arena.allocate(JAVA_INT, room);
        positions = arena.allocate(JAVA_INT, room);
        sequences = arena.allocate(ADDRESS, room);
        outputs = arena.allocate(JAVA_BYTE, room);
        numbers = arena.allocate(JAVA_INT, sequenceCount);
        for (int i = 0; i < sequenceCount; i++) {
            numbers.setAtIndex(JAVA_INT, i, i);
        }
        MemorySegment counts = arena.allocate(JAVA_INT, room);
        for (int i = 0; i < room; i++) {
            counts.setAtIndex(JAVA_INT, i, 1);
        }
        struct = arena.allocate(Libllama.TOKENS);
        struct.set(ADDRESS, 8, tokens);
        struct.set(ADDRESS, 16, MemorySegment.NULL);
        struct.set(ADDRESS, 24, positions);
        struct.set(ADDRESS, 32, counts);
        struct.set(ADDRESS, 40, sequences);
        struct.set(ADDRESS, 48, outputs);
    }

    /** Makes it empty. */
    public void clear() {
        size = 0;
    }

    /** How many tokens it has. */
    public int size() {
        return size;
    }

    /** How many more it takes. */
    public int left() {
        return room - size;
    }

    /**
     * Adds a token and returns its index.
     *
     * @param output whether a token shall be drawn after it
     */
    public int add(int token, int position, int sequence, boolean output) {
        tokens.setAtIndex(JAVA_INT, size, token);
        positions.setAtIndex(JAVA_INT, size, position);
        sequences.setAtIndex(ADDRESS, size, numbers.asSlice(4L * sequence));
        outputs.setAtIndex(JAVA_BYTE, size, (byte) (output ? 1 : 0));
        return size++;
    }

    MemorySegment struct() {
        struct.set(JAVA_INT, 0, size);
        return struct;
    }
}

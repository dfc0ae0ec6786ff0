package dev.sluice.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One way to cut bytes into pieces, as a network might, with a name to print when a test fails on
 * it.
 */
public final class Split {
    private final String name;
    private final byte[] bytes;
    private final int[] cuts;

    /**
     * The cuts are offsets in ascending order, none at the ends; the bytes are shared, not copied.
     */
    Split(String name, byte[] bytes, int... cuts) {
        this.name = name;
        this.bytes = bytes;
        this.cuts = cuts;
    }

    /** How it was cut: "byte by byte", "cut at 17 of 4000", "random cuts, seed 5 …". */
    public String name() {
        return name;
    }

    /** Fresh copies of the pieces, in order; together they are the bytes. */
    public List<byte[]> pieces() {
        List<byte[]> pieces = new ArrayList<>(cuts.length + 1);
        int from = 0;
        for (int cut : cuts) {
            pieces.add(Arrays.copyOfRange(bytes, from, cut));
            from = cut;
        }
        pieces.add(Arrays.copyOfRange(bytes, from, bytes.length));
        return pieces;
    }

    @Override
    public String toString() {
        return name;
    }
}

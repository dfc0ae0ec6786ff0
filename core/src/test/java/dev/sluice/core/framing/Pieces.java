package dev.sluice.core.framing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A stream cut into pieces. */
final class Pieces {
    private Pieces() {}

    /** Pieces of {@code size} bytes. */
    static List<byte[]> of(byte[] whole, int size) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < whole.length; from += size) {
            pieces.add(Arrays.copyOfRange(whole, from, Math.min(whole.length, from + size)));
        }
        return pieces;
    }

    /** Pieces between ascending cuts. */
    static List<byte[]> at(byte[] whole, int... cuts) {
        List<byte[]> pieces = new ArrayList<>();
        int from = 0;
        for (int cut : cuts) {
            pieces.add(Arrays.copyOfRange(whole, from, cut));
            from = cut;
        }
        pieces.add(Arrays.copyOfRange(whole, from, whole.length));
        return pieces;
    }

    /** Pieces of random sizes, empty ones among them. */
    static List<byte[]> random(byte[] whole, SplittableRandom random) {
        List<byte[]> pieces = new ArrayList<>();
        int most = 1 + random.nextInt(1 + random.nextInt(whole.length + 1));
        for (int from = 0; from < whole.length; ) {
            int to = Math.min(whole.length, from + random.nextInt(most + 1));
            pieces.add(Arrays.copyOfRange(whole, from, to));
            from = to;
        }
        return pieces;
    }
}

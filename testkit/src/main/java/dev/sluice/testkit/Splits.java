package dev.sluice.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Ways to cut bytes. A decoder must give the same for all of them:
 *
 * {@snippet :
 * Splits.forEach(Splits.all(golden.bytes()), pieces -> assertThat(decode(pieces)).isEqualTo(expected));
 * }
 *
 * Random cuts come from a seed that the failure names; {@code -Dsluice.seed=N} repeats them.
 */
public final class Splits {
    private static final int RANDOM_SPLITS = 20;

    private Splits() {}

    /** What to do with the pieces of one split; may throw anything. */
    @FunctionalInterface
    public interface Check {
        /** Throws when the pieces do not give what they should. */
        void accept(List<byte[]> pieces) throws Exception;
    }

    /** Runs the check on every split; the failure names the split. */
    public static void forEach(Collection<Split> splits, Check check) {
        for (Split split : splits) {
            try {
                check.accept(split.pieces());
            } catch (Exception | AssertionError e) {
                throw new AssertionError(split.name() + ": " + e.getMessage(), e);
            }
        }
    }

    /**
     * All there are here: the usual ones, every single cut, and some random ones. For texts of some
     * kilobytes.
     */
    public static List<Split> all(byte[] bytes) {
        List<Split> splits = new ArrayList<>(usual(bytes));
        splits.addAll(everyCut(bytes));
        splits.addAll(random(bytes, RANDOM_SPLITS));
        return splits;
    }

    /** Whole, and pieces of 257, 31, 7 and 1 bytes: few enough to go over a socket. */
    public static List<Split> usual(byte[] bytes) {
        return List.of(
                whole(bytes),
                sized(bytes, 257),
                sized(bytes, 31),
                sized(bytes, 7),
                byteByByte(bytes));
    }

    /** One piece. */
    public static Split whole(byte[] bytes) {
        return new Split("whole", bytes);
    }

    /** Every byte alone. */
    public static Split byteByByte(byte[] bytes) {
        return new Split("byte by byte", bytes, IntStream.range(1, bytes.length).toArray());
    }

    /** Pieces of this many bytes; the last may be shorter. */
    public static Split sized(byte[] bytes, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("size: " + size + " (expected: > 0)");
        }
        int[] cuts =
                IntStream.iterate(size, cut -> cut < bytes.length, cut -> cut + size).toArray();
        return new Split("pieces of " + size, bytes, cuts);
    }

    /** Two pieces, cut at this offset. */
    public static Split at(byte[] bytes, int offset) {
        return new Split("cut at " + offset + " of " + bytes.length, bytes, offset);
    }

    /** Two pieces, once for every place between two bytes. */
    public static List<Split> everyCut(byte[] bytes) {
        return IntStream.range(1, bytes.length).mapToObj(offset -> at(bytes, offset)).toList();
    }

    /** So many random splits, from the seed of this run. */
    public static List<Split> random(byte[] bytes, int count) {
        return random(bytes, count, seed());
    }

    /** So many random splits from this seed, with pieces of all magnitudes. */
    public static List<Split> random(byte[] bytes, int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Split> splits = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String name =
                    "random cuts "
                            + i
                            + ", seed "
                            + seed
                            + " (repeat with -Dsluice.seed="
                            + seed
                            + ")";
            splits.add(new Split(name, bytes, randomCuts(bytes.length, random)));
        }
        return splits;
    }

    /** The seed of this run: {@code -Dsluice.seed}, or a new one. */
    public static long seed() {
        return Long.getLong("sluice.seed", System.nanoTime() & 0xFFFFFF);
    }

    private static int[] randomCuts(int length, SplittableRandom random) {
        IntStream.Builder cuts = IntStream.builder();
        int magnitudes = Math.clamp(Integer.SIZE - Integer.numberOfLeadingZeros(length) - 1, 2, 12);
        int mean = 1 << random.nextInt(1, magnitudes);
        for (int cut = random.nextInt(1, 2 * mean);
                cut < length;
                cut += random.nextInt(1, 2 * mean)) {
            cuts.add(cut);
        }
        return cuts.build().toArray();
    }
}

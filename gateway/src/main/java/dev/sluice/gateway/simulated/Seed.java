package dev.sluice.gateway.simulated;

/**
 * A stream of numbers that looks random and is the same for the same seed, on every JDK
 * (SplitMix64).
 */
final class Seed {
    private long state;

    private Seed(long state) {
        this.state = state;
    }

    /** Numbers for a text, and a number beside it. */
    static Seed of(String text, long number) {
        long hash = number;
        for (int i = 0; i < text.length(); i++) {
            hash = mixed(hash + text.charAt(i));
        }
        return new Seed(hash);
    }

    /** The next number from 0 up to {@code bound}, which is not included. */
    int below(int bound) {
        state += 0x9e3779b97f4a7c15L;
        return (int) ((mixed(state) >>> 33) % bound);
    }

    /** 16 hexadecimal digits that stand for {@code text}. */
    static String digest(String text) {
        String digits = Long.toHexString(of(text, text.length()).state);
        return "0".repeat(16 - digits.length()) + digits;
    }

    private static long mixed(long value) {
        long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}

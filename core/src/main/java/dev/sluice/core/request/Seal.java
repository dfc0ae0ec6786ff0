package dev.sluice.core.request;

import java.util.Optional;

/**
 * A vendor's seal on thinking, marked with the dialect it belongs to. A seal that has to travel
 * through a client of another dialect carries the mark: when the client sends it back, it is known
 * whose it is, is handed to its own vendor without the mark, and to no other.
 */
public final class Seal {
    private static final String MARK = "sluice1:";

    private Seal() {}

    /** {@code seal} of {@code dialect} with its mark; empty stays empty, and a mark is kept. */
    public static String mark(String dialect, String seal) {
        return seal.isEmpty() || isMarked(seal) ? seal : MARK + dialect + ":" + seal;
    }

    /** Whether {@code seal} carries a mark. */
    public static boolean isMarked(String seal) {
        return seal.startsWith(MARK);
    }

    /** The seal without its mark, if the mark is that of {@code dialect}. */
    public static Optional<String> unmark(String dialect, String seal) {
        String mark = MARK + dialect + ":";
        return seal.startsWith(mark)
                ? Optional.of(seal.substring(mark.length()))
                : Optional.empty();
    }
}

package dev.sluice.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A number with a unit, as files write it: {@code 32MiB}, {@code 250ms}. */
final class Units {

    /** In bytes; a number alone is bytes. */
    static final Units SIZE =
            new Units(
                    "a size",
                    Optional.empty(),
                    new Unit("GiB", 1 << 30),
                    new Unit("MiB", 1 << 20),
                    new Unit("KiB", 1 << 10),
                    new Unit("GB", 1_000_000_000),
                    new Unit("MB", 1_000_000),
                    new Unit("KB", 1_000),
                    new Unit("B", 1));

    /** In milliseconds; a number alone says too little, seconds are the guess. */
    static final Units TIME =
            new Units(
                    "a duration",
                    Optional.of("s"),
                    new Unit("h", 3_600_000),
                    new Unit("m", 60_000),
                    new Unit("s", 1_000),
                    new Unit("ms", 1));

    /** A unit and how much of the smallest it is. */
    private record Unit(String name, long worth) {}

    /** As many as a long surely holds. */
    private static final int MOST_DIGITS = 18;

    private final String kind;
    private final Optional<String> guess;
    private final List<Unit> units;

    private Units(String kind, Optional<String> guess, Unit... units) {
        this.kind = kind;
        this.guess = guess;
        this.units = List.of(units);
    }

    /** {@code a size}, {@code a duration}. */
    String kind() {
        return kind;
    }

    /** The amount in bytes or milliseconds. */
    long parse(String text) {
        int split = 0;
        while (split < text.length() && text.charAt(split) >= '0' && text.charAt(split) <= '9') {
            split++;
        }
        String digits = text.substring(0, split);
        String name = text.substring(split).strip();
        if (digits.isEmpty() || !name.chars().allMatch(Character::isLetter)) {
            throw new InvalidValue(Problem.of("", "is not " + kind));
        }
        long worth = worth(digits, name);
        if (digits.length() > MOST_DIGITS || Long.parseLong(digits) > Long.MAX_VALUE / worth) {
            throw new InvalidValue(Problem.of("", "is too large"));
        }
        return Long.parseLong(digits) * worth;
    }

    private long worth(String digits, String name) {
        if (name.isEmpty()) {
            if (guess.isPresent()) {
                throw new InvalidValue(
                        Problem.of("", "has no unit").near(guess.map(digits::concat)));
            }
            return 1;
        }
        for (Unit unit : units) {
            if (unit.name.equals(name)) {
                return unit.worth;
            }
        }
        Optional<String> nearest = nearest(name).map(digits::concat);
        throw new InvalidValue(Problem.of("", "has an unknown unit").near(nearest));
    }

    /**
     * A unit written in another case, with its last letters forgotten, or spelled out: {@code
     * 5sec}, {@code 32mb}.
     */
    private Optional<String> nearest(String written) {
        String lower = written.toLowerCase(Locale.ROOT);
        List<String> starts = new ArrayList<>();
        for (Unit unit : units) {
            String name = unit.name.toLowerCase(Locale.ROOT);
            if (name.equals(lower)) {
                return Optional.of(unit.name);
            }
            if (lower.startsWith(name) || name.startsWith(lower)) {
                starts.add(unit.name);
            }
        }
        return starts.stream().findFirst();
    }

    /** The amount in the largest unit that says it exactly. */
    String format(long amount) {
        for (Unit unit : units) {
            if (amount != 0 && amount % unit.worth == 0 && amount >= unit.worth) {
                return amount / unit.worth + (unit.worth == 1 && guess.isEmpty() ? "" : unit.name);
            }
        }
        return "0" + guess.orElse("");
    }
}

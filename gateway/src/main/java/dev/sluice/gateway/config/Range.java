package dev.sluice.gateway.config;

import java.time.Duration;
import java.util.function.Function;

/**
 * The numbers, sizes or durations that a key accepts; said once, for the record, the file and the
 * document.
 */
final class Range<T extends Comparable<T>> {

    private final String kind;
    private final T least;
    private final T most;
    private final Function<String, T> parse;
    private final Function<T, String> format;

    private Range(
            String kind, T least, T most, Function<String, T> parse, Function<T, String> format) {
        this.kind = kind;
        this.least = least;
        this.most = most;
        this.parse = parse;
        this.format = format;
    }

    /** Whole numbers from {@code least} to {@code most}. */
    static Range<Integer> ofNumbers(int least, int most) {
        return new Range<>("a whole number", least, most, Range::number, String::valueOf);
    }

    /** Bytes, written with a unit. */
    static Range<Integer> ofSizes(String least, String most) {
        return new Range<>(
                Units.SIZE.kind(),
                bytes(least),
                bytes(most),
                Range::bytes,
                value -> Units.SIZE.format(value));
    }

    /** Durations, written with a unit. */
    static Range<Duration> ofDurations(String least, String most) {
        return new Range<>(
                Units.TIME.kind(),
                duration(least),
                duration(most),
                Range::duration,
                value -> Units.TIME.format(value.toMillis()));
    }

    /** What a value should look like. */
    String expected() {
        return kind + " from " + format(least) + " to " + format(most);
    }

    /** The value as a file would say it. */
    String format(T value) {
        return format.apply(value);
    }

    /** Reads what a file says; the objection of what is thrown has no subject yet. */
    T parse(String text) {
        try {
            return within("", "", parse.apply(text));
        } catch (InvalidValue invalid) {
            throw new InvalidValue(invalid.problem().expecting(expected()));
        }
    }

    /** Holds a record to the same range. */
    T check(String key, T value) {
        return within(key, Wording.quote(format(value)) + " ", value);
    }

    private T within(String key, String subject, T value) {
        if (value.compareTo(least) < 0) {
            throw InvalidValue.of(key, subject + "is too small", expected());
        }
        if (value.compareTo(most) > 0) {
            throw InvalidValue.of(key, subject + "is too large", expected());
        }
        return value;
    }

    private static int number(String text) {
        if (!text.matches("-?[0-9]+")) {
            throw new InvalidValue(Problem.of("", "is not a whole number"));
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException beyondInt) {
            String side = text.startsWith("-") ? "small" : "large";
            throw new InvalidValue(Problem.of("", "is too " + side));
        }
    }

    private static int bytes(String text) {
        return (int) Math.min(Units.SIZE.parse(text), Integer.MAX_VALUE);
    }

    private static Duration duration(String text) {
        return Duration.ofMillis(Units.TIME.parse(text));
    }
}

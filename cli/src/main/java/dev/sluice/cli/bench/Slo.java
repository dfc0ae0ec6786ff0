package dev.sluice.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is expected of streams, and of how many. A stream is good if it came to its end and keeps
 * every limit.
 *
 * @param limits what is expected of each stream
 * @param share how many must be good, 0 to 1
 */
public record Slo(List<Limit> limits, double share) {
    /** Figures that have limits. */
    public enum Figure {
        /** Time to the first token. */
        TTFT(true),
        /** The time between tokens that 99 of 100 keep. */
        TBT(true),
        /** Time to the last token. */
        TTLT(true),
        /** Tokens per second. */
        TPS(false);

        private final boolean isTime;

        Figure(boolean isTime) {
            this.isTime = isTime;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private double of(Sample sample) {
            return switch (this) {
                case TTFT -> sample.ttft();
                case TBT -> Numbers.of(sample.tbts()).percentile(99);
                case TTLT -> sample.ttlt();
                case TPS -> sample.tps();
            };
        }
    }

    /**
     * A limit of a figure: the most of a time, in nanoseconds, or the least of a rate.
     *
     * @param text as it was written
     */
    public record Limit(Figure figure, double bound, String text) {
        boolean holds(Sample sample) {
            double value = figure.of(sample);
            return figure.isTime ? value <= bound : value >= bound;
        }
    }

    private static final String GOOD = "good";

    /** Copies the list. */
    public Slo {
        limits = List.copyOf(limits);
    }

    /**
     * Reads such as {@code ttft=500ms,tps=30,good=95%}.
     *
     * @throws IllegalArgumentException if it is none; the message says what was expected
     */
    public static Slo of(String text) {
        List<Limit> limits = new ArrayList<>();
        double share = 1;
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String name = (equals < 0 ? part : part.substring(0, equals)).strip();
            String value = equals < 0 ? "" : part.substring(equals + 1).strip();
            if (name.equals(GOOD)) {
                share = share(value);
            } else {
                limits.add(limit(name, value));
            }
        }
        return new Slo(limits, share);
    }

    private static Limit limit(String name, String value) {
        for (Figure figure : Figure.values()) {
            if (figure.word().equals(name)) {
                double bound = figure.isTime ? time(name, value) : number(name, value, value);
                return new Limit(figure, bound, name + "=" + value);
            }
        }
        throw new IllegalArgumentException(
                "`" + name + "` is no figure (expected: ttft, tbt, ttlt, tps or good)");
    }

    private static double time(String name, String value) {
        if (value.endsWith("ms")) {
            return number(name, value, value.substring(0, value.length() - 2)) * 1e6;
        }
        if (value.endsWith("s")) {
            return number(name, value, value.substring(0, value.length() - 1)) * 1e9;
        }
        throw wrong(name, value, "a time such as 500ms or 2s");
    }

    private static double share(String value) {
        double percent =
                value.endsWith("%")
                        ? number(GOOD, value, value.substring(0, value.length() - 1))
                        : -1;
        if (percent < 0 || percent > 100) {
            throw wrong(GOOD, value, "0% to 100%");
        }
        return percent / 100;
    }

    private static double number(String name, String value, String digits) {
        try {
            double number = Double.parseDouble(digits);
            if (number >= 0 && !Double.isInfinite(number)) {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // Said below, as for one that is below 0.
        }
        throw wrong(name, value, "a number");
    }

    private static IllegalArgumentException wrong(String name, String value, String expected) {
        return new IllegalArgumentException(
                name + ": `" + value + "` does not fit (expected: " + expected + ")");
    }

    /** How many of the streams are good, 0 to 1. */
    public double good(Summary summary) {
        long good =
                summary.samples().stream()
                        .filter(
                                sample ->
                                        sample.isWhole()
                                                && limits.stream()
                                                        .allMatch(limit -> limit.holds(sample)))
                        .count();
        return summary.samples().isEmpty() ? 0 : (double) good / summary.samples().size();
    }

    /** Whether {@code summary} keeps it. */
    public boolean isKept(Summary summary) {
        return good(summary) >= share;
    }

    /** In words. */
    public String words() {
        StringBuilder words = new StringBuilder();
        limits.forEach(limit -> words.append(limit.text()).append(", "));
        return words + "good=" + Figures.of(share * 100) + "%";
    }
}

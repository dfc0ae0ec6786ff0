package dev.sluice.cli.bench;

import java.util.Locale;

/** Numbers as reports say them: three digits that mean something. */
final class Figures {
    /** What is said where there is no number. */
    static final String NONE = "–";

    private static final double NANOS_PER_MILLI = 1e6;

    private Figures() {}

    static double millis(long nanos) {
        return millis((double) nanos);
    }

    static double millis(double nanos) {
        return nanos / NANOS_PER_MILLI;
    }

    static String of(double number) {
        if (Double.isNaN(number)) {
            return NONE;
        }
        double size = Math.abs(number);
        String form = size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, form, number);
    }
}

package dev.sluice.cli.terminal;

/** A bar that is filled to some part. */
public final class Bar {
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

    private Bar() {}

    /** A bar of {@code cells}, of which {@code share} is filled, 0 to 1. */
    public static String of(double share, int cells) {
        int eighths = (int) Math.round(Math.clamp(share, 0, 1) * cells * 8);
        int full = eighths / 8;
        StringBuilder bar = new StringBuilder("█".repeat(full));
        if (full < cells && eighths % 8 > 0) {
            bar.append(EIGHTHS.charAt(eighths % 8));
        }
        while (bar.length() < cells) {
            bar.append('░');
        }
        return bar.toString();
    }
}

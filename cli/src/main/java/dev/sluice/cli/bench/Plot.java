package dev.sluice.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** A plot as SVG, in colours that the page around it defines: lines or points over two axes. */
final class Plot {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 300;
    private static final int LEFT = 64;
    private static final int RIGHT = 16;
    private static final int TOP = 12;
    private static final int BOTTOM = 44;
    private static final int MOST_POINTS = 600;

    /** The name of an axis that has rows and no numbers. */
    private static final String ROWS = "rows";

    /** An axis: what it is called, and how far it goes. */
    record Axis(String name, double from, double to, boolean logarithmic) {
        double place(double value) {
            return logarithmic
                    ? Math.log(Math.max(value, from) / from) / Math.log(to / from)
                    : (value - from) / (to - from);
        }

        /** Where the axis has numbers: some that are round. */
        List<Double> marks() {
            List<Double> marks = new ArrayList<>();
            if (logarithmic) {
                for (double power = Math.pow(10, Math.floor(Math.log10(from)));
                        power <= to * 1.0001;
                        power *= 10) {
                    for (int digit : new int[] {1, 2, 5}) {
                        if (power * digit >= from * 0.9999 && power * digit <= to * 1.0001) {
                            marks.add(power * digit);
                        }
                    }
                }
                return marks;
            }
            double step = step((to - from) / 6);
            for (double mark = Math.ceil(from / step) * step; mark <= to * 1.0001; mark += step) {
                marks.add(mark);
            }
            return marks;
        }

        private static double step(double rough) {
            double power = Math.pow(10, Math.floor(Math.log10(rough)));
            double digit = rough / power;
            return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
        }
    }

    private final StringBuilder svg = new StringBuilder();
    private final Axis x;
    private final Axis y;
    private final int height;

    /** An empty plot; {@code title} is for those who cannot see it. */
    Plot(String title, Axis x, Axis y, DoubleFunction<String> yMark) {
        this(title, x, y, yMark, HEIGHT);
    }

    private Plot(String title, Axis x, Axis y, DoubleFunction<String> yMark, int height) {
        this.x = x;
        this.y = y;
        this.height = height;
        svg.append("<svg viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(height)
                .append("\" role=\"img\" aria-label=\"")
                .append(HtmlReport.escaped(title))
                .append("\" xmlns=\"http://www.w3.org/2000/svg\">");
        for (double mark : x.marks()) {
            double at = across(mark);
            line("grid", at, TOP, at, height - BOTTOM);
            text("middle", at, height - BOTTOM + 18, number(mark));
        }
        for (double mark : y.name().equals(ROWS) ? List.<Double>of() : y.marks()) {
            double at = down(mark);
            line("grid", LEFT, at, WIDTH - RIGHT, at);
            text("end", LEFT - 8, at + 4, yMark.apply(mark));
        }
        text("middle", (LEFT + WIDTH - RIGHT) / 2.0, height - 6, x.name());
        if (!y.name().equals(ROWS)) {
            text("start", 4, TOP + 2, y.name());
        }
    }

    /** A plot with a row for each of {@code rows}, over the axis {@code x}. */
    static Plot ofRows(String title, Axis x, int rows) {
        return new Plot(
                title,
                x,
                new Axis(ROWS, 0, Math.max(1, rows), false),
                _ -> "",
                rows * 34 + TOP + BOTTOM);
    }

    /** A line through points. */
    void curve(String style, double[] xs, double[] ys) {
        if (xs.length == 0) {
            return;
        }
        svg.append("<polyline class=\"").append(style).append("\" points=\"");
        int step = Math.max(1, xs.length / MOST_POINTS);
        for (int i = 0; i < xs.length; i++) {
            if (i % step == 0 || i == xs.length - 1) {
                svg.append(number(across(xs[i]), 1)).append(',');
                svg.append(number(down(ys[i]), 1)).append(' ');
            }
        }
        svg.append("\"/>");
    }

    /** A point in the middle of row {@code row}. */
    void point(String style, double value, int row, String title) {
        svg.append("<circle class=\"")
                .append(style)
                .append("\" cx=\"")
                .append(number(across(value), 1))
                .append("\" cy=\"")
                .append(number(middle(row), 1))
                .append("\" r=\"5\"><title>")
                .append(HtmlReport.escaped(title))
                .append("</title></circle>");
    }

    /** A mark across row {@code row}. */
    void mark(String style, double value, int row) {
        line(style, across(value), middle(row) - 13, across(value), middle(row) + 13);
    }

    private double middle(int row) {
        return TOP + row * 34 + 17;
    }

    private double across(double value) {
        return LEFT + Math.clamp(x.place(value), 0, 1) * (WIDTH - LEFT - RIGHT);
    }

    private double down(double value) {
        return height - BOTTOM - Math.clamp(y.place(value), 0, 1) * (height - TOP - BOTTOM);
    }

    private void line(String style, double x1, double y1, double x2, double y2) {
        svg.append("<line class=\"").append(style).append('"');
        svg.append(" x1=\"").append(number(x1, 1)).append("\" y1=\"").append(number(y1, 1));
        svg.append("\" x2=\"").append(number(x2, 1)).append("\" y2=\"").append(number(y2, 1));
        svg.append("\"/>");
    }

    private void text(String anchor, double atX, double atY, String text) {
        svg.append("<text text-anchor=\"").append(anchor);
        svg.append("\" x=\"").append(number(atX, 1)).append("\" y=\"").append(number(atY, 1));
        svg.append("\">").append(HtmlReport.escaped(text)).append("</text>");
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** A number as an axis says it. */
    static String number(double value) {
        String text = number(value, Math.abs(value) >= 10 ? 0 : 3);
        return text.indexOf('.') < 0 ? text : text.replaceFirst("\\.?0+$", "");
    }

    /** The plot. */
    String svg() {
        return svg + "</svg>";
    }
}

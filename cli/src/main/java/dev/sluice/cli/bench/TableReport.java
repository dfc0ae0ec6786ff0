package dev.sluice.cli.bench;

import dev.sluice.cli.terminal.Cells;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The figures as a table that fits its terminal: a row for each subject, two where its name is too
 * long, a list where even the figures are. The best of several is marked.
 */
public final class TableReport {
    private static final List<Integer> WIDTHS = List.of(8, 7, 8, 8, 8, 9, 7, 8, 7, 8);
    private static final String HEAD =
            "    TTFT            TBT                      TPS           TTLT         errors";
    private static final String UNITS =
            "      ms      ±  p50 ms  p99 ms  jitter     mean      ±      ms      ±";
    private static final String BEST = "\u001b[1;32m";
    private static final String END = "\u001b[0m";
    private static final int NAME_MOST = 40;

    private final List<Summary> summaries;
    private final @Nullable Slo slo;
    private final int columns;
    private final boolean coloured;

    /** A table of {@code summaries}, which fits {@code columns} if it can. */
    public TableReport(List<Summary> summaries, @Nullable Slo slo, int columns, boolean coloured) {
        this.summaries = List.copyOf(summaries);
        this.slo = slo;
        this.columns = columns;
        this.coloured = coloured;
    }

    /** A figure of each subject, and whether the least is the best. */
    private record Column(List<Double> values, boolean least) {
        boolean isBest(int at) {
            double value = values.get(at);
            long known = values.stream().filter(each -> !Double.isNaN(each)).count();
            return known > 1
                    && !Double.isNaN(value)
                    && values.stream().noneMatch(each -> least ? each < value : each > value);
        }
    }

    /** The table. */
    public String text() {
        int figures = WIDTHS.stream().mapToInt(Integer::intValue).sum();
        int name =
                summaries.stream()
                        .mapToInt(each -> Cells.width(each.subject().name()))
                        .max()
                        .orElse(0);
        StringBuilder out = new StringBuilder();
        if (figures >= columns) {
            for (int i = 0; i < summaries.size(); i++) {
                list(out, i);
            }
        } else {
            boolean beside = name <= NAME_MOST && name + figures < columns;
            String margin = " ".repeat(beside ? name : 0);
            out.append(margin).append(HEAD).append('\n');
            out.append(margin).append(UNITS).append('\n');
            for (int i = 0; i < summaries.size(); i++) {
                String title = summaries.get(i).subject().name();
                out.append(beside ? Cells.padded(title, name) : title + "\n");
                out.append(row(i).stripTrailing()).append('\n');
            }
        }
        problems(out);
        objectives(out);
        if (summaries.size() > 1) {
            out.append(coloured ? "The best is green.\n" : "* is the best.\n");
        }
        return out.toString();
    }

    private List<Column> columns() {
        List<Column> all = new ArrayList<>();
        all.add(new Column(each(summary -> Figures.millis(summary.ttft().mean())), true));
        all.add(new Column(each(summary -> Figures.millis(summary.tbt().percentile(50))), true));
        all.add(new Column(each(summary -> Figures.millis(summary.tbt().percentile(99))), true));
        all.add(new Column(each(summary -> Figures.millis(summary.jitter().mean())), true));
        all.add(new Column(each(summary -> summary.tps().mean()), false));
        all.add(new Column(each(summary -> Figures.millis(summary.ttlt().mean())), true));
        return all;
    }

    private List<Double> each(ToDoubleFunction<Summary> figure) {
        return summaries.stream().map(figure::applyAsDouble).toList();
    }

    /** The figures of a subject, the best of them marked. */
    private List<String> figures(int at) {
        List<String> figures = new ArrayList<>();
        for (Column column : columns()) {
            String figure = Figures.of(column.values().get(at));
            figures.add(
                    column.isBest(at) ? (coloured ? BEST + figure + END : figure + "*") : figure);
        }
        return figures;
    }

    private String row(int at) {
        Summary summary = summaries.get(at);
        List<String> best = figures(at);
        List<String> cells =
                List.of(
                        best.get(0),
                        Figures.of(Figures.millis(summary.ttft().deviation())),
                        best.get(1),
                        best.get(2),
                        best.get(3),
                        best.get(4),
                        Figures.of(summary.tps().deviation()),
                        best.get(5),
                        Figures.of(Figures.millis(summary.ttlt().deviation())),
                        errors(summary));
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            int shown = cell.replace(BEST, "").replace(END, "").length();
            row.append(" ".repeat(Math.max(1, WIDTHS.get(i) - shown))).append(cell);
        }
        return row.toString();
    }

    private void list(StringBuilder out, int at) {
        Summary summary = summaries.get(at);
        List<String> best = figures(at);
        out.append(summary.subject().name()).append('\n');
        line(out, "TTFT", best.get(0) + " ± " + millis(summary.ttft().deviation()));
        line(out, "TBT p50", best.get(1) + " ms");
        line(out, "TBT p99", best.get(2) + " ms");
        line(out, "jitter", best.get(3) + " ms");
        line(out, "TPS", best.get(4) + " ± " + Figures.of(summary.tps().deviation()));
        line(out, "TTLT", best.get(5) + " ± " + millis(summary.ttlt().deviation()));
        line(out, "errors", errors(summary));
    }

    private static String millis(double nanos) {
        return Figures.of(Figures.millis(nanos)) + " ms";
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append("  ").append(Cells.padded(name, 9)).append(value).append('\n');
    }

    private static String errors(Summary summary) {
        return summary.errors() + "/" + summary.samples().size();
    }

    private void problems(StringBuilder out) {
        for (Summary summary : summaries) {
            for (Map.Entry<String, Integer> problem : summary.problems().entrySet()) {
                out.append(summary.subject().name())
                        .append(": ")
                        .append(problem.getValue())
                        .append(" × ")
                        .append(problem.getKey())
                        .append('\n');
            }
        }
    }

    private void objectives(StringBuilder out) {
        if (slo == null) {
            return;
        }
        for (Summary summary : summaries) {
            out.append(summary.subject().name())
                    .append(": ")
                    .append(Figures.of(slo.good(summary) * 100))
                    .append(" % of the streams keep ")
                    .append(slo.words())
                    .append(slo.isKept(summary) ? ": met\n" : ": MISSED\n");
        }
    }
}

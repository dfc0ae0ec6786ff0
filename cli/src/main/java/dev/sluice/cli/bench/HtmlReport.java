package dev.sluice.cli.bench;

import dev.sluice.cli.bench.Plot.Axis;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * One page that needs nothing else: the table, and plots of what is in it. It is XML too, light or
 * dark as its reader likes it, and runs no script.
 */
public final class HtmlReport {
    private static final int COLOURS = 6;
    private static final int CURVES = 20;
    private static final double LEAST_MILLIS = 0.01;

    private final String version;
    private final String begun;
    private final Load load;
    private final List<Summary> summaries;
    private final @Nullable Slo slo;
    private final StringBuilder out = new StringBuilder();

    private HtmlReport(
            String version, String begun, Load load, List<Summary> summaries, @Nullable Slo slo) {
        this.version = version;
        this.begun = begun;
        this.load = load;
        this.summaries = List.copyOf(summaries);
        this.slo = slo;
    }

    /** The page. */
    public static String of(
            String version, String begun, Load load, List<Summary> summaries, @Nullable Slo slo) {
        return new HtmlReport(version, begun, load, summaries, slo).page();
    }

    /** {@code text} within XML. */
    static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                default -> safe.append(c < ' ' && c != '\n' && c != '\t' ? '\ufffd' : c);
            }
        }
        return safe.toString();
    }

    private String page() {
        out.append(
                """
                <!DOCTYPE html>
                <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
                <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title>Sluice bench</title>
                <style>
                :root { color-scheme: light dark; --ink: #1d2730; --soft: #5d6b78; --line: #dfe5ea; --page: #fbfcfd;
                  --c0: #0b6fb8; --c1: #c2410c; --c2: #15803d; --c3: #9333ea; --c4: #b45309; --c5: #0f766e; --best: #15803d; --bad: #b91c1c; }
                @media (prefers-color-scheme: dark) { :root { --ink: #e3e9ee; --soft: #94a3b0; --line: #2a343d; --page: #12181d;
                  --c0: #58b0f0; --c1: #fb923c; --c2: #4ade80; --c3: #c084fc; --c4: #fbbf24; --c5: #2dd4bf; --best: #4ade80; --bad: #f87171; } }
                body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 900px; margin: 2rem auto; padding: 0 1rem; }
                h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2.2rem 0 .3rem; }
                p { color: var(--soft); margin: .2rem 0; }
                .wide { overflow-x: auto; }
                table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; margin-top: 1.2rem; }
                th, td { text-align: right; padding: .35rem .5rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
                th { color: var(--soft); font-weight: 500; } th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 9rem; }
                small { color: var(--soft); } .best { color: var(--best); font-weight: 600; } .bad { color: var(--bad); }
                svg { width: 100%; min-width: 34rem; height: auto; } svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
                .grid { stroke: var(--line); } polyline { fill: none; stroke-width: 2.2; stroke-linejoin: round; } polyline.thin { stroke-width: 1; opacity: .35; }
                circle { opacity: .55; } line.mean { stroke-width: 2.5; }
                """);
        for (int i = 0; i < COLOURS; i++) {
            out.append(
                    "polyline.s%1$d, line.s%1$d { stroke: var(--c%1$d); } circle.s%1$d { fill: var(--c%1$d); } .k%1$d { color: var(--c%1$d); }\n"
                            .formatted(i));
        }
        out.append("</style>\n</head>\n<body>\n<h1>Sluice bench</h1>\n");
        out.append("<p>").append(escaped(load.words())).append("</p>\n<p>");
        out.append(escaped(begun + ", Sluice " + version)).append("</p>\n");
        table();
        section(
                "Time to the first token",
                "Each stream is a point, the mean a line.",
                rows("ms to the first token", Summary::ttft, Sample::ttft, 1e-6));
        section(
                "Tokens as they came",
                "The stream in the middle of each is a thick line, others are thin ones.",
                arrivals());
        section(
                "Time between tokens",
                "The share of all times between tokens that is not above a time.",
                between());
        section(
                "Tokens per second",
                "Each stream is a point, the mean a line.",
                rows("tokens per second", Summary::tps, Sample::tps, 1));
        return out.append("</body>\n</html>\n").toString();
    }

    private void section(String title, String sentence, String plot) {
        out.append("<h2>").append(title).append("</h2>\n<p>").append(sentence).append("</p>\n<p>");
        for (int i = 0; i < summaries.size(); i++) {
            out.append("<span class=\"k%d\">■</span> ".formatted(i % COLOURS));
            out.append(escaped(summaries.get(i).subject().name())).append(" &#160; ");
        }
        out.append("</p>\n<div class=\"wide\">").append(plot).append("</div>\n");
    }

    // The table

    private void table() {
        out.append(
                """
                <div class="wide"><table>
                <thead><tr><th></th><th>TTFT <small>ms</small></th><th>TBT p50 <small>ms</small></th><th>p99 <small>ms</small></th>\
                <th>jitter <small>ms</small></th><th>TPS</th><th>TTLT <small>ms</small></th><th>all TPS</th><th>errors</th></tr></thead>
                <tbody>
                """);
        for (int i = 0; i < summaries.size(); i++) {
            row(i, summaries.get(i));
        }
        out.append("</tbody></table></div>\n");
        problems();
        if (slo != null) {
            for (Summary summary : summaries) {
                boolean kept = slo.isKept(summary);
                out.append(kept ? "<p>" : "<p class=\"bad\">");
                out.append(escaped(summary.subject().name())).append(": ");
                out.append(Figures.of(slo.good(summary) * 100)).append(" % of the streams keep ");
                out.append(escaped(slo.words())).append(kept ? ": met</p>\n" : ": missed</p>\n");
            }
        }
    }

    private void problems() {
        for (Summary summary : summaries) {
            summary.problems()
                    .forEach(
                            (problem, count) ->
                                    out.append("<p class=\"bad\">")
                                            .append(escaped(summary.subject().name()))
                                            .append(": ")
                                            .append(count)
                                            .append(" × ")
                                            .append(escaped(problem))
                                            .append("</p>\n"));
        }
    }

    private void row(int at, Summary summary) {
        out.append("<tr><td><span class=\"k%d\">■</span> ".formatted(at % COLOURS));
        out.append(escaped(summary.subject().name())).append("<br/><small>");
        out.append(escaped(summary.subject().where())).append("</small></td>");
        cell(summary, each -> each.ttft().mean() * 1e-6, true, summary.ttft().deviation() * 1e-6);
        cell(summary, each -> each.tbt().percentile(50) * 1e-6, true, Double.NaN);
        cell(summary, each -> each.tbt().percentile(99) * 1e-6, true, Double.NaN);
        cell(summary, each -> each.jitter().mean() * 1e-6, true, Double.NaN);
        cell(summary, each -> each.tps().mean(), false, summary.tps().deviation());
        cell(summary, each -> each.ttlt().mean() * 1e-6, true, summary.ttlt().deviation() * 1e-6);
        out.append("<td>").append(Figures.of(summary.throughput())).append("</td>");
        out.append(summary.errors() > 0 ? "<td class=\"bad\">" : "<td>");
        out.append(summary.errors()).append('/').append(summary.samples().size());
        out.append("</td></tr>\n");
    }

    private void cell(
            Summary summary, ToDoubleFunction<Summary> figure, boolean least, double deviation) {
        double value = figure.applyAsDouble(summary);
        boolean best =
                summaries.size() > 1
                        && !Double.isNaN(value)
                        && summaries.stream()
                                .mapToDouble(figure)
                                .noneMatch(other -> least ? other < value : other > value);
        out.append(best ? "<td class=\"best\">" : "<td>").append(Figures.of(value));
        if (!Double.isNaN(deviation)) {
            out.append(" <small>± ").append(Figures.of(deviation)).append("</small>");
        }
        out.append("</td>");
    }

    // The plots

    private String rows(
            String axis,
            Function<Summary, Numbers> numbers,
            ToDoubleFunction<Sample> figure,
            double unit) {
        double most =
                summaries.stream()
                        .mapToDouble(summary -> numbers.apply(summary).most() * unit)
                        .filter(value -> !Double.isNaN(value))
                        .max()
                        .orElse(1);
        Plot plot =
                Plot.ofRows(
                        axis,
                        new Axis(axis, 0, Math.max(most, 1e-3) * 1.05, false),
                        summaries.size());
        for (int i = 0; i < summaries.size(); i++) {
            String style = "s" + i % COLOURS;
            for (Sample sample : summaries.get(i).whole()) {
                double value = figure.applyAsDouble(sample) * unit;
                if (!Double.isNaN(value)) {
                    plot.point(
                            style, value, i, "run " + sample.number() + ": " + Figures.of(value));
                }
            }
            double mean = numbers.apply(summaries.get(i)).mean() * unit;
            if (!Double.isNaN(mean)) {
                plot.mark("mean " + style, mean, i);
            }
        }
        return plot.svg();
    }

    private String arrivals() {
        double millis = 1;
        double tokens = 1;
        for (Summary summary : summaries) {
            for (Sample sample : shown(summary)) {
                millis = Math.max(millis, Figures.millis(sample.ttlt()));
                tokens = Math.max(tokens, sample.arrivals().length);
            }
        }
        Plot plot =
                new Plot(
                        "Tokens as they came",
                        new Axis("ms from when the stream was due", 0, millis * 1.02, false),
                        new Axis("tokens", 0, tokens * 1.05, false),
                        Plot::number);
        for (int i = 0; i < summaries.size(); i++) {
            List<Sample> shown = shown(summaries.get(i));
            for (int j = shown.size() - 1; j >= 0; j--) {
                long[] times = shown.get(j).arrivals();
                double[] xs = Arrays.stream(times).mapToDouble(Figures::millis).toArray();
                double[] ys = new double[xs.length];
                Arrays.setAll(ys, at -> at + 1);
                plot.curve((j == 0 ? "s" : "thin s") + i % COLOURS, xs, ys);
            }
        }
        return plot.svg();
    }

    /** The stream in the middle first, then some others. */
    private static List<Sample> shown(Summary summary) {
        List<Sample> whole =
                summary.whole().stream()
                        .filter(sample -> sample.arrivals().length > 0)
                        .sorted(Comparator.comparingDouble(Sample::ttlt))
                        .toList();
        if (whole.isEmpty()) {
            return whole;
        }
        Sample middle = whole.get(whole.size() / 2);
        List<Sample> shown = new ArrayList<>(List.of(middle));
        whole.stream()
                .filter(sample -> sample.number() != middle.number())
                .limit(CURVES - 1)
                .forEach(shown::add);
        return shown;
    }

    private String between() {
        double most = 1;
        for (Summary summary : summaries) {
            most = Math.max(most, noneAsZero(Figures.millis(summary.tbt().most())));
        }
        Plot plot =
                new Plot(
                        "Time between tokens",
                        new Axis("ms between two tokens", LEAST_MILLIS, most * 1.1, true),
                        new Axis("", 0, 100, false),
                        value -> Plot.number(value) + " %");
        for (int i = 0; i < summaries.size(); i++) {
            double[] sorted = summaries.get(i).tbt().sorted();
            double[] xs = Arrays.stream(sorted).map(Figures::millis).toArray();
            double[] ys = new double[xs.length];
            Arrays.setAll(ys, at -> 100.0 * (at + 1) / ys.length);
            plot.curve("s" + i % COLOURS, xs, ys);
        }
        return plot.svg();
    }

    private static double noneAsZero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }
}

package dev.sluice.cli.bench;

import java.util.List;

/** Every stream as a line of CSV (RFC 4180), for programs that make tables. */
public final class CsvReport {
    private static final String HEAD =
            "subject,where,run,due_ms,ttft_ms,tbt_p50_ms,tbt_p99_ms,jitter_ms,tps,ttlt_ms,tokens,problem";

    private CsvReport() {}

    /** The lines, the first of which names the columns. */
    public static String of(List<Summary> summaries) {
        StringBuilder out = new StringBuilder(HEAD).append("\r\n");
        for (Summary summary : summaries) {
            for (Sample sample : summary.samples()) {
                Numbers tbts = Numbers.of(sample.tbts());
                out.append(quoted(summary.subject().name())).append(',');
                out.append(quoted(summary.subject().where())).append(',');
                out.append(sample.number()).append(',');
                out.append(millis(sample.due())).append(',');
                out.append(millis(sample.ttft())).append(',');
                out.append(millis(tbts.percentile(50))).append(',');
                out.append(millis(tbts.percentile(99))).append(',');
                out.append(millis(sample.jitter())).append(',');
                out.append(number(sample.tps())).append(',');
                out.append(millis(sample.ttlt())).append(',');
                out.append(sample.tokens()).append(',');
                out.append(quoted(sample.problem())).append("\r\n");
            }
        }
        return out.toString();
    }

    private static String millis(long nanos) {
        return number(Figures.millis(nanos));
    }

    private static String millis(double nanos) {
        return number(Figures.millis(nanos));
    }

    /** A number that is none is an empty cell. */
    private static String number(double value) {
        return Double.isNaN(value) ? "" : Double.toString(Math.round(value * 1e6) / 1e6);
    }

    private static String quoted(String text) {
        return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}

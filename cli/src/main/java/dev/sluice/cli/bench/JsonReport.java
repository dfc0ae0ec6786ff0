package dev.sluice.cli.bench;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonWriter;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Everything that was measured as JSON. Times are in milliseconds. */
public final class JsonReport {
    private final JsonWriter json = new JsonWriter(new ByteBuilder());

    private JsonReport() {}

    /** The document. */
    public static String of(
            String version, String begun, Load load, List<Summary> summaries, @Nullable Slo slo) {
        JsonReport report = new JsonReport();
        report.json.beginObject().field("sluice", version).field("begun", begun);
        report.load(load);
        report.json.name("subjects").beginArray();
        for (Summary summary : summaries) {
            report.subject(summary, slo);
        }
        report.json.endArray();
        if (slo != null) {
            report.json.name("slo").beginObject();
            report.json.field("objective", slo.words());
            report.json.field("met", summaries.stream().allMatch(slo::isKept));
            report.json.endObject();
        }
        report.json.endObject();
        return report.json.out().add('\n').toString();
    }

    private void load(Load load) {
        json.name("load").beginObject();
        json.field("runs", load.runs()).field("warmups", load.warmups());
        if (load.rate().isPresent()) {
            json.field("rate", load.rate().getAsDouble());
        } else {
            json.field("concurrency", load.concurrency());
        }
        json.field("max_tokens", load.config().maxTokens());
        json.name("prompts").beginArray();
        load.prompts().forEach(json::value);
        json.endArray().endObject();
    }

    private void subject(Summary summary, @Nullable Slo slo) {
        json.beginObject();
        json.field("name", summary.subject().name());
        json.field("where", summary.subject().where());
        json.field("runs", summary.samples().size()).field("errors", summary.errors());
        json.name("problems").beginObject();
        summary.problems().forEach((problem, count) -> json.field(problem, count));
        json.endObject();
        times("ttft_ms", summary.ttft());
        times("tbt_ms", summary.tbt());
        times("jitter_ms", summary.jitter());
        figures("tps", summary.tps(), 1);
        times("ttlt_ms", summary.ttlt());
        number("throughput_tps", summary.throughput());
        if (slo != null) {
            json.field("good", slo.good(summary)).field("slo_met", slo.isKept(summary));
        }
        json.name("samples").beginArray();
        summary.samples().forEach(this::sample);
        json.endArray().endObject();
    }

    private void times(String name, Numbers numbers) {
        figures(name, numbers, 1e-6);
    }

    private void figures(String name, Numbers numbers, double unit) {
        json.name(name).beginObject();
        number("mean", numbers.mean() * unit);
        number("deviation", numbers.deviation() * unit);
        number("min", numbers.least() * unit);
        number("p50", numbers.percentile(50) * unit);
        number("p90", numbers.percentile(90) * unit);
        number("p99", numbers.percentile(99) * unit);
        number("max", numbers.most() * unit);
        json.field("count", numbers.count()).endObject();
    }

    private void sample(Sample sample) {
        json.beginObject().field("run", sample.number());
        number("due_ms", Figures.millis(sample.due()));
        number("ttft_ms", Figures.millis(sample.ttft()));
        number("ttlt_ms", Figures.millis(sample.ttlt()));
        number("tps", sample.tps());
        json.field("tokens", sample.tokens());
        if (!sample.isWhole()) {
            json.field("problem", sample.problem());
        }
        json.name("arrivals_ms").beginArray();
        for (long arrival : sample.arrivals()) {
            json.value(rounded(Figures.millis(arrival)));
        }
        json.endArray().endObject();
    }

    private void number(String name, double value) {
        if (Double.isNaN(value)) {
            json.name(name).nullValue();
        } else {
            json.field(name, rounded(value));
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }
}

package dev.sluice.cli.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * What was measured of one subject. Failed streams are counted and tell nothing else.
 *
 * @param wall nanoseconds from when the first stream was due to the last token of all
 */
public record Summary(Subject subject, List<Sample> samples, long wall) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** Copies the list. */
    public Summary {
        samples = List.copyOf(samples);
    }

    /** The streams that came to their end. */
    public List<Sample> whole() {
        return samples.stream().filter(Sample::isWhole).toList();
    }

    /** How many did not. */
    public int errors() {
        return samples.size() - whole().size();
    }

    /** How often each kind of failure was met. */
    public Map<String, Integer> problems() {
        Map<String, Integer> problems = new TreeMap<>();
        for (Sample sample : samples) {
            if (!sample.isWhole()) {
                problems.merge(sample.problem(), 1, Integer::sum);
            }
        }
        return problems;
    }

    /** Times to the first token. */
    public Numbers ttft() {
        return of(Sample::ttft);
    }

    /** Times to the last token. */
    public Numbers ttlt() {
        return of(Sample::ttlt);
    }

    /** Tokens per second of each stream. */
    public Numbers tps() {
        return of(Sample::tps);
    }

    /** How unsteady each stream was. */
    public Numbers jitter() {
        return of(Sample::jitter);
    }

    /** Times between tokens, of all streams. */
    public Numbers tbt() {
        return Numbers.of(
                whole().stream().flatMapToDouble(sample -> Arrays.stream(sample.tbts())).toArray());
    }

    /** Tokens per second of all streams together. */
    public double throughput() {
        long tokens = whole().stream().mapToLong(Sample::tokens).sum();
        return wall > 0 && tokens > 0
                ? (double) tokens * NANOS_PER_SECOND / (double) wall
                : Double.NaN;
    }

    private Numbers of(ToDoubleFunction<Sample> figure) {
        DoubleStream all = whole().stream().mapToDouble(figure);
        return Numbers.of(all.filter(value -> !Double.isNaN(value)).toArray());
    }
}

package dev.sluice.llama;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a token costs from the bytes that were drawn to the event. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AnswerBenchmark {
    private static final int TOKENS = 500;

    /** Texts that end the answer. */
    @Param({"none", "two"})
    public String stops = "none";

    private final byte[][] pieces = {
        " the".getBytes(StandardCharsets.UTF_8),
        " stream".getBytes(StandardCharsets.UTF_8),
        " \u00fcber".getBytes(StandardCharsets.UTF_8),
        "ing".getBytes(StandardCharsets.UTF_8)
    };

    /** An answer of many tokens. */
    @Benchmark
    @OperationsPerInvocation(TOKENS)
    public void fromBytesToEvents(Blackhole hole) {
        Utf8Pieces characters = new Utf8Pieces();
        List<String> texts = stops.equals("two") ? List.of("\n\nUser:", "</answer>") : List.of();
        ChatFormat.Turn turn =
                new ChatFormat.Turn("", "", false, out -> new PlainText(texts, List.of(), out));
        Answer answer = new Answer("id", "model", 0, turn, hole::consume);
        answer.begin(10, 0);
        for (int i = 0; i < TOKENS; i++) {
            answer.token(characters.add(pieces[i & 3]));
        }
        answer.end(JobListener.End.DONE);
    }
}

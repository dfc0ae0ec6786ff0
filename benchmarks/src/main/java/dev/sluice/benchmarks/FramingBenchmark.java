package dev.sluice.benchmarks;

import dev.sluice.core.framing.SseDecoder;

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

import java.util.concurrent.TimeUnit;

/**
 * Cutting a stream into frames: nanoseconds and bytes of garbage for one token, by the size of the
 * pieces in which the stream comes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class FramingBenchmark {
    /** Bytes of one piece. */
    @Param({"64", "256", "16384"})
    public int piece;

    private final byte[] stream = Streams.of("openai-chat", Streams.TOKENS);
    private long frames;

    /** Feeds one stream. */
    @Benchmark
    @OperationsPerInvocation(Streams.TOKENS)
    public long frames() {
        SseDecoder decoder = new SseDecoder(1 << 20);
        for (int at = 0; at < stream.length; at += piece) {
            decoder.feed(stream, at, Math.min(piece, stream.length - at), _ -> frames++);
        }
        return frames;
    }
}

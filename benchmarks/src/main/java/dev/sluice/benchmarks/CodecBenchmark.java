package dev.sluice.benchmarks;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.dialect.Tap;
import dev.sluice.core.framing.FrameDecoder;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.dialect.Dialects;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/**
 * The dialects without sockets: nanoseconds and bytes of garbage for one token, relayed (frames and
 * tap) and translated (frames, events, frames).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CodecBenchmark {
    private static final int PIECE = 16384;

    /** The upstream's dialect; {@code -p upstream=} takes every other too. */
    @Param({"openai-chat", "anthropic"})
    public String upstream = "openai-chat";

    /** The client's dialect, for translation; {@code -p client=} takes every other too. */
    @Param({"openai-chat", "anthropic"})
    public String client = "anthropic";

    private byte[] stream = {};
    private Dialect from = Dialects.all().getFirst();
    private Dialect to = Dialects.all().getFirst();
    private final ByteBuilder out = new ByteBuilder(1 << 20);

    /** Finds the dialects. */
    @Setup
    public void prepare() {
        from = Dialects.find(upstream).orElseThrow();
        to = Dialects.find(client).orElseThrow();
        stream = Streams.of(upstream, Streams.TOKENS);
    }

    /** Watches a relayed stream. */
    @Benchmark
    @OperationsPerInvocation(Streams.TOKENS)
    public int relay() {
        out.clear();
        FrameDecoder frames = from.frames(1 << 20);
        Tap tap = from.tap(true);
        for (int at = 0; at < stream.length; at += PIECE) {
            frames.feed(
                    stream,
                    at,
                    Math.min(PIECE, stream.length - at),
                    frame -> {
                        tap.onFrame(frame);
                        out.add(
                                frame.buffer(),
                                frame.rawOffset(),
                                frame.rawEnd() - frame.rawOffset());
                    });
        }
        return out.length();
    }

    /** Reads a stream as events and writes it in the client's dialect. */
    @Benchmark
    @OperationsPerInvocation(Streams.TOKENS)
    public int translate() {
        out.clear();
        FrameDecoder frames = from.frames(1 << 20);
        EventDecoder decoder = from.decoder(Streams.fromUpstream(false));
        EventEncoder encoder = to.encoder(Streams.toClient(false));
        for (int at = 0; at < stream.length; at += PIECE) {
            frames.feed(
                    stream,
                    at,
                    Math.min(PIECE, stream.length - at),
                    frame -> decoder.onFrame(frame, event -> encoder.encode(event, out)));
        }
        decoder.onEnd(event -> encoder.encode(event, out));
        return out.length();
    }
}

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

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What a token costs by the length of its stream: {@value #ALL} tokens in each round, as one stream
 * or as many short ones. The figure for one token must not depend on the length. What a turn of the
 * loop would send is forgotten after each piece.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class LengthBenchmark {
    static final int ALL = 100_000;
    private static final int PIECE = 16384;
    private static final int LARGEST_FRAME = 16 << 20;

    /** Tokens in a stream. */
    @Param({"1000", "10000", "100000"})
    public int tokens;

    /** The upstream's dialect. */
    @Param({"openai-chat", "openai-responses", "anthropic", "ollama", "gemini", "bedrock"})
    public String upstream = "openai-chat";

    /** The client's dialect, for translation. */
    @Param({"openai-chat", "openai-responses", "anthropic", "ollama", "gemini", "bedrock"})
    public String client = "anthropic";

    /** Text, or arguments, of which Ollama and Gemini have no pieces. */
    @Param("text")
    public String content = "text";

    private byte[] stream = {};
    private Dialect from = Dialects.all().getFirst();
    private Dialect to = Dialects.all().getFirst();
    private boolean same;
    private long written;
    private final ByteBuilder out = new ByteBuilder(1 << 16);

    /** Makes the stream. */
    @Setup
    public void prepare() {
        from = Dialects.find(upstream).orElseThrow();
        to = Dialects.find(client).orElseThrow();
        same = upstream.equals(client);
        stream =
                Streams.of(
                        upstream,
                        tokens,
                        Streams.Content.valueOf(content.toUpperCase(Locale.ROOT)));
    }

    /** Watches relayed streams. */
    @Benchmark
    @OperationsPerInvocation(ALL)
    public long relay() {
        for (int i = 0; i < ALL; i += tokens) {
            FrameDecoder frames = from.frames(LARGEST_FRAME);
            Tap tap = from.tap(true);
            for (int at = 0; at < stream.length; at += PIECE) {
                int length = Math.min(PIECE, stream.length - at);
                frames.feed(
                        stream,
                        at,
                        length,
                        frame -> {
                            tap.onFrame(frame);
                            out.add(
                                    frame.buffer(),
                                    frame.rawOffset(),
                                    frame.rawEnd() - frame.rawOffset());
                        });
                send();
            }
        }
        return written;
    }

    /** Reads streams as events and writes them in the client's dialect. */
    @Benchmark
    @OperationsPerInvocation(ALL)
    public long translate() {
        for (int i = 0; i < ALL; i += tokens) {
            FrameDecoder frames = from.frames(LARGEST_FRAME);
            EventDecoder decoder = from.decoder(Streams.fromUpstream(same));
            EventEncoder encoder = to.encoder(Streams.toClient(same));
            for (int at = 0; at < stream.length; at += PIECE) {
                int length = Math.min(PIECE, stream.length - at);
                frames.feed(
                        stream,
                        at,
                        length,
                        frame -> decoder.onFrame(frame, event -> encoder.encode(event, out)));
                send();
            }
            decoder.onEnd(event -> encoder.encode(event, out));
            send();
        }
        return written;
    }

    private void send() {
        written += out.length();
        out.clear();
    }
}

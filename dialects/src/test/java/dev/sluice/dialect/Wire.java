package dev.sluice.dialect;

import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Tap;
import dev.sluice.core.dialect.Tap.Sight;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StreamGrammar;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.framing.FrameDecoder;
import dev.sluice.core.framing.FrameSink;
import dev.sluice.core.json.ByteBuilder;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs a dialect's decoders, encoders and taps over whole streams. */
public final class Wire {
    /** Larger than any frame of a test. */
    public static final int MOST = 16 << 20;

    private Wire() {}

    /** What the decoder is told when client and upstream speak the same dialect. */
    public static DecodeContext same(Dialect dialect) {
        return new DecodeContext(Quirks.vendor(dialect.name()), true);
    }

    /** What the decoder is told when they do not. */
    public static DecodeContext foreign() {
        return new DecodeContext(Quirks.vendor("test"), false);
    }

    /** What an encoder is told, with usage asked for. */
    public static EncodeContext context(boolean sameDialect) {
        return new EncodeContext("x1", "asked-model", 1760000001, true, "req_1", 0, sameDialect);
    }

    /** A server that has no quirks. */
    public static Target vendor(String model) {
        return new Target(model, Quirks.vendor("test"), 4096, true);
    }

    /** The events of a stream that came in these pieces, each legal in its place. */
    public static List<Event> decode(Dialect dialect, DecodeContext context, List<byte[]> pieces) {
        List<Event> events = new ArrayList<>();
        StreamGrammar grammar = new StreamGrammar();
        FrameDecoder frames = dialect.frames(MOST);
        EventDecoder decoder = dialect.decoder(context);
        for (byte[] piece : pieces) {
            frames.feed(
                    piece,
                    0,
                    piece.length,
                    frame -> decoder.onFrame(frame, event -> record(event, events, grammar)));
        }
        frames.end(frame -> decoder.onFrame(frame, event -> record(event, events, grammar)));
        decoder.onEnd(event -> record(event, events, grammar));
        return events;
    }

    /** The events of a stream that came at once. */
    public static List<Event> decode(Dialect dialect, DecodeContext context, String stream) {
        return decode(dialect, context, List.of(stream.getBytes(StandardCharsets.UTF_8)));
    }

    /** The events of an unstreamed answer. */
    public static List<Event> decodeAnswer(Dialect dialect, DecodeContext context, byte[] body) {
        List<Event> events = new ArrayList<>();
        StreamGrammar grammar = new StreamGrammar();
        dialect.decodeAnswer(body, context, event -> record(event, events, grammar));
        return events;
    }

    private static void record(Event event, List<Event> events, StreamGrammar grammar) {
        if (!grammar.accept(event)) {
            throw new AssertionError(grammar.violation() + ": " + event + " after " + events);
        }
        events.add(kept(event));
    }

    private static Event kept(Event event) {
        return switch (event) {
            case Event.Delta delta ->
                    new Event.Delta(delta.index(), delta.kind(), delta.text().keep());
            default -> event;
        };
    }

    /** What these events fold to. */
    public static Accumulator fold(List<Event> events) {
        Accumulator accumulator = new Accumulator(MOST);
        events.forEach(accumulator::onEvent);
        return accumulator;
    }

    /** The answer that these events fold to, which must be complete. */
    public static Answer answer(List<Event> events) {
        Accumulator fold = fold(events);
        if (!fold.complete()) {
            throw new AssertionError("not complete: " + events.getLast());
        }
        return fold.answer();
    }

    /** The failure that these events end with. */
    public static Failure failure(List<Event> events) {
        if (events.getLast() instanceof Event.Failed failed) {
            return failed.failure();
        }
        throw new AssertionError("not failed: " + events.getLast());
    }

    /** What a client is sent for these events. */
    public static byte[] encode(Dialect dialect, EncodeContext context, List<Event> events) {
        EventEncoder encoder = dialect.encoder(context);
        ByteBuilder out = new ByteBuilder();
        events.forEach(event -> encoder.encode(event, out));
        return out.toBytes();
    }

    /** {@link #encode}, as text. */
    public static String encoded(Dialect dialect, EncodeContext context, List<Event> events) {
        return new String(encode(dialect, context, events), StandardCharsets.UTF_8);
    }

    /**
     * What a tap has seen of a whole stream.
     *
     * @param sights one for each frame
     * @param passed the frames that were not hidden, and what the tap added at the end
     * @param missing what is wrong at the end
     * @param thrown the failure that the tap could not pass on as it was
     */
    public record Watched(
            Tap tap,
            List<Sight> sights,
            byte[] passed,
            Optional<Failure> missing,
            Optional<Failure> thrown) {}

    /** Watches a stream to its end or to the first failure that is thrown. */
    public static Watched watch(Dialect dialect, boolean includeUsage, byte[] stream) {
        Tap tap = dialect.tap(includeUsage);
        List<Sight> sights = new ArrayList<>();
        ByteBuilder passed = new ByteBuilder();
        FrameSink watcher =
                frame -> {
                    Sight sight = tap.onFrame(frame);
                    sights.add(sight);
                    if (sight != Sight.HIDDEN) {
                        passed.add(
                                frame.buffer(),
                                frame.rawOffset(),
                                frame.rawEnd() - frame.rawOffset());
                    }
                };
        try {
            FrameDecoder frames = dialect.frames(MOST);
            frames.feed(stream, 0, stream.length, watcher);
            frames.end(watcher);
        } catch (FailureException thrown) {
            return new Watched(
                    tap,
                    sights,
                    passed.toBytes(),
                    Optional.of(thrown.failure()),
                    Optional.of(thrown.failure()));
        }
        Optional<Failure> missing = tap.onEnd(passed);
        return new Watched(tap, sights, passed.toBytes(), missing, Optional.empty());
    }
}

package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Tap;
import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StreamGrammar;
import dev.sluice.core.framing.FrameDecoder;
import dev.sluice.core.json.ByteBuilder;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs streams through the dialect, as the gateway would, with the grammar of events on watch. */
final class Wire {
    static final AnthropicDialect DIALECT = new AnthropicDialect();
    static final EncodeContext SAME = context(true);
    static final EncodeContext FOREIGN = context(false);
    static final DecodeContext DECODE = new DecodeContext(Quirks.vendor("anthropic"), true);
    private static final int MAX_FRAME = 1 << 20;

    private Wire() {}

    private static EncodeContext context(boolean same) {
        return new EncodeContext("x1", "asked-model", 1_760_000_000, true, "rid", 7, same);
    }

    /** The events of a stream that came in these pieces and then ended. */
    static List<Event> decode(List<byte[]> pieces) {
        List<Event> events = new ArrayList<>();
        StreamGrammar grammar = new StreamGrammar();
        EventDecoder decoder = DIALECT.decoder(DECODE);
        FrameDecoder frames = DIALECT.frames(MAX_FRAME);
        for (byte[] piece : pieces) {
            // The pieces' array is overwritten after the call, as the gateway's is.
            byte[] lent = piece.clone();
            frames.feed(
                    lent,
                    0,
                    lent.length,
                    frame -> decoder.onFrame(frame, event -> keep(event, grammar, events)));
            Arrays.fill(lent, (byte) '#');
        }
        decoder.onEnd(event -> keep(event, grammar, events));
        assertThat(grammar.ended()).as("the stream has an end: %s", events).isTrue();
        return events;
    }

    private static void keep(Event event, StreamGrammar grammar, List<Event> events) {
        assertThat(grammar.accept(event)).as("%s: %s", event, grammar.violation()).isTrue();
        events.add(kept(event));
    }

    static Event kept(Event event) {
        return switch (event) {
            case Event.Delta delta ->
                    new Event.Delta(delta.index(), delta.kind(), delta.text().keep());
            case Event.MessageDelta delta when delta.stopSequence() != null ->
                    new Event.MessageDelta(
                            delta.stopReason(), delta.stopSequence().keep(), delta.usage());
            default -> event;
        };
    }

    static List<Event> decode(byte[] body) {
        return decode(List.of(body));
    }

    static List<Event> decode(String body) {
        return decode(body.getBytes(StandardCharsets.UTF_8));
    }

    /** The same without pings, which may stand anywhere. */
    static List<Event> withoutPings(List<Event> events) {
        return events.stream().filter(event -> !(event instanceof Event.Ping)).toList();
    }

    /** What the events add up to. */
    static Accumulator fold(List<Event> events) {
        Accumulator accumulator = new Accumulator(1 << 20);
        events.forEach(accumulator::onEvent);
        return accumulator;
    }

    /** The stream that a client gets. */
    static byte[] encode(List<Event> events, EncodeContext context) {
        ByteBuilder out = new ByteBuilder();
        EventEncoder encoder = DIALECT.encoder(context);
        events.forEach(event -> encoder.encode(event, out));
        return out.toBytes();
    }

    /** The events of an unstreamed answer. */
    static List<Event> decodeAnswer(String body) {
        List<Event> events = new ArrayList<>();
        StreamGrammar grammar = new StreamGrammar();
        DIALECT.decodeAnswer(
                body.getBytes(StandardCharsets.UTF_8),
                DECODE,
                event -> keep(event, grammar, events));
        assertThat(grammar.ended()).isTrue();
        return events;
    }

    /** What a relay saw. */
    record Watched(Tap tap, List<Tap.Sight> sights) {}

    static Watched watch(List<byte[]> pieces) {
        Tap tap = DIALECT.tap(true);
        FrameDecoder frames = DIALECT.frames(MAX_FRAME);
        List<Tap.Sight> sights = new ArrayList<>();
        for (byte[] piece : pieces) {
            frames.feed(piece, 0, piece.length, frame -> sights.add(tap.onFrame(frame)));
        }
        return new Watched(tap, sights);
    }

    static Watched watch(String body) {
        return watch(List.of(body.getBytes(StandardCharsets.UTF_8)));
    }
}

package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.framing.FrameDecoder;
import dev.sluice.core.framing.FrameSink;

/**
 * The upstream speaks another dialect, or the client's with an accent: its frames are read as
 * events.
 */
final class TranslateReader implements BodyReader, FrameSink {
    private final Attempt attempt;
    private final FrameDecoder frames;
    private final EventDecoder decoder;
    private final EventSink events;

    TranslateReader(Attempt attempt, FrameDecoder frames, EventDecoder decoder, EventSink events) {
        this.attempt = attempt;
        this.frames = frames;
        this.decoder = decoder;
        this.events = events;
    }

    @Override
    public void onBytes(byte[] bytes, int offset, int length) {
        frames.feed(bytes, offset, length, this);
    }

    @Override
    public void onFrame(Frame frame) {
        if (!attempt.isDone()) {
            decoder.onFrame(frame, events);
        }
    }

    @Override
    public void onEnd() {
        frames.end(this);
        if (!attempt.isDone()) {
            decoder.onEnd(events);
        }
    }
}

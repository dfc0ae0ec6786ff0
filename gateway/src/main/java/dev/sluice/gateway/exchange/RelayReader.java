package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Tap;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.framing.FrameDecoder;
import dev.sluice.core.framing.FrameSink;

import java.util.Optional;

/**
 * The upstream speaks the client's dialect well: its frames go on as they are, byte for byte, whole
 * ones only, while a tap watches. So an error can be told between frames whenever the upstream
 * breaks off.
 */
final class RelayReader implements BodyReader, FrameSink {
    private static final byte[] NOTHING = new byte[0];

    private final Exchange exchange;
    private final ClientStream client;
    private final Attempt attempt;
    private final FrameDecoder frames;
    private final Tap tap;

    /** The piece in work, and which part of it is to go on but has not been written yet. */
    private byte[] piece = NOTHING;

    private int from;
    private int to;

    RelayReader(Exchange exchange, Attempt attempt, FrameDecoder frames, Tap tap) {
        this.exchange = exchange;
        this.client = exchange.client();
        this.attempt = attempt;
        this.frames = frames;
        this.tap = tap;
    }

    @Override
    public void onBytes(byte[] bytes, int offset, int length) {
        piece = bytes;
        try {
            frames.feed(bytes, offset, length, this);
        } finally {
            write();
            piece = NOTHING;
        }
    }

    @Override
    public void onFrame(Frame frame) {
        if (attempt.isDone()) {
            return;
        }
        switch (tap.onFrame(frame)) {
            case CONTENT -> {
                if (!client.isOpen()) {
                    write();
                }
                exchange.content();
                pass(frame);
            }
            case PREAMBLE, PING -> pass(frame);
            case HIDDEN -> {}
            case END -> {
                write();
                exchange.commit();
                observe();
                pass(frame);
                write();
                exchange.ending().complete(true);
            }
            case FAILURE -> {
                write();
                observe();
                Failure told =
                        tap.failure()
                                .orElseThrow(() -> new IllegalStateException("a failure untold"));
                if (client.isOpen()) {
                    pass(frame);
                    write();
                    exchange.ending().failedInBand(told);
                } else {
                    attempt.failed(told);
                }
            }
        }
    }

    /**
     * Lets a frame go on. Frames that lie side by side in the piece are written together, when
     * something else comes or the piece is at its end; the decoder's own buffer may change before.
     */
    @SuppressWarnings("ReferenceEquality") // the same array, not an equal one
    private void pass(Frame frame) {
        if (frame.buffer() == piece && frame.rawOffset() == to && from < to) {
            to = frame.rawEnd();
            return;
        }
        write();
        from = frame.rawOffset();
        to = frame.rawEnd();
        if (frame.buffer() != piece) {
            client.write(frame.buffer(), from, to - from);
            from = to;
        }
    }

    private void write() {
        if (from < to) {
            client.write(piece, from, to - from);
            from = to;
        }
    }

    @Override
    public void observe() {
        exchange.tally().told(tap.usage(), tap.stopReason());
    }

    @Override
    public long eventsRelayed() {
        return tap.events();
    }

    @Override
    public void onEnd() {
        frames.end(this);
        if (attempt.isDone()) {
            return;
        }
        write();
        Optional<Failure> missing = tap.onEnd(client.out());
        observe();
        if (missing.isPresent()) {
            attempt.failed(missing.get());
        } else {
            exchange.commit();
            exchange.ending().complete(true);
        }
    }

    @Override
    public void onBroken(Attempt broken, Failure failure) {
        observe();
        broken.failed(failure);
    }
}

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
    private final Exchange exchange;
    private final Attempt attempt;
    private final FrameDecoder frames;
    private final Tap tap;

    RelayReader(Exchange exchange, Attempt attempt, FrameDecoder frames, Tap tap) {
        this.exchange = exchange;
        this.attempt = attempt;
        this.frames = frames;
        this.tap = tap;
    }

    @Override
    public void onBytes(byte[] bytes, int offset, int length) {
        frames.feed(bytes, offset, length, this);
    }

    @Override
    public void onFrame(Frame frame) {
        if (attempt.isDone()) {
            return;
        }
        switch (tap.onFrame(frame)) {
            case CONTENT -> {
                exchange.content();
                pass(frame);
            }
            case PREAMBLE, PING -> pass(frame);
            case HIDDEN -> {}
            case END -> {
                exchange.commit();
                observe();
                pass(frame);
                exchange.complete(true);
            }
            case FAILURE -> {
                observe();
                Failure told =
                        tap.failure()
                                .orElseThrow(() -> new IllegalStateException("a failure untold"));
                if (exchange.isCommitted()) {
                    pass(frame);
                    exchange.failedInBand(told);
                } else {
                    attempt.failed(told);
                }
            }
        }
    }

    private void pass(Frame frame) {
        exchange.out().add(frame.buffer(), frame.rawOffset(), frame.rawEnd() - frame.rawOffset());
    }

    @Override
    public void observe() {
        exchange.observed(tap.usage(), tap.stopReason(), tap.model());
    }

    @Override
    public void onEnd() {
        frames.end(this);
        if (attempt.isDone()) {
            return;
        }
        Optional<Failure> missing = tap.onEnd(exchange.out());
        observe();
        if (missing.isPresent()) {
            attempt.failed(missing.get());
        } else {
            exchange.commit();
            exchange.complete(true);
        }
    }

    @Override
    public void onBroken(Attempt broken, Failure failure) {
        observe();
        broken.failed(failure);
    }
}

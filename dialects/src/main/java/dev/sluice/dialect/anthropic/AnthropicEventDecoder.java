package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

/** Reads a stream of messages, with patience for what servers make of it. */
final class AnthropicEventDecoder implements EventDecoder {
    private static final EventSink NOWHERE = event -> {};

    private final AnthropicFrameReader frames = new AnthropicFrameReader();
    private final OpenBlocks blocks = new OpenBlocks(event -> this.out.onEvent(event));
    private EventSink out = NOWHERE;
    private boolean started;
    private boolean reasonSeen;
    private boolean ended;

    @Override
    public void onFrame(Frame frame, EventSink sink) {
        if (ended) {
            return;
        }
        out = sink;
        switch (frames.read(frame)) {
            case BLOCK_DELTA -> delta(frame);
            case MESSAGE_START -> messageStart();
            case BLOCK_START -> blockStart();
            case BLOCK_STOP -> blocks.stop(frames.index);
            case MESSAGE_DELTA -> messageDelta();
            case MESSAGE_STOP -> messageStop();
            case PING, NOTHING -> out.onEvent(Event.PING);
            case ERROR -> fail(AnthropicErrors.orBroken(frames.failure));
            case UNKNOWN -> {}
        }
        ended |= blocks.failed();
    }

    @Override
    public void onEnd(EventSink sink) {
        if (ended) {
            return;
        }
        out = sink;
        if (reasonSeen) {
            messageStop();
        } else {
            fail(AnthropicErrors.cut());
        }
    }

    private void messageStart() {
        if (started) {
            out.onEvent(new Event.MessageDelta(null, null, frames.usage));
            return;
        }
        started = true;
        out.onEvent(new Event.MessageStart(frames.messageId, frames.model, 0, frames.usage));
    }

    private void ensureStarted() {
        if (!started) {
            started = true;
            out.onEvent(new Event.MessageStart("", "", 0, Usage.NONE));
        }
    }

    private void blockStart() {
        ensureStarted();
        if (frames.block != null) {
            blocks.start(frames.index, WireBlock.read(frames.block));
        }
    }

    private void delta(Frame frame) {
        ensureStarted();
        long index = frames.index;
        DeltaKind kind = frames.deltaKind;
        if (kind == null || blocks.isForeign(index, kind)) {
            String name = frames.deltaType.toString();
            frames.delta(frame).ifPresent(raw -> blocks.annotate(index, name, raw));
        } else {
            blocks.grow(index, kind, frames.text);
        }
    }

    private void messageDelta() {
        ensureStarted();
        blocks.settle();
        if (frames.stopReason.isEmpty()) {
            if (!frames.usage.isNone()) {
                out.onEvent(new Event.MessageDelta(null, null, frames.usage));
            }
            return;
        }
        blocks.finish();
        reasonSeen = true;
        StopReason reason = AnthropicStops.read(frames.stopReason);
        Text sequence = frames.stopSequence;
        end(AnthropicStops.inMessage(reason, blocks.toolSeen(), sequence), sequence, frames.usage);
    }

    private void end(StopReason reason, @Nullable Text stopSequence, Usage usage) {
        if (!blocks.failed()) {
            out.onEvent(new Event.MessageDelta(reason, stopSequence, usage));
        }
    }

    private void messageStop() {
        if (!started) {
            fail(AnthropicErrors.cut());
            return;
        }
        blocks.finish();
        if (!reasonSeen) {
            end(
                    AnthropicStops.inMessage(StopReason.END_TURN, blocks.toolSeen(), null),
                    null,
                    Usage.NONE);
        }
        if (!blocks.failed()) {
            out.onEvent(Event.STOP);
        }
        ended = true;
    }

    private void fail(Failure failure) {
        ended = true;
        out.onEvent(new Event.Failed(failure));
    }
}

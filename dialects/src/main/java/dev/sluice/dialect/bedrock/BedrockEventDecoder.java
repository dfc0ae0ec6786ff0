package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.BlockLedger;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * Reads a stream. Only tool uses are told when they start; every other block begins with the first
 * delta of its index. Usage comes after the stop reason, so that the message ends with it, or with
 * the stream.
 *
 * <p>An index under which something of another kind comes, or that is used again, stands for
 * another block.
 */
final class BedrockEventDecoder implements EventDecoder {
    /** The block that an index of the wire stands for, by the ledger's key. */
    private record Slot(long index, long key, BlockKind kind) {}

    private static final EventSink NOWHERE = event -> {};

    private final BedrockFrameReader frames = new BedrockFrameReader();
    private final BlockLedger ledger = new BlockLedger(this::emit);
    private final Map<Long, Slot> slots = new HashMap<>();
    private EventSink out = NOWHERE;
    private @Nullable Slot last;
    private long nextKey;
    private boolean started;
    private boolean reasonSeen;
    private boolean ended;

    private void emit(Event event) {
        ended |= event instanceof Event.Failed;
        out.onEvent(event);
    }

    @Override
    public void onFrame(Frame frame, EventSink sink) {
        if (ended) {
            return;
        }
        out = sink;
        switch (frames.read(frame)) {
            case BLOCK_DELTA -> delta(frame);
            case MESSAGE_START -> start();
            case BLOCK_START -> blockStart();
            case BLOCK_STOP -> blockStop();
            case MESSAGE_STOP -> messageStop();
            case METADATA -> metadata();
            case PING -> emit(Event.PING);
            case FAILURE -> emit(new Event.Failed(BedrockErrorReader.ofFrame(frame)));
            case UNKNOWN -> {}
        }
    }

    @Override
    public void onEnd(EventSink sink) {
        out = sink;
        if (ended) {
            return;
        }
        if (reasonSeen) {
            end();
        } else {
            emit(new Event.Failed(cut()));
        }
    }

    /** The stream is at its end and its message is not. */
    static Failure cut() {
        return Failure.of(
                FailureCode.UPSTREAM_BROKEN,
                "the upstream's stream ended before its messageStop event");
    }

    /** The model wrote what its server could not read. */
    static Failure malformed(String word) {
        return Failure.of(
                FailureCode.UPSTREAM_ERROR,
                "the model's output could not be read by its server (" + word + ")");
    }

    private void start() {
        if (!started) {
            started = true;
            emit(new Event.MessageStart("", "", 0, Usage.NONE));
        }
    }

    /** Whether content may come; behind the stop reason it is the failure that is told. */
    private boolean takesContent() {
        start();
        if (reasonSeen) {
            emit(
                    new Event.Failed(
                            Failure.of(
                                    FailureCode.UPSTREAM_BROKEN,
                                    "the upstream sent content after its messageStop event")));
        }
        return !reasonSeen;
    }

    private void blockStart() {
        if (!takesContent()) {
            return;
        }
        Raw other = frames.start;
        if (other != null) {
            long key = begin(BlockKind.OPAQUE).key;
            ledger.open(key, BlockKind.OPAQUE, "", frames.startName, other);
        } else if (!frames.toolName.isEmpty()) {
            ledger.tool(begin(BlockKind.TOOL_USE).key, frames.toolId, frames.toolName);
        }
    }

    private Slot begin(BlockKind kind) {
        Slot slot = new Slot(frames.index, nextKey++, kind);
        slots.put(slot.index, slot);
        last = slot;
        return slot;
    }

    /** Deltas of one block follow each other, so that it is hardly ever looked up. */
    private @Nullable Slot find(long index) {
        if (last == null || last.index != index) {
            last = slots.get(index);
        }
        return last;
    }

    private void delta(Frame frame) {
        if (!takesContent()) {
            return;
        }
        Raw redacted = frames.redacted;
        DeltaKind delta = frames.deltaKind;
        if (!frames.deltaName.isEmpty()) {
            Slot slot = find(frames.index);
            ledger.annotate(slot == null ? -1 : slot.key, frames.deltaName, frames.delta(frame));
        }
        if (redacted != null) {
            ledger.whole(BlockKind.REDACTED_THINKING, "", redacted);
        }
        if (delta != null && !frames.text.isEmpty()) {
            grow(delta);
        }
    }

    private void grow(DeltaKind delta) {
        BlockKind wanted =
                switch (delta) {
                    case TEXT, REFUSAL -> BlockKind.TEXT;
                    case THINKING, SIGNATURE -> BlockKind.THINKING;
                    case ARGUMENTS -> BlockKind.TOOL_USE;
                };
        Slot slot = find(frames.index);
        if (slot == null || slot.kind != wanted) {
            if (slot != null) {
                ledger.stop(slot.key);
            }
            slot = begin(wanted);
        }
        ledger.grow(slot.key, delta, frames.text);
    }

    private void blockStop() {
        Slot slot = find(frames.index);
        if (slot != null) {
            ledger.stop(slot.key);
            slots.remove(slot.index);
            last = null;
        }
    }

    private void messageStop() {
        if (reasonSeen) {
            return;
        }
        start();
        if (BedrockStops.isMalformed(frames.stopReason)) {
            emit(new Event.Failed(malformed(frames.stopReason)));
            return;
        }
        ledger.finish();
        if (!ended) {
            reasonSeen = true;
            emit(
                    new Event.MessageDelta(
                            BedrockStops.read(frames.stopReason, ledger.toolSeen()),
                            frames.stopSequence,
                            Usage.NONE));
        }
    }

    private void metadata() {
        start();
        if (!frames.usage.isNone()) {
            emit(new Event.MessageDelta(null, null, frames.usage));
        }
        if (reasonSeen) {
            end();
        }
    }

    private void end() {
        ended = true;
        out.onEvent(Event.STOP);
    }
}

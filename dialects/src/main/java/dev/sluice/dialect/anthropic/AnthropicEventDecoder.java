package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.BlockLedger;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * Reads a stream of messages.
 *
 * <p>The wire's blocks map one to one to the ledger's, with two exceptions. A text block is begun
 * when its first text comes, because some servers open one before every tool call and leave it
 * empty, and an empty text block is an error when the client sends it back. A tool use whose start
 * has its whole input gets it as one delta, but only when it is clear that no deltas follow:
 * otherwise the arguments would come twice.
 */
final class AnthropicEventDecoder implements EventDecoder {
    private static final int MAX_BLOCKS = 4096;
    private static final EventSink NOWHERE = event -> {};

    private final AnthropicFrameReader frames = new AnthropicFrameReader();
    private final BlockLedger ledger = new BlockLedger(event -> this.out.onEvent(event));
    private final Map<Long, BlockKind> kinds = new HashMap<>();
    private EventSink out = NOWHERE;
    private boolean started;
    private boolean reasonSeen;
    private boolean ended;
    private long lastIndex = -1;
    private @Nullable BlockKind lastKind;

    /** The text block that was begun last in the ledger too. */
    private long textIndex = -1;

    private long wholeIndex;
    private Text wholeInput = Text.EMPTY;

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
            case BLOCK_STOP -> blockStop();
            case MESSAGE_DELTA -> messageDelta();
            case MESSAGE_STOP -> messageStop();
            case PING, NOTHING -> out.onEvent(Event.PING);
            case ERROR -> fail(AnthropicErrors.orBroken(frames.failure));
            case UNKNOWN -> {}
        }
        ended |= ledger.failed();
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
        giveWholeInput();
        if (frames.block == null) {
            return;
        }
        begin(frames.index, WireBlock.read(frames.block));
    }

    private void begin(long index, WireBlock block) {
        BlockKind kind = kindOf(block.type());
        kinds.put(index, kind);
        lastIndex = index;
        lastKind = kind;
        textIndex = -1;
        if (kinds.size() > MAX_BLOCKS) {
            fail(AnthropicErrors.tooManyBlocks(MAX_BLOCKS));
            return;
        }
        switch (kind) {
            case TEXT, REFUSAL -> {
                grow(index, DeltaKind.TEXT, block.text());
                for (Raw citation : block.citations()) {
                    annotate(index, "citations_delta", citation);
                }
            }
            case THINKING -> {
                ledger.open(index, kind, "", "", null);
                grow(index, DeltaKind.THINKING, block.thinking());
                grow(index, DeltaKind.SIGNATURE, block.signature());
            }
            case REDACTED_THINKING -> ledger.open(index, kind, "", "", block.sealed());
            case TOOL_USE -> {
                ledger.open(index, kind, block.idOrNew(), block.name(), null);
                wholeIndex = index;
                wholeInput = block.input();
            }
            case OPAQUE -> ledger.open(index, kind, "", block.type(), block.raw());
        }
    }

    private static BlockKind kindOf(String type) {
        return switch (type) {
            case "text" -> BlockKind.TEXT;
            case "thinking" -> BlockKind.THINKING;
            case "redacted_thinking" -> BlockKind.REDACTED_THINKING;
            case "tool_use" -> BlockKind.TOOL_USE;
            default -> BlockKind.OPAQUE;
        };
    }

    private void delta(Frame frame) {
        ensureStarted();
        long index = frames.index;
        DeltaKind kind = frames.deltaKind;
        BlockKind block = kindAt(index);
        if (kind != null && (block == null || fits(kind, block))) {
            grow(index, kind, frames.text);
        } else if (kind == null || block == BlockKind.OPAQUE) {
            String name = frames.deltaType.toString();
            frames.delta(frame).ifPresent(raw -> annotate(index, name, raw));
        } else {
            ledger.append(kind, frames.text);
        }
    }

    /**
     * What the wire's block holds; null if it did not start. Deltas of one block follow each other,
     * so that it is hardly ever looked up.
     */
    private @Nullable BlockKind kindAt(long index) {
        if (index != lastIndex) {
            lastIndex = index;
            lastKind = kinds.get(index);
        }
        return lastKind;
    }

    private static boolean fits(DeltaKind kind, BlockKind block) {
        return switch (kind) {
            case TEXT, REFUSAL -> block == BlockKind.TEXT;
            case THINKING, SIGNATURE -> block == BlockKind.THINKING;
            case ARGUMENTS -> block == BlockKind.TOOL_USE || block == BlockKind.OPAQUE;
        };
    }

    private void grow(long index, DeltaKind kind, Text text) {
        if (text.isEmpty()) {
            return;
        }
        if (kind == DeltaKind.ARGUMENTS && index == wholeIndex) {
            wholeInput = Text.EMPTY;
        } else if (kind == DeltaKind.TEXT) {
            openText(index);
        }
        ledger.grow(index, kind, text);
    }

    private void openText(long index) {
        if (index != textIndex && !ledger.knows(index)) {
            ledger.open(index, BlockKind.TEXT, "", "", null);
        }
        textIndex = index;
    }

    private void annotate(long index, String name, Raw data) {
        if (kindAt(index) == BlockKind.TEXT) {
            openText(index);
        }
        ledger.annotate(index, name, data);
    }

    private void giveWholeInput() {
        Text input = wholeInput;
        wholeInput = Text.EMPTY;
        if (!input.isEmpty()) {
            ledger.grow(wholeIndex, DeltaKind.ARGUMENTS, input);
        }
    }

    private void blockStop() {
        giveWholeInput();
        ledger.stop(frames.index);
    }

    private void messageDelta() {
        ensureStarted();
        giveWholeInput();
        if (frames.stopReason.isEmpty()) {
            if (!frames.usage.isNone()) {
                out.onEvent(new Event.MessageDelta(null, null, frames.usage));
            }
            return;
        }
        ledger.finish();
        reasonSeen = true;
        StopReason reason = AnthropicStops.read(frames.stopReason);
        end(AnthropicStops.inMessage(reason, ledger.toolSeen()), frames.stopSequence, frames.usage);
    }

    private void end(StopReason reason, @Nullable Text stopSequence, Usage usage) {
        if (!ledger.failed()) {
            out.onEvent(new Event.MessageDelta(reason, stopSequence, usage));
        }
    }

    private void messageStop() {
        if (!started) {
            fail(AnthropicErrors.cut());
            return;
        }
        giveWholeInput();
        ledger.finish();
        if (!reasonSeen) {
            end(AnthropicStops.inMessage(StopReason.END_TURN, ledger.toolSeen()), null, Usage.NONE);
        }
        if (!ledger.failed()) {
            out.onEvent(Event.STOP);
        }
        ended = true;
    }

    private void fail(Failure failure) {
        ended = true;
        out.onEvent(new Event.Failed(failure));
    }
}

package dev.sluice.dialect.anthropic;

import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.BlockLedger;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * The blocks of one stream, by their index on the wire. They map one to one to the ledger's, with
 * these exceptions.
 *
 * <ul>
 *   <li>A text block is begun when its first text comes, because some servers open one before every
 *       tool call and leave it empty, and an empty text block is an error when the client sends it
 *       back.
 *   <li>A tool use whose start has its whole input gets it as one delta, but only when it is clear
 *       that no deltas follow: otherwise the arguments would come twice.
 *   <li>A delta that its block cannot take, or whose block did not start, grows the end of the
 *       message; a delta of unknown type goes along with its block as it is.
 * </ul>
 */
final class OpenBlocks {
    private static final int MAX_BLOCKS = 4096;

    /** A block of the wire. An index that is used again is another block. */
    private static final class Slot {
        final long index;
        final long key;
        final BlockKind kind;
        boolean begun;

        /** Arguments that came with the start, until it is known whether deltas follow. */
        Text input = Text.EMPTY;

        Slot(long index, long key, BlockKind kind) {
            this.index = index;
            this.key = key;
            this.kind = kind;
        }

        boolean takes(DeltaKind delta) {
            return switch (delta) {
                case TEXT, REFUSAL -> kind == BlockKind.TEXT;
                case THINKING, SIGNATURE -> kind == BlockKind.THINKING;
                case ARGUMENTS -> kind == BlockKind.TOOL_USE || kind == BlockKind.OPAQUE;
            };
        }
    }

    private final EventSink out;
    private final BlockLedger ledger;
    private final Map<Long, Slot> slots = new HashMap<>();
    private @Nullable Slot last;
    private @Nullable Slot started;
    private int blocks;
    private boolean failed;

    OpenBlocks(EventSink out) {
        this.out = out;
        ledger = new BlockLedger(out);
    }

    /** Whether the message has failed for its blocks. */
    boolean failed() {
        return failed || ledger.failed();
    }

    /** Whether there was a tool use. */
    boolean toolSeen() {
        return ledger.toolSeen();
    }

    /** A block starts. */
    void start(long index, WireBlock block) {
        settle();
        if (++blocks > MAX_BLOCKS) {
            fail(AnthropicErrors.tooManyBlocks(MAX_BLOCKS));
            return;
        }
        Slot slot = new Slot(index, blocks, kindOf(block.type()));
        last = slot;
        started = slot;
        Slot before = slots.put(index, slot);
        if (before != null && before.begun) {
            ledger.stop(before.key);
        }
        begin(slot, block);
    }

    private void begin(Slot slot, WireBlock block) {
        switch (slot.kind) {
            case TEXT, REFUSAL -> {
                grow(slot, DeltaKind.TEXT, block.text());
                for (Raw citation : block.citations()) {
                    annotate(slot, "citations_delta", citation);
                }
            }
            case THINKING -> {
                open(slot, "", "", null);
                grow(slot, DeltaKind.THINKING, block.thinking());
                grow(slot, DeltaKind.SIGNATURE, block.signature());
            }
            case REDACTED_THINKING -> open(slot, "", "", block.sealed());
            case TOOL_USE -> {
                open(slot, block.idOrNew(), block.name(), null);
                slot.input = block.input();
            }
            case OPAQUE -> open(slot, "", block.type(), block.raw());
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

    private void open(Slot slot, String id, String name, @Nullable Raw data) {
        slot.begun = true;
        ledger.open(slot.key, slot.kind, id, name, data);
    }

    /**
     * Whether a delta of this kind must be told as it was written, for lack of a block that takes
     * it.
     */
    boolean isForeign(long index, DeltaKind kind) {
        Slot slot = find(index);
        return slot != null && slot.kind == BlockKind.OPAQUE && !slot.takes(kind);
    }

    /** A block grows. Empty text does nothing. */
    void grow(long index, DeltaKind kind, Text text) {
        Slot slot = find(index);
        if (slot != null && slot.takes(kind)) {
            grow(slot, kind, text);
        } else if (kind != DeltaKind.ARGUMENTS) {
            ledger.append(kind, text);
        } else if (!text.isEmpty()) {
            fail(AnthropicErrors.stray());
        }
    }

    private void grow(Slot slot, DeltaKind kind, Text text) {
        if (text.isEmpty()) {
            return;
        }
        slot.input = Text.EMPTY;
        if (!slot.begun) {
            open(slot, "", "", null);
        }
        ledger.grow(slot.key, kind, text);
    }

    /** A block gets a delta of a type that is not known here. */
    void annotate(long index, String name, Raw data) {
        Slot slot = find(index);
        if (slot != null) {
            annotate(slot, name, data);
        }
    }

    private void annotate(Slot slot, String name, Raw data) {
        if (!slot.begun) {
            open(slot, "", "", null);
        }
        ledger.annotate(slot.key, name, data);
    }

    /**
     * The wire's block, null if none has started. Deltas of one block follow each other, so that it
     * is hardly ever looked up.
     */
    private @Nullable Slot find(long index) {
        if (last == null || last.index != index) {
            last = slots.get(index);
        }
        return last;
    }

    /** A block ends. */
    void stop(long index) {
        settle();
        Slot slot = find(index);
        if (slot != null && slot.begun) {
            ledger.stop(slot.key);
        }
    }

    /**
     * No more deltas come for the block that started last, so that the input of its start is all
     * there is.
     */
    void settle() {
        if (started != null && !started.input.isEmpty()) {
            Text input = started.input;
            grow(started, DeltaKind.ARGUMENTS, input);
        }
        started = null;
    }

    /** The message ends, and with it all blocks. */
    void finish() {
        settle();
        ledger.finish();
    }

    private void fail(Failure failure) {
        if (!failed()) {
            failed = true;
            out.onEvent(new Event.Failed(failure));
        }
    }
}

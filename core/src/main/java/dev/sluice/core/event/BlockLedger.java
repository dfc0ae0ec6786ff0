package dev.sluice.core.event;

import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.BlockStop;
import dev.sluice.core.event.Event.Delta;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns deltas of a dialect that has no blocks, or lets them overlap, into blocks that come one
 * after the other.
 *
 * <p>One block is <em>live</em>: its deltas leave at once. When another begins,
 *
 * <ul>
 *   <li>a live text, thinking or refusal block is closed: more of it later is a new block;
 *   <li>a live tool use whose arguments are a whole JSON value is closed;
 *   <li>a live tool use whose arguments are not whole yet stays live, and the other block
 *       <em>waits</em>: its deltas are held until the live one is whole or the message ends. So
 *       calls that come one after the other, as nearly all upstreams send them, stream without
 *       delay, and calls that are interleaved are put in order and not misfiled.
 * </ul>
 *
 * <p>Blocks are known by a key of the wire (an index); keys below 0 are the ledger's own. What is
 * held is bounded in bytes, and the number of blocks is bounded.
 */
public final class BlockLedger {
    /** A block that is live or waits. */
    private static final class Block {
        final long key;
        final BlockKind kind;
        final String id;
        final String name;
        final @Nullable Raw data;
        final @Nullable JsonCompleteness arguments;
        final List<Held> held = new ArrayList<>();
        int index = -1;
        boolean stopped;

        /** Bytes that are held as long as the block waits. */
        long heldBytes;

        Block(long key, BlockKind kind, String id, String name, @Nullable Raw data) {
            this.key = key;
            this.kind = kind;
            this.id = id;
            this.name = name;
            this.data = data;
            this.arguments = isJson() ? new JsonCompleteness() : null;
        }

        /** What the block itself costs while it waits. */
        int cost() {
            return OVERHEAD + id.length() + name.length() + (data == null ? 0 : data.length());
        }

        /** Whether the block holds JSON text; that of a custom tool is free text. */
        private boolean isJson() {
            return kind == BlockKind.TOOL_USE && data == null;
        }

        /** Whether the block need not stay live when another begins. */
        boolean finished() {
            return stopped
                    || (arguments == null ? kind != BlockKind.TOOL_USE : arguments.complete());
        }

        boolean waits() {
            return index < 0;
        }
    }

    /** What a waiting block got: growth, or an annotation. */
    private sealed interface Held {
        record Growth(DeltaKind kind, ByteBuilder text) implements Held {}

        record Note(String name, Raw data) implements Held {}
    }

    /**
     * What an object costs beside the bytes that it holds, so that many small ones are bounded as
     * well.
     */
    private static final int OVERHEAD = 64;

    /** Stands for all blocks that are closed, so that nothing of them is kept. */
    private final Block closed = new Block(Long.MIN_VALUE, BlockKind.OPAQUE, "", "", null);

    private final EventSink out;
    private final int maxBlocks;
    private final int maxHeldBytes;
    private final ArrayDeque<Block> waiting = new ArrayDeque<>();
    private final Map<Long, Block> known = new HashMap<>();
    private @Nullable Block live;
    private @Nullable Block lastUsed;
    private int nextIndex;
    private long heldBytes;
    private long nextOwnKey = -2;
    private boolean toolSeen;
    private boolean failed;

    /**
     * A ledger that writes into {@code out}.
     *
     * @param maxBlocks most blocks in one message
     * @param maxHeldBytes most bytes held back for blocks that wait
     */
    public BlockLedger(EventSink out, int maxBlocks, int maxHeldBytes) {
        this.out = out;
        this.maxBlocks = maxBlocks;
        this.maxHeldBytes = maxHeldBytes;
        closed.index = Integer.MAX_VALUE;
    }

    /** A ledger with room for 4096 blocks and 16 MiB held back. */
    public BlockLedger(EventSink out) {
        this(out, 4096, 16 << 20);
    }

    /** Whether a tool use was begun. */
    public boolean toolSeen() {
        return toolSeen;
    }

    /** Whether the ledger has given up with a {@link Event.Failed}. */
    public boolean failed() {
        return failed;
    }

    /** Whether the wire's block {@code key} was begun. */
    public boolean knows(long key) {
        return known.containsKey(key);
    }

    /**
     * Whether the wire's block {@code key} is a tool use whose arguments are a whole JSON value, or
     * is closed.
     */
    public boolean isWhole(long key) {
        Block block = known.get(key);
        return block != null
                && (block == closed || block.arguments != null && block.arguments.complete());
    }

    /** How many blocks were begun. */
    public int size() {
        return nextIndex + waiting.size();
    }

    /**
     * Grows the text, thinking or refusal block at the end of the message, or begins one. Empty
     * text does nothing.
     */
    public void append(DeltaKind delta, Text text) {
        if (text.isEmpty() || failed) {
            return;
        }
        BlockKind kind = blockOf(delta);
        Block tail = waiting.isEmpty() ? live : waiting.peekLast();
        if (tail == null || tail.kind != kind || tail.stopped) {
            tail = begin(new Block(nextOwnKey--, kind, "", "", null));
        }
        if (tail != null) {
            grow(tail, delta, text);
        }
    }

    private static BlockKind blockOf(DeltaKind delta) {
        return switch (delta) {
            case TEXT -> BlockKind.TEXT;
            case THINKING, SIGNATURE -> BlockKind.THINKING;
            case REFUSAL -> BlockKind.REFUSAL;
            case ARGUMENTS -> BlockKind.TOOL_USE;
        };
    }

    /** Begins the tool use that the wire knows by {@code key}. */
    public void tool(long key, String id, String name) {
        open(key, BlockKind.TOOL_USE, id, name, null);
    }

    /**
     * Begins the tool use with free text that the wire knows by {@code key}. Free text does not
     * show its end: the wire's {@link #stop} or the end of the message does.
     */
    public void customTool(long key, String id, String name) {
        open(key, BlockKind.TOOL_USE, id, name, BlockStart.CUSTOM);
    }

    /** Begins a whole block of the wire: redacted thinking, or one with no canonical form. */
    public void whole(BlockKind kind, String name, Raw data) {
        if (failed) {
            return;
        }
        Block block = begin(new Block(nextOwnKey--, kind, "", name, data));
        if (block != null) {
            block.stopped = true;
            settle();
        }
    }

    /** Begins the block that the wire knows by {@code key}. */
    public void open(long key, BlockKind kind, String id, String name, @Nullable Raw data) {
        if (!failed) {
            begin(new Block(key, kind, id, name, data));
        }
    }

    /** Grows the block that the wire knows by {@code key}. Empty text does nothing. */
    public void grow(long key, DeltaKind delta, Text text) {
        if (text.isEmpty() || failed) {
            return;
        }
        Block block = find(key);
        if (block != null && (block == live || block.waits())) {
            grow(block, delta, text);
        } else {
            late(key, delta, text);
        }
    }

    private @Nullable Block find(long key) {
        if (lastUsed == null || lastUsed.key != key) {
            lastUsed = known.get(key);
        }
        return lastUsed;
    }

    /** Growth of a block that is closed, or did not begin. */
    private void late(long key, DeltaKind delta, Text text) {
        if (delta != DeltaKind.ARGUMENTS) {
            Block more = begin(new Block(key, blockOf(delta), "", "", null));
            if (more != null) {
                grow(more, delta, text);
            }
        } else if (!knows(key)) {
            fail("the upstream sent arguments for a tool call that did not begin");
        } else if (!blank(text)) {
            fail("the upstream sent more arguments for a tool call that was complete");
        }
    }

    private static boolean blank(Text text) {
        return text.toString().isBlank();
    }

    /**
     * Gives the block that the wire knows by {@code key} a citation or the like; the open block if
     * the wire has no key. What comes for a block that is closed is dropped: on another block it
     * would say something untrue.
     */
    public void annotate(long key, String name, Raw data) {
        Block block = find(key);
        annotate(block == null ? live : block, name, data);
    }

    /**
     * Gives the block at the end of the message a note, such as log probabilities; nothing if there
     * is none.
     */
    public void annotateLast(String name, Raw data) {
        annotate(waiting.isEmpty() ? live : waiting.peekLast(), name, data);
    }

    private void annotate(@Nullable Block block, String name, Raw data) {
        if (failed || block == null) {
            return;
        }
        if (block == live) {
            out.onEvent(new Event.Annotation(block.index, name, data));
        } else if (block.waits()) {
            hold(block, OVERHEAD + name.length() + data.length());
            block.held.add(new Held.Note(name, data));
        }
    }

    /** The wire says that its block {@code key} is complete. */
    public void stop(long key) {
        Block block = find(key);
        if (block != null && block != closed && !failed) {
            block.stopped = true;
            settle();
        }
    }

    /** The message ends: every block is completed in order. */
    public void finish() {
        while (live != null && !failed) {
            close(live);
            promote();
        }
    }

    private @Nullable Block begin(Block block) {
        toolSeen |= block.kind == BlockKind.TOOL_USE;
        if (size() >= maxBlocks) {
            fail("the upstream's message has more than " + maxBlocks + " blocks");
            return null;
        }
        known.put(block.key, block);
        lastUsed = block;
        waiting.addLast(block);
        if (live == null) {
            promote();
        } else {
            settle();
        }
        if (block.waits()) {
            hold(block, block.cost());
        }
        return failed ? null : block;
    }

    /** Closes the live block as long as it is finished and another waits. */
    private void settle() {
        while (live != null && (live.stopped || (!waiting.isEmpty() && live.finished()))) {
            close(live);
            promote();
        }
    }

    private void close(Block block) {
        out.onEvent(new BlockStop(block.index));
        if (block.key < 0) {
            known.remove(block.key);
        } else if (known.get(block.key) == block) {
            known.put(block.key, closed);
        }
        lastUsed = null;
        live = null;
    }

    private void promote() {
        Block next = waiting.pollFirst();
        if (next == null) {
            return;
        }
        live = next;
        next.index = nextIndex++;
        heldBytes -= next.heldBytes;
        out.onEvent(new BlockStart(next.index, next.kind, next.id, next.name, next.data));
        for (Held held : next.held) {
            switch (held) {
                case Held.Growth growth ->
                        out.onEvent(new Delta(next.index, growth.kind, growth.text.toText()));
                case Held.Note note ->
                        out.onEvent(new Event.Annotation(next.index, note.name, note.data));
            }
        }
        next.held.clear();
    }

    private void grow(Block block, DeltaKind delta, Text text) {
        if (block.arguments != null) {
            block.arguments.feed(text);
        }
        if (block == live) {
            out.onEvent(new Delta(block.index, delta, text));
            if (!waiting.isEmpty()) {
                settle();
            }
            return;
        }
        Held last = block.held.isEmpty() ? null : block.held.getLast();
        if (last instanceof Held.Growth growth && growth.kind == delta) {
            hold(block, text.length());
            growth.text.content(text);
        } else {
            hold(block, OVERHEAD + text.length());
            block.held.add(new Held.Growth(delta, new ByteBuilder(OVERHEAD).content(text)));
        }
    }

    /** Counts {@code bytes} that are held back for {@code block}. */
    private void hold(Block block, int bytes) {
        block.heldBytes += bytes;
        heldBytes += bytes;
        if (heldBytes > maxHeldBytes) {
            fail("the upstream interleaves tool calls of more than " + maxHeldBytes + " bytes");
        }
    }

    private void fail(String message) {
        if (!failed) {
            failed = true;
            out.onEvent(new Event.Failed(Failure.of(FailureCode.UPSTREAM_BROKEN, message)));
        }
    }
}

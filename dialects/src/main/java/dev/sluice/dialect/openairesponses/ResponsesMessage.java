package dev.sluice.dialect.openairesponses;

import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.BlockLedger;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;
import dev.sluice.core.request.Seal;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * The message that an upstream tells by its output items, turned into events. A part of a message,
 * a call and the whole of a reasoning item become a block each, which begins with the first of it
 * that there is to read. What a server tells only when an item or the response is done is taken
 * from there.
 */
final class ResponsesMessage {
    private static final EventSink NOWHERE = event -> {};

    /** Room for the parts of an item between the keys of two items. */
    private static final long PARTS = 1 << 16;

    private static final int MOST_ITEMS = 4096;
    private static final Text PARAGRAPH = Text.of(ResponsesSeal.PARAGRAPH);

    /** The name of thinking that came as it was thought, not as a summary of it. */
    static final String VERBATIM = "reasoning_text";

    /** An item that has begun. */
    static final class Item {
        final long key;
        boolean call;
        boolean grown;
        boolean done;
        long summary = -1;

        Item(long key) {
            this.key = key;
        }
    }

    private EventSink out = NOWHERE;
    private final BlockLedger ledger = new BlockLedger(this::emit);
    private final boolean sameDialect;
    private final Map<Long, Item> byIndex = new HashMap<>();
    private final Map<String, Item> byId = new HashMap<>();
    private @Nullable Item last;
    private long items;
    private boolean refused;
    private boolean started;
    private boolean ended;

    ResponsesMessage(boolean sameDialect) {
        this.sameDialect = sameDialect;
    }

    /** Where events go from now on. */
    void to(EventSink sink) {
        out = sink;
    }

    private void emit(Event event) {
        ended |= event instanceof Event.Failed;
        out.onEvent(event);
    }

    /** Whether the message is complete or has failed. */
    boolean ended() {
        return ended;
    }

    void start(String id, String model, long created) {
        if (!started && !ended) {
            started = true;
            emit(new Event.MessageStart(id, model, created, Usage.NONE));
        }
    }

    void ping() {
        emit(Event.PING);
    }

    // ---- items ----

    /** The item that an event belongs to; servers leave out its index, or its id. */
    Item item(long index, Text id) {
        start("", "", 0);
        Item known = known(index, id);
        if (known == null) {
            known = new Item(items++ * PARTS);
            if (items > MOST_ITEMS) {
                fail(ResponsesErrors.broken("the upstream's output has too many items"));
            }
        }
        if (index != ResponsesFrame.NO_INDEX) {
            byIndex.put(index, known);
        }
        if (!id.isEmpty()) {
            byId.put(id.toString(), known);
        }
        last = known;
        return known;
    }

    /** An event belongs to {@code item}, which is known to have begun. */
    void again(Item item) {
        last = item;
    }

    private @Nullable Item known(long index, Text id) {
        if (index != ResponsesFrame.NO_INDEX) {
            return byIndex.get(index);
        }
        if (!id.isEmpty()) {
            return byId.get(id.toString());
        }
        return last == null || last.done ? null : last;
    }

    /** An item begins: a call is told at once, anything else with its first text. */
    void added(ResponsesItem told, long index) {
        Item item = item(index, told.id);
        if (told.isCall() && !told.name.isEmpty()) {
            begin(item, told);
        }
    }

    private void begin(Item item, ResponsesItem told) {
        if (item.call) {
            return;
        }
        item.call = true;
        String id = told.callId.toString();
        if (told.isCustom()) {
            ledger.customTool(item.key, id, told.name);
        } else {
            ledger.tool(item.key, id, told.name);
        }
    }

    /** A part of a message grows. */
    void grow(Item item, long part, DeltaKind kind, Text text) {
        if (text.isEmpty()) {
            return;
        }
        item.grown = true;
        refused |= kind == DeltaKind.REFUSAL;
        long key = item.key + part % PARTS;
        if (!ledger.knows(key)) {
            BlockKind block = kind == DeltaKind.REFUSAL ? BlockKind.REFUSAL : BlockKind.TEXT;
            ledger.open(key, block, "", "", null);
        }
        ledger.grow(key, kind, text);
    }

    /** Something beside the text of a part. */
    void note(Item item, long part, String name, @Nullable Raw data) {
        long key = item.key + part % PARTS;
        if (data != null && ledger.knows(key)) {
            ledger.annotate(key, name, data);
        }
    }

    void partDone(Item item, long part) {
        ledger.stop(item.key + part % PARTS);
    }

    /** The arguments of a call grow. */
    void arguments(Item item, Text text) {
        item.grown |= !text.isEmpty();
        ledger.grow(item.key, DeltaKind.ARGUMENTS, text);
    }

    /** The arguments are told whole; of no interest if they came in pieces. */
    void wholeArguments(Item item, Text text) {
        if (!item.grown) {
            arguments(item, text);
        }
    }

    /** A summary of thinking grows; its parts become paragraphs of one text. */
    void summary(Item item, long part, Text text) {
        if (text.isEmpty()) {
            return;
        }
        if (item.summary >= 0 && item.summary != part) {
            think(item, "", PARAGRAPH);
        }
        item.summary = part;
        think(item, "", text);
    }

    /** Thinking grows. */
    void think(Item item, String name, Text text) {
        if (!text.isEmpty()) {
            item.grown = true;
            grow(item, name, DeltaKind.THINKING, text);
        }
    }

    private void grow(Item item, String name, DeltaKind kind, Text text) {
        if (!ledger.knows(item.key)) {
            ledger.open(item.key, BlockKind.THINKING, "", name, null);
        }
        ledger.grow(item.key, kind, text);
    }

    /** An item is done; {@code raw} is the item as it was written. */
    void done(ResponsesItem told, long index, Raw raw) {
        Item item = item(index, told.id);
        if (item.done) {
            return;
        }
        item.done = true;
        switch (told.type) {
            case "message" -> messageDone(item, told);
            case "function_call", "custom_tool_call" -> callDone(item, told);
            case "reasoning" -> reasoningDone(item, told);
            case "" -> {}
            default -> ledger.whole(BlockKind.OPAQUE, told.type, raw);
        }
    }

    private void messageDone(Item item, ResponsesItem told) {
        boolean untold = !item.grown;
        for (int i = 0; i < told.content.size(); i++) {
            ResponsesItem.Part part = told.content.get(i);
            if (untold) {
                grow(item, i, part.refusal() ? DeltaKind.REFUSAL : DeltaKind.TEXT, part.text());
                int at = i;
                part.annotations().forEach(raw -> note(item, at, "annotation", raw));
                note(item, i, "logprobs", part.logprobs());
            }
            partDone(item, i);
        }
    }

    private void callDone(Item item, ResponsesItem told) {
        if (told.name.isEmpty() && !item.call) {
            fail(ResponsesErrors.broken("the upstream sent a tool call without a name"));
            return;
        }
        begin(item, told);
        wholeArguments(item, told.arguments);
        ledger.stop(item.key);
    }

    private void reasoningDone(Item item, ResponsesItem told) {
        if (!item.grown) {
            for (ResponsesItem.Part part : told.content) {
                think(item, VERBATIM, part.text());
            }
        }
        if (!item.grown) {
            for (int i = 0; i < told.summary.size(); i++) {
                summary(item, i, told.summary.get(i).text());
            }
        }
        if (!told.sealed.isEmpty()) {
            grow(item, "", DeltaKind.SIGNATURE, seal(told.sealed));
        }
        ledger.stop(item.key);
    }

    /** Seals leave this dialect only with a mark that tells whose they are. */
    private Text seal(Text sealed) {
        return sameDialect
                ? sealed
                : Text.of(Seal.mark(OpenAiResponsesDialect.NAME, sealed.toString()));
    }

    // ---- the end ----

    /**
     * The upstream has said all.
     *
     * @param document holds the output, if nothing of it was told before
     */
    void complete(ResponsesResult result, byte[] document) {
        start(result.id, result.model, result.created);
        if (items == 0 && result.outputAt >= 0) {
            output(document, result.outputAt);
        }
        ledger.finish();
        if (ended) {
            return;
        }
        StopReason reason = result.stopReason(ledger.toolSeen(), refused);
        emit(new Event.MessageDelta(reason, null, result.usage));
        ended = true;
        out.onEvent(Event.STOP);
    }

    private void output(byte[] document, int at) {
        JsonReader reader = new JsonReader(document);
        reader.reset(document, at, document.length - at);
        if (!Lenient.enterArray(reader)) {
            return;
        }
        for (long index = 0; reader.hasNext(); index++) {
            Raw raw = reader.raw();
            done(ResponsesItem.read(raw.reader()), index, raw);
        }
    }

    void fail(Failure failure) {
        if (!ended) {
            emit(new Event.Failed(failure));
        }
    }

    /** What is known of the usage goes before the failure. */
    void fail(Failure failure, Usage usage) {
        if (!ended && started && !usage.isNone()) {
            emit(new Event.MessageDelta(null, null, usage));
        }
        fail(failure);
    }
}

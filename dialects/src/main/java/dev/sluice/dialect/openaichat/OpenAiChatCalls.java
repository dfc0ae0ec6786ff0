package dev.sluice.dialect.openaichat;

import dev.sluice.core.event.BlockLedger;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * Tells which tool call a fragment belongs to. The dialect says it by {@code index}; servers leave
 * the index out, send every call under index 0, leave ids out, or repeat name and id in every
 * fragment. So:
 *
 * <ul>
 *   <li>a known index goes on with its call, unless the fragment has a name and an id other than
 *       the call's, or a name other than the call's, or neither has an id and the call's arguments
 *       are whole: then it begins a new call;
 *   <li>without an index, a new id begins a new call, a known id goes on with its call, and no id
 *       and no name go on with the last call.
 * </ul>
 *
 * <p>A call begins as soon as its name is known, so that its first fragment is passed on at once.
 */
final class OpenAiChatCalls {
    /** The index of a fragment that has none. */
    static final long NO_INDEX = -1;

    /** The index of the one call that the deprecated {@code function_call} can make. */
    static final long LEGACY_INDEX = -2;

    private static final int MOST_HELD = 1 << 20;

    /** One call. Its key in the ledger is its place in the list. */
    private static final class Call {
        final long index;
        final long key;
        Text wireId = Text.EMPTY;
        Text name = Text.EMPTY;
        boolean custom;

        /** Arguments that came before the name; null once the call has begun. */
        @Nullable ByteBuilder held = new ByteBuilder(16);

        Call(long index, long key) {
            this.index = index;
            this.key = key;
        }
    }

    private final OpenAiChatMessage message;
    private final BlockLedger ledger;
    private final List<Call> calls = new ArrayList<>(1);
    private @Nullable Call last;

    OpenAiChatCalls(OpenAiChatMessage message, BlockLedger ledger) {
        this.message = message;
        this.ledger = ledger;
    }

    /**
     * Takes a fragment.
     *
     * @return the ledger's key of its call, or -1 if it belongs to none
     */
    long fragment(long index, Text id, Text name, Text arguments, boolean custom) {
        Call call = find(index, id, name);
        if (call == null) {
            if (id.isEmpty() && name.isEmpty() && (index == NO_INDEX || arguments.isEmpty())) {
                stray(arguments);
                return -1;
            }
            call = begin(index);
        }
        last = call;
        call.wireId = call.wireId.isEmpty() && !id.isEmpty() ? id.keep() : call.wireId;
        call.custom |= custom;
        if (call.held != null) {
            name(call, name);
        }
        arguments(call, arguments);
        return call.key;
    }

    /** Takes a piece of the arguments of the call that the ledger knows by {@code key}. */
    void arguments(long key, Text text) {
        ledger.grow(key, DeltaKind.ARGUMENTS, text);
    }

    private void stray(Text arguments) {
        if (!arguments.isEmpty()) {
            message.fail("the upstream sent arguments for a tool call that did not begin");
        }
    }

    private @Nullable Call find(long index, Text id, Text name) {
        if (index != NO_INDEX) {
            Call known = byIndex(index);
            return known == null || beginsAnother(known, id, name) ? null : known;
        }
        if (!id.isEmpty()) {
            return byId(id);
        }
        Call before = last;
        return before == null || beginsAnother(before, id, name) ? null : before;
    }

    private boolean beginsAnother(Call known, Text id, Text name) {
        if (name.isEmpty() || known.name.isEmpty()) {
            return false;
        }
        boolean otherId = !id.isEmpty() && !known.wireId.isEmpty() && !id.equals(known.wireId);
        boolean otherName = !name.equals(known.name);
        boolean withoutIds = id.isEmpty() && known.wireId.isEmpty();
        return otherId || otherName || withoutIds && ledger.isWhole(known.key);
    }

    private @Nullable Call byIndex(long index) {
        if (last != null && last.index == index) {
            return last;
        }
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (calls.get(i).index == index) {
                return calls.get(i);
            }
        }
        return null;
    }

    private @Nullable Call byId(Text id) {
        for (int i = calls.size() - 1; i >= 0; i--) {
            if (calls.get(i).wireId.equals(id)) {
                return calls.get(i);
            }
        }
        return null;
    }

    private Call begin(long index) {
        if (last != null && last.custom && last.held == null) {
            // Free text does not show its end; the next call does.
            ledger.stop(last.key);
        }
        Call call = new Call(index, calls.size());
        calls.add(call);
        return call;
    }

    private void name(Call call, Text name) {
        if (name.isEmpty()) {
            return;
        }
        call.name = name.keep();
        ByteBuilder held = call.held;
        call.held = null;
        String id = call.wireId.isEmpty() ? generated(call) : call.wireId.toString();
        if (call.custom) {
            ledger.customTool(call.key, id, name.toString());
        } else {
            ledger.tool(call.key, id, name.toString());
        }
        if (held != null && !held.isEmpty()) {
            ledger.grow(call.key, DeltaKind.ARGUMENTS, Lenient.content(held));
        }
    }

    private void arguments(Call call, Text text) {
        ByteBuilder held = call.held;
        if (held == null) {
            ledger.grow(call.key, DeltaKind.ARGUMENTS, text);
        } else if (held.length() + text.length() > MOST_HELD) {
            message.fail("the upstream sent more than 1 MiB of arguments before a tool's name");
        } else {
            held.content(text);
        }
    }

    /** The message ends: every call that said something must have a name by now. */
    void finish() {
        for (Call call : calls) {
            if (call.held != null && !(call.held.isEmpty() && call.wireId.isEmpty())) {
                message.fail("the upstream sent a tool call without a name");
            }
        }
    }

    /**
     * An id for a call that came without one. The same stream gives the same id; another message
     * gives another, because clients send ids back with the whole conversation.
     */
    private String generated(Call call) {
        String seed = message.id() + '/' + message.created() + '/' + call.key + '/' + call.name;
        UUID id =
                message.id().isEmpty() && message.created() == 0
                        ? UUID.randomUUID()
                        : UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8));
        HexFormat hex = HexFormat.of();
        return "call_"
                + hex.toHexDigits(id.getMostSignificantBits())
                + hex.toHexDigits(id.getLeastSignificantBits(), 8);
    }
}

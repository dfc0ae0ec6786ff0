package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.dialect.Logprobs;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Writes chunks in the narrowest form, which every official client accepts:
 *
 * <ul>
 *   <li>every chunk has id, object, created, model and choices, the same throughout; none has a
 *       member {@code error};
 *   <li>the role is in the first delta and nowhere else;
 *   <li>a call's first fragment has index, id, type and name, and the index counts calls from 0;
 *   <li>one chunk with a finish reason after all deltas, then, only if asked for, one chunk with no
 *       choice and the usage, then {@code [DONE]};
 *   <li>a failure is a frame with {@code error} and no {@code [DONE]}.
 * </ul>
 *
 * A delta costs four copies of bytes: what is the same in all chunks is made once.
 */
final class OpenAiChatEventEncoder implements EventEncoder {
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] CONTENT = ascii("\"content\":\"");
    private static final byte[] REASONING = ascii("\"reasoning_content\":\"");
    private static final byte[] REFUSAL = ascii("\"refusal\":\"");
    private static final byte[] END_TEXT = ascii("\"},\"finish_reason\":null}]}\n\n");
    private static final byte[] END_FRAGMENT = ascii("\"}}]},\"finish_reason\":null}]}\n\n");
    private static final byte[] END_DELTA = ascii("},\"finish_reason\":null}]}\n\n");
    private static final byte[] PING = ascii(": ping\n\n");
    private static final byte[] DONE = ascii("data: [DONE]\n\n");

    private final EncodeContext context;

    /**
     * From {@code data:} to the start of {@code choices}, then on to the inside of the first
     * choice's delta.
     */
    private byte[] head = NOTHING;

    private byte[] delta = NOTHING;

    /** From the inside of the delta to the inside of the arguments of the call that is open. */
    private byte[] fragment = NOTHING;

    private int calls;
    private boolean roleWritten;
    private boolean refused;

    /** The call that stopped last had no arguments, and it is not known yet whether it was cut. */
    private boolean emptyCall;

    private boolean customCall;
    private boolean argumentsSeen;
    private @Nullable StopReason stopReason;
    private Usage usage = Usage.NONE;

    OpenAiChatEventEncoder(EncodeContext context) {
        this.context = context;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void encode(Event event, ByteBuilder out) {
        switch (event) {
            case Event.Delta growth -> delta(growth, out);
            case Event.MessageStart start -> start(start);
            case BlockStart start -> blockStart(start, out);
            case Event.BlockStop _ -> blockStop();
            case Event.Annotation annotation -> annotation(annotation, out);
            case Event.MessageDelta told -> {
                stopReason = told.stopReason() == null ? stopReason : told.stopReason();
                usage = usage.merge(told.usage());
                context.losses().addIf(told.stopSequence() != null, "stop_sequence");
            }
            case Event.MessageStop _ -> stop(out);
            case Event.Ping _ -> out.add(PING);
            case Event.Failed failed -> {
                out.add("data: ");
                OpenAiChatErrors.write(failed.failure(), out);
                out.add('\n').add('\n');
            }
        }
    }

    private void start(Event.MessageStart start) {
        usage = usage.merge(start.usage());
        ByteBuilder first = new ByteBuilder();
        first.add("data: {\"id\":").quoted(OpenAiChatIds.answer(start.id(), context));
        first.add(",\"object\":\"chat.completion.chunk\",\"created\":");
        first.number(start.created() > 0 ? start.created() : context.createdSeconds());
        first.add(",\"model\":");
        first.quoted(start.model().isEmpty() ? context.model() : start.model());
        first.add(",\"choices\":[");
        head = first.toBytes();
        delta = first.add("{\"index\":0,\"delta\":{").toBytes();
    }

    /**
     * The role leaves with the first block, whose kind says what {@code content} is until there is
     * some.
     */
    private void role(BlockKind first, ByteBuilder out) {
        if (!roleWritten) {
            roleWritten = true;
            out.add(delta).add("\"role\":\"assistant\",\"content\":");
            out.add(first == BlockKind.TEXT ? "\"\"" : "null");
            out.add(END_DELTA);
        }
    }

    private void blockStart(BlockStart start, ByteBuilder out) {
        role(start.kind(), out);
        fillEmptyCall(out);
        switch (start.kind()) {
            case TEXT, THINKING -> {}
            case REDACTED_THINKING -> context.losses().add("redacted_thinking");
            case REFUSAL -> refused = true;
            case TOOL_USE -> call(start, out);
            case OPAQUE -> own(start.name(), start.data(), out);
        }
    }

    private void call(BlockStart start, ByteBuilder out) {
        customCall = start.custom();
        argumentsSeen = false;
        int index = calls++;
        String id = start.id().isEmpty() ? OpenAiChatIds.call(context, index) : start.id();
        ByteBuilder rest = new ByteBuilder(64);
        rest.add("\"tool_calls\":[{\"index\":").number(index);
        rest.add(customCall ? ",\"custom\":{\"input\":\"" : ",\"function\":{\"arguments\":\"");
        fragment = rest.toBytes();
        out.add(delta).add("\"tool_calls\":[{\"index\":").number(index);
        out.add(",\"id\":").quoted(id);
        out.add(
                customCall
                        ? ",\"type\":\"custom\",\"custom\":"
                        : ",\"type\":\"function\",\"function\":");
        out.add("{\"name\":").quoted(start.name());
        out.add(customCall ? ",\"input\":\"" : ",\"arguments\":\"").add(END_FRAGMENT);
    }

    private void blockStop() {
        if (fragment.length > 0) {
            emptyCall = !argumentsSeen && !customCall;
            fragment = NOTHING;
        }
    }

    /**
     * Clients parse the arguments, so a call without any gets an empty object; not one that the
     * limit of tokens has cut.
     */
    private void fillEmptyCall(ByteBuilder out) {
        if (emptyCall) {
            emptyCall = false;
            out.add(delta).add("\"tool_calls\":[{\"index\":").number(calls - 1);
            out.add(",\"function\":{\"arguments\":\"{}").add(END_FRAGMENT);
        }
    }

    private void delta(Event.Delta growth, ByteBuilder out) {
        if (growth.text().isEmpty()) {
            return;
        }
        if (growth.kind() == DeltaKind.ARGUMENTS) {
            arguments(growth, out);
            return;
        }
        byte[] member =
                switch (growth.kind()) {
                    case TEXT -> CONTENT;
                    case THINKING -> REASONING;
                    case REFUSAL -> REFUSAL;
                    // The dialect has no place for a seal.
                    case SIGNATURE, ARGUMENTS -> NOTHING;
                };
        if (member.length > 0) {
            out.add(delta).add(member).content(growth.text()).add(END_TEXT);
        } else {
            context.losses().add("signature");
        }
    }

    private void arguments(Event.Delta growth, ByteBuilder out) {
        // Arguments of an opaque block are another dialect's.
        if (fragment.length > 0) {
            argumentsSeen = true;
            out.add(delta).add(fragment).content(growth.text()).add(END_FRAGMENT);
        }
    }

    private void annotation(Event.Annotation annotation, ByteBuilder out) {
        if (annotation.name().equals(Logprobs.NAME)) {
            logprobs(annotation.data(), out);
        } else if (context.sameDialect()) {
            own(annotation.name(), annotation.data(), out);
        } else {
            context.losses().add(annotation.name());
        }
    }

    private void logprobs(Raw told, ByteBuilder out) {
        Raw list = context.sameDialect() ? told : Logprobs.list(told);
        if (list == null) {
            context.losses().add(Logprobs.NAME);
            return;
        }
        out.add(delta).add("\"content\":\"\"},\"logprobs\":");
        if (context.sameDialect()) {
            list.writeTo(out);
        } else {
            list.writeTo(out.add("{\"content\":"));
            out.add(",\"refusal\":null}");
        }
        out.add(",\"finish_reason\":null}]}\n\n");
    }

    /**
     * A member of the delta that the upstream of this dialect has sent and that has no canonical
     * form.
     */
    private void own(String name, @Nullable Raw data, ByteBuilder out) {
        if (context.sameDialect() && data != null) {
            out.add(delta).quoted(name).add(':');
            data.writeTo(out);
            out.add(END_DELTA);
        }
    }

    private void stop(ByteBuilder out) {
        role(BlockKind.TEXT, out);
        if (!OpenAiChatStops.cut(stopReason)) {
            fillEmptyCall(out);
        }
        out.add(delta).add("},\"finish_reason\":");
        out.quoted(OpenAiChatStops.write(stopReason, calls > 0, refused)).add("}]}\n\n");
        if (context.includeUsage() && !usage.isNone()) {
            out.add(head).add("],\"usage\":");
            OpenAiChatUsage.write(new JsonWriter(out), usage);
            out.add("}\n\n");
        }
        out.add(DONE);
    }
}

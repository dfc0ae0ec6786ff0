package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.dialect.ToolArguments;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes pieces of an answer in the form that every official client accepts: one line of data and
 * nothing else in an event, a candidate with a role and a part in each piece, a reason and the
 * counts in the last one, and no marker behind it.
 *
 * <p>A call is one object here, so its deltas are gathered until it is complete. One whose
 * arguments are no object cannot be told: it is left out if a limit has cut it, which the reason
 * says; else the answer is broken.
 *
 * <p>A seal of this vendor's own that has no text waits for the part that it is the seal of, which
 * comes next. One of another vendor belongs to the thoughts before it and goes out at once.
 */
final class GeminiEventEncoder implements EventEncoder {
    /** Official clients hold an event in memory; more than this is no call of a function. */
    static final int MOST_CALL_BYTES = 7 << 20;

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] TEXT = ascii("{\"text\":\"");
    private static final byte[] THOUGHT = ascii("\",\"thought\":true}");
    private static final byte[] TEXT_END = ascii("\"}");
    private static final byte[] SEALED_THOUGHT =
            ascii("{\"text\":\"\",\"thought\":true,\"thoughtSignature\":\"");

    private final EncodeContext context;
    private final boolean events;
    private final ByteBuilder arguments = new ByteBuilder();
    private final ByteBuilder signature = new ByteBuilder();

    /** From the start of a piece to its parts, and from there to its end. */
    private byte[] open = NOTHING;

    private byte[] close = NOTHING;

    private String model;
    private String id;
    private boolean begun;
    private @Nullable BlockStart block;

    /** The open block has said something. */
    private boolean spoken;

    /** {@link #signature} waits for the part that it seals. */
    private boolean sealsNext;

    /**
     * A call whose arguments are no object, and of which it is not known yet whether it was cut.
     */
    private boolean brokenCall;

    private @Nullable StopReason stopReason;
    private Usage usage = Usage.NONE;

    GeminiEventEncoder(EncodeContext context) {
        this.context = context;
        events = GeminiForm.of(context.request()) == GeminiForm.EVENTS;
        model = context.model();
        id = context.id();
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
            case Event.BlockStop _ -> blockStop(out);
            case Event.Annotation note -> note(note, out);
            case Event.MessageDelta told -> {
                stopReason = told.stopReason() == null ? stopReason : told.stopReason();
                usage = usage.merge(told.usage());
                context.losses().addIf(told.stopSequence() != null, "stop_sequence");
            }
            case Event.MessageStop _ -> stop(out);
            case Event.Ping _ -> out.add(events ? ": ping\n\n" : "\n");
            case Event.Failed failed -> failed(failed.failure(), out);
        }
    }

    private void start(Event.MessageStart start) {
        usage = usage.merge(start.usage());
        model = start.model().isEmpty() ? model : start.model();
        id = start.id().isEmpty() ? id : start.id();
        open = NOTHING;
    }

    // ---- pieces ----

    private void open(ByteBuilder out) {
        if (open.length == 0) {
            open = ascii("{\"candidates\":[{\"content\":{\"parts\":[");
            close =
                    new ByteBuilder()
                            .add("],\"role\":\"model\"},\"index\":0}],\"modelVersion\":")
                            .quoted(model)
                            .add(",\"responseId\":")
                            .quoted(id)
                            .add('}')
                            .toBytes();
        }
        begin(out);
        out.add(open);
    }

    private void close(ByteBuilder out) {
        out.add(close).add(events ? "\n\n" : "\n");
    }

    /** What stands in front of an object. */
    private void begin(ByteBuilder out) {
        out.add(events ? "data: " : begun ? ",\n" : "[");
        begun = true;
    }

    // ---- blocks ----

    private void blockStart(BlockStart start, ByteBuilder out) {
        if (brokenCall) {
            throw ToolArguments.broken();
        }
        block = start;
        spoken = false;
        switch (start.kind()) {
            case TEXT, REFUSAL, TOOL_USE -> {}
            case THINKING -> flushSeal(out);
            case REDACTED_THINKING -> {
                flushSeal(out);
                redacted(start.data(), out);
            }
            case OPAQUE -> {
                flushSeal(out);
                Raw part = start.data();
                if (context.sameDialect() && part != null) {
                    open(out);
                    part.writeTo(out);
                    close(out);
                }
            }
        }
    }

    private void redacted(@Nullable Raw data, ByteBuilder out) {
        if (data != null && data.kind() == JsonReader.Kind.STRING) {
            open(out);
            out.add(SEALED_THOUGHT);
            out.content(GeminiSeal.ofRedacted(data.reader().string())).add(TEXT_END);
            close(out);
        }
    }

    private void delta(Event.Delta growth, ByteBuilder out) {
        Text text = growth.text();
        if (text.isEmpty()) {
            return;
        }
        switch (growth.kind()) {
            case TEXT, REFUSAL -> {
                open(out);
                out.add(TEXT).content(text).add('"');
                seal(out);
                out.add('}');
                close(out);
            }
            case THINKING -> {
                spoken = true;
                open(out);
                out.add(TEXT).content(text).add(THOUGHT);
                close(out);
            }
            case SIGNATURE -> signature.content(text);
            case ARGUMENTS -> gather(text);
        }
    }

    private void gather(Text text) {
        if (block == null || block.kind() != BlockKind.TOOL_USE) {
            return;
        }
        if (arguments.length() + text.length() > MOST_CALL_BYTES) {
            throw Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream sent a tool call of more than "
                                    + MOST_CALL_BYTES
                                    + " bytes, the most that a piece of this dialect can hold")
                    .asException();
        }
        arguments.content(text);
    }

    /** What this vendor says of the candidate; nobody else says anything of the kind. */
    private void note(Event.Annotation note, ByteBuilder out) {
        if (!context.sameDialect()) {
            context.losses().add(note.name());
            return;
        }
        begin(out);
        out.add("{\"candidates\":[{\"content\":{\"parts\":[").add(TEXT).add(TEXT_END);
        out.add("],\"role\":\"model\"},").quoted(note.name()).add(':');
        note.data().writeTo(out);
        out.add(",\"index\":0}],\"modelVersion\":").quoted(model);
        out.add(",\"responseId\":").quoted(id).add('}').add(events ? "\n\n" : "\n");
    }

    private void blockStop(ByteBuilder out) {
        BlockStart ended = block;
        block = null;
        if (ended == null) {
            return;
        }
        if (ended.kind() == BlockKind.TOOL_USE) {
            call(ended, out);
        } else if (ended.kind() == BlockKind.THINKING && !signature.isEmpty()) {
            sealed(out);
        }
    }

    /** The thoughts are complete, and sealed. */
    private void sealed(ByteBuilder out) {
        if (context.sameDialect() && !spoken) {
            sealsNext = true;
            return;
        }
        open(out);
        out.add(SEALED_THOUGHT);
        if (context.sameDialect()) {
            out.add(signature);
        } else {
            out.content(GeminiSeal.ofForeign(signature.toText().toString()));
        }
        out.add(TEXT_END);
        close(out);
        signature.clear();
    }

    /** The seal of the part in work, behind a comma. */
    private void seal(ByteBuilder out) {
        if (sealsNext) {
            sealsNext = false;
            out.add(",\"thoughtSignature\":\"").add(signature).add('"');
            signature.clear();
        }
    }

    /** A seal whose part did not come stands on a part without text. */
    private void flushSeal(ByteBuilder out) {
        if (sealsNext) {
            open(out);
            out.add(TEXT).add('"');
            seal(out);
            out.add('}');
            close(out);
        }
    }

    private void call(BlockStart ended, ByteBuilder out) {
        Optional<Raw> whole = ToolArguments.made(arguments.toText(), ended.custom());
        arguments.clear();
        arguments.shrink(4096);
        if (whole.isEmpty()) {
            brokenCall = true;
            return;
        }
        open(out);
        out.add('{');
        GeminiCalls.write(out, ended.id(), ended.name(), whole.get());
        seal(out);
        out.add('}');
        close(out);
    }

    // ---- ends ----

    private void stop(ByteBuilder out) {
        if (brokenCall && !GeminiStops.cut(stopReason)) {
            throw ToolArguments.broken();
        }
        context.losses().addIf(brokenCall, "tool_use");
        begin(out);
        out.add("{\"candidates\":[{\"content\":{\"parts\":[").add(TEXT).add('"');
        seal(out);
        out.add("}],\"role\":\"model\"},\"finishReason\":").quoted(GeminiStops.write(stopReason));
        out.add(",\"index\":0}]");
        GeminiUsage.write(usage, out);
        out.add(",\"modelVersion\":").quoted(model).add(",\"responseId\":").quoted(id).add('}');
        out.add(events ? "\n\n" : "\n]\n");
    }

    private void failed(Failure failure, ByteBuilder out) {
        begin(out);
        GeminiErrors.write(failure, context.requestId(), out);
        out.add(events ? "\n\n" : "\n]\n");
    }
}

package dev.sluice.dialect.sluice;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.Delta;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

/**
 * Writes the gateway's own events. A tool call comes in pieces like text: each piece bears the
 * call's id and name, and the last one says that it is complete.
 */
final class SluiceEventEncoder implements EventEncoder {
    private final EncodeContext context;
    private final SluiceForm form;
    private boolean opened;
    private long number;
    private long tokens;
    private String model;
    private @Nullable BlockStart call;
    private boolean argumentsSeen;
    private int calls;
    private @Nullable StopReason stopReason;
    private @Nullable Text stopSequence;
    private Usage usage = Usage.NONE;

    SluiceEventEncoder(EncodeContext context, SluiceForm form) {
        this.context = context;
        this.form = form;
        this.model = context.model();
    }

    @Override
    public void encode(Event event, ByteBuilder out) {
        switch (event) {
            case Delta delta -> delta(delta, out);
            case Event.MessageStart start -> {
                usage = usage.merge(start.usage());
                model = start.model().isEmpty() ? model : start.model();
            }
            case BlockStart start -> blockStart(start, out);
            case Event.BlockStop _ -> blockStop(out);
            // Citations and log probabilities have no place here: the dialects have one for them.
            case Event.Annotation annotation -> context.losses().add(annotation.name());
            case Event.MessageDelta told -> {
                usage = usage.merge(told.usage());
                stopReason = told.stopReason() == null ? stopReason : told.stopReason();
                Text sequence = told.stopSequence();
                stopSequence = sequence == null ? stopSequence : sequence.keep();
            }
            case Event.MessageStop _ -> done(out);
            case Event.Ping _ -> {
                open(out);
                form.ping(out);
            }
            case Event.Failed failed -> {
                begin(true, out);
                SluiceErrors.members(failed.failure(), context.requestId(), out);
                form.end(out);
            }
        }
    }

    private void open(ByteBuilder out) {
        if (!opened) {
            opened = true;
            form.opening(context.id(), out);
        }
    }

    private void begin(boolean last, ByteBuilder out) {
        open(out);
        form.begin(context.id(), ++number, last, out);
    }

    private void delta(Delta delta, ByteBuilder out) {
        if (delta.text().isEmpty()) {
            return;
        }
        switch (delta.kind()) {
            case TEXT, REFUSAL -> {
                begin(false, out);
                out.add("\"type\":\"token\",\"text\":").quoted(delta.text());
                out.add(",\"token_num\":").number(++tokens);
                form.end(out);
            }
            case THINKING -> {
                begin(false, out);
                out.add("\"type\":\"thinking\",\"text\":").quoted(delta.text());
                form.end(out);
            }
            case ARGUMENTS -> {
                argumentsSeen = true;
                call(delta.text(), false, out);
            }
            // Only the dialects take thinking back in a later turn.
            case SIGNATURE -> context.losses().add("signature");
        }
    }

    private void blockStart(BlockStart start, ByteBuilder out) {
        call = start.kind() == BlockKind.TOOL_USE ? start : null;
        argumentsSeen = false;
        context.losses().addIf(start.kind() == BlockKind.REDACTED_THINKING, "redacted_thinking");
        call(Text.EMPTY, false, out);
    }

    private void blockStop(ByteBuilder out) {
        BlockStart ended = call;
        if (ended == null) {
            return;
        }
        // A call without arguments is one with an empty object of them.
        call(argumentsSeen || ended.custom() ? Text.EMPTY : Text.of("{}"), true, out);
        calls++;
        call = null;
    }

    private void call(Text arguments, boolean complete, ByteBuilder out) {
        BlockStart running = call;
        if (running == null) {
            return;
        }
        begin(false, out);
        out.add("\"type\":\"tool_call\",\"index\":").number(calls);
        out.add(",\"tool_call_id\":").quoted(running.id());
        out.add(",\"name\":").quoted(running.name());
        if (running.custom()) {
            out.add(",\"custom\":true");
        }
        out.add(",\"arguments\":").quoted(arguments);
        out.add(complete ? ",\"complete\":true" : ",\"complete\":false");
        form.end(out);
    }

    private void done(ByteBuilder out) {
        begin(true, out);
        out.add("\"type\":\"done\",");
        SluiceEnding.write(out, model, stopReason, stopSequence, usage, tokens, context.elapsed());
        form.end(out);
    }
}

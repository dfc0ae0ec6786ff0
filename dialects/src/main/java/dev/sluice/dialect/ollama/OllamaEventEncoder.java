package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.dialect.Logprobs;
import dev.sluice.core.dialect.ToolArguments;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes lines in the form that every official client accepts: content is always there and a
 * string, thinking stands beside it, no good line has a member {@code error}, none is blank, and
 * the last one says {@code done}.
 *
 * <p>A call is one object here, so its deltas are gathered until it is complete. One whose
 * arguments are no object cannot be told: it is left out if a limit has cut it, which the stop
 * reason says; else the answer is broken.
 */
final class OllamaEventEncoder implements EventEncoder {
    /** The official Go client refuses lines of 8 MiB. */
    static final int MOST_CALL_BYTES = 7 << 20;

    /** Texts that are longer are several lines; escaped, a character is six bytes at most. */
    private static final int MOST_TEXT_CHARS = MOST_CALL_BYTES / 6;

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] THINKING = ascii("\",\"thinking\":\"");

    private final EncodeContext context;
    private final OllamaForm form;
    private final byte[] textEnd;

    /** From the start of a line to the inside of its text. */
    private byte[] head = NOTHING;

    private String model;
    private long created;
    private @Nullable BlockStart call;
    private final ByteBuilder arguments = new ByteBuilder();
    private int calls;

    /**
     * A call whose arguments are no object, and of which it is not known yet whether it was cut.
     */
    private boolean brokenCall;

    private @Nullable StopReason stopReason;
    private Usage usage = Usage.NONE;

    OllamaEventEncoder(EncodeContext context) {
        this.context = context;
        form = OllamaForm.of(context.operation());
        textEnd = ascii("\"" + form.closing() + ",\"done\":false}\n");
        model = context.model();
        created = context.createdSeconds();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void encode(Event event, ByteBuilder out) {
        switch (event) {
            case Event.Delta growth -> delta(growth, out);
            case Event.MessageStart start -> start(start);
            case BlockStart start -> blockStart(start);
            case Event.BlockStop _ -> blockStop(out);
            case Event.Annotation annotation -> annotation(annotation, out);
            case Event.MessageDelta told -> {
                stopReason = told.stopReason() == null ? stopReason : told.stopReason();
                usage = usage.merge(told.usage());
                context.losses().addIf(told.stopSequence() != null, "stop_sequence");
            }
            case Event.MessageStop _ -> stop(out);
            case Event.Ping _ -> out.add(head()).add(textEnd);
            case Event.Failed failed -> {
                OllamaErrors.write(failed.failure(), out);
                out.add('\n');
            }
        }
    }

    private void start(Event.MessageStart start) {
        usage = usage.merge(start.usage());
        model = start.model().isEmpty() ? model : start.model();
        created = start.created() > 0 ? start.created() : created;
        head = NOTHING;
    }

    private byte[] head() {
        if (head.length == 0) {
            head =
                    new ByteBuilder()
                            .add("{\"model\":")
                            .quoted(model)
                            .add(",\"created_at\":")
                            .quoted(OllamaTimes.write(created))
                            .add(form.opening())
                            .toBytes();
        }
        return head;
    }

    private void blockStart(BlockStart start) {
        if (brokenCall) {
            throw ToolArguments.broken();
        }
        call = start.kind() == BlockKind.TOOL_USE ? start : null;
        context.losses().addIf(start.kind() == BlockKind.REDACTED_THINKING, "redacted_thinking");
    }

    private void delta(Event.Delta growth, ByteBuilder out) {
        if (growth.text().isEmpty()) {
            return;
        }
        switch (growth.kind()) {
            case TEXT, REFUSAL -> text(NOTHING, growth.text(), out);
            case THINKING -> text(THINKING, growth.text(), out);
            case ARGUMENTS -> gather(growth);
            case SIGNATURE -> context.losses().add("signature");
        }
    }

    private void text(byte[] before, Text text, ByteBuilder out) {
        if (text.length() <= MOST_CALL_BYTES) {
            out.add(head()).add(before).content(text).add(textEnd);
            return;
        }
        String whole = text.toString();
        for (int from = 0; from < whole.length(); ) {
            int to = Math.min(whole.length(), from + MOST_TEXT_CHARS);
            to -= Character.isHighSurrogate(whole.charAt(to - 1)) && to < whole.length() ? 1 : 0;
            out.add(head()).add(before).content(whole.substring(from, to)).add(textEnd);
            from = to;
        }
    }

    private void gather(Event.Delta growth) {
        if (call == null) {
            return;
        }
        if (arguments.length() + growth.text().length() > MOST_CALL_BYTES) {
            throw Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream sent a tool call of more than "
                                    + MOST_CALL_BYTES
                                    + " bytes, the most that a line of this dialect can hold")
                    .asException();
        }
        arguments.content(growth.text());
    }

    private void blockStop(ByteBuilder out) {
        BlockStart ended = call;
        if (ended == null) {
            return;
        }
        Optional<Raw> whole = ToolArguments.made(arguments.toText(), ended.custom());
        call = null;
        arguments.clear();
        arguments.shrink(4096);
        if (whole.isEmpty()) {
            brokenCall = true;
            return;
        }
        out.add(head()).add("\",\"tool_calls\":[");
        OllamaCalls.write(out, ended.id(), calls++, ended.name(), whole.get(), context);
        out.add("]").add(form.closing()).add(",\"done\":false}\n");
    }

    /** Log probabilities are all that there is a place for. */
    private void annotation(Event.Annotation annotation, ByteBuilder out) {
        Raw list = Logprobs.of(annotation);
        if (list == null) {
            context.losses().add(annotation.name());
            return;
        }
        out.add(head()).add("\"").add(form.closing()).add(",\"logprobs\":");
        list.writeTo(out);
        out.add(",\"done\":false}\n");
    }

    private void stop(ByteBuilder out) {
        if (brokenCall && !OllamaStops.cut(stopReason)) {
            throw ToolArguments.broken();
        }
        context.losses().addIf(brokenCall, "tool_use");
        out.add(head()).add("\"").add(form.closing()).add(',');
        OllamaEnding.write(out, OllamaStops.write(stopReason), usage, context.elapsed());
        out.add('\n');
    }
}

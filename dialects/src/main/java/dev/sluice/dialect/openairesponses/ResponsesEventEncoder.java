package dev.sluice.dialect.openairesponses;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.dialect.Logprobs;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Writes events in the narrowest form, which every official client accepts:
 *
 * <ul>
 *   <li>{@code response.created} first, with no output; numbers that count the events from 0;
 *   <li>every item, part and text begins and is done, one after the other, and says where it
 *       belongs;
 *   <li>the terminal event holds the whole response, since clients take it for all they have read;
 *   <li>a failure is {@code response.failed} with the output so far, or an {@code error} event
 *       where there is none.
 * </ul>
 *
 * The dialect tells everything a second time when it is done, so an encoder holds the text of its
 * answer. A delta costs five copies of bytes: what is the same in all deltas of a part is made
 * once.
 */
final class ResponsesEventEncoder implements EventEncoder {
    private static final byte[] PING = ": ping\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "}\n\n".getBytes(StandardCharsets.US_ASCII);

    private final EncodeContext context;
    private final ResponsesErrors errors;
    private final ResponsesOutput output;
    private @Nullable ResponsesObject response;
    private long sequence;
    private boolean begun;

    /** From the start of the event to its number, then from there to the text, then to the end. */
    private final ByteBuilder beforeNumber = new ByteBuilder(128);

    private final ByteBuilder beforeText = new ByteBuilder(128);
    private byte[] afterText = END;

    private @Nullable StopReason stopReason;
    private Usage usage = Usage.NONE;

    ResponsesEventEncoder(EncodeContext context, ResponsesErrors errors) {
        this.context = context;
        this.errors = errors;
        this.output = new ResponsesOutput(context);
    }

    @Override
    public void encode(Event event, ByteBuilder out) {
        switch (event) {
            case Event.Delta delta -> delta(delta, out);
            case Event.MessageStart start -> start(start, out);
            case BlockStart start -> blockStart(start, out);
            case Event.BlockStop _ -> blockStop(out);
            case Event.Annotation annotation -> annotation(annotation, out);
            case Event.MessageDelta told -> {
                stopReason = told.stopReason() == null ? stopReason : told.stopReason();
                usage = usage.merge(told.usage());
                context.losses().addIf(told.stopSequence() != null, "stop_sequence");
            }
            case Event.MessageStop _ -> stop(out);
            case Event.Ping _ -> out.add(PING);
            case Event.Failed failed -> failed(failed.failure(), out);
        }
    }

    @Override
    public void goOnBehind(long events) {
        sequence = Math.max(sequence, events);
    }

    private ByteBuilder open(String type, ByteBuilder out) {
        out.add("event: ").add(type).add("\ndata: {\"type\":\"").add(type);
        return out.add("\",\"sequence_number\":").number(sequence++);
    }

    private void start(Event.MessageStart start, ByteBuilder out) {
        usage = usage.merge(start.usage());
        response = new ResponsesObject(start, context);
        whole("response.created", "in_progress", out);
        whole("response.in_progress", "in_progress", out);
    }

    private void whole(String type, String status, ByteBuilder out) {
        open(type, out).add(",\"response\":");
        writeResponse(status, Usage.NONE, "", null, out);
        out.add(END);
    }

    private void writeResponse(
            String status,
            Usage told,
            String incomplete,
            @Nullable Failure failure,
            ByteBuilder out) {
        if (response == null) {
            throw new IllegalStateException("a response before its start");
        }
        response.write(out, status, output.items(), told, incomplete, failure);
    }

    // ---- items ----

    private void blockStart(BlockStart start, ByteBuilder out) {
        begun = true;
        switch (start.kind()) {
            case TEXT, REFUSAL -> {
                if (!output.isMessage()) {
                    settle("completed", out);
                    added(ResponsesOutput.Kind.MESSAGE, start, out);
                }
                output.part(start.kind() == BlockKind.REFUSAL);
                partBegins(out);
            }
            case THINKING -> {
                settle("completed", out);
                boolean verbatim = start.name().equals(ResponsesMessage.VERBATIM);
                added(
                        verbatim ? ResponsesOutput.Kind.THOUGHT : ResponsesOutput.Kind.SUMMARY,
                        start,
                        out);
                output.part(false);
            }
            case REDACTED_THINKING -> {
                settle("completed", out);
                added(ResponsesOutput.Kind.SUMMARY, start, out);
                output.seal(start.data());
            }
            case TOOL_USE -> {
                settle("completed", out);
                added(
                        start.custom()
                                ? ResponsesOutput.Kind.CUSTOM_CALL
                                : ResponsesOutput.Kind.CALL,
                        start,
                        out);
            }
            case OPAQUE -> {
                settle("completed", out);
                own(start.data(), out);
            }
        }
        template();
    }

    private void added(ResponsesOutput.Kind kind, BlockStart start, ByteBuilder out) {
        output.begin(kind, start);
        open("response.output_item.added", out);
        out.add(",\"output_index\":").number(output.index()).add(",\"item\":");
        output.writeItem(out, "in_progress");
        out.add(END);
    }

    private void partBegins(ByteBuilder out) {
        open(output.partType() + ".added", out);
        output.writePart(place(out).add(",\"part\":"));
        out.add(END);
    }

    private ByteBuilder place(ByteBuilder out) {
        out.add(",\"item_id\":").quoted(output.itemId());
        out.add(",\"output_index\":").number(output.index());
        return out.add(output.partMember());
    }

    /** Makes what the deltas of the open part have in common. */
    private void template() {
        String type = output.deltaType();
        beforeNumber.clear();
        beforeText.clear();
        beforeNumber.add("event: ").add(type).add("\ndata: {\"type\":\"").add(type);
        beforeNumber.add("\",\"sequence_number\":");
        place(beforeText).add(",\"delta\":\"");
        afterText = output.afterDelta();
    }

    private void delta(Event.Delta delta, ByteBuilder out) {
        if (delta.text().isEmpty() || output.isNone()) {
            return;
        }
        if (delta.kind() == DeltaKind.SIGNATURE) {
            output.seal(delta.text());
            return;
        }
        if (output.beginsThinking()) {
            partBegins(out);
        }
        output.grow(delta.text());
        out.add(beforeNumber).number(sequence++).add(beforeText);
        out.content(delta.text()).add(afterText);
    }

    private void annotation(Event.Annotation annotation, ByteBuilder out) {
        boolean own = context.sameDialect() && annotation.name().equals("annotation");
        Raw logprobs = Logprobs.of(annotation);
        if (!output.isText() || !own && logprobs == null) {
            context.losses().add(annotation.name());
        } else if (own) {
            open("response.output_text.annotation.added", out);
            place(out).add(",\"annotation_index\":").number(output.annotations());
            out.add(",\"annotation\":");
            annotation.data().writeTo(out);
            out.add(END);
            output.annotate(annotation.data());
        } else if (logprobs != null) {
            open("response.output_text.delta", out);
            place(out).add(",\"delta\":\"\",\"logprobs\":");
            logprobs.writeTo(out);
            out.add(END);
            output.logprobs(logprobs);
        }
    }

    /**
     * A part is done at once; the item may get more parts, or may turn out to be cut. Reasoning is
     * neither.
     */
    private void blockStop(ByteBuilder out) {
        if (output.hasPart()) {
            open(output.doneType(), out);
            output.writeWhole(place(out));
            out.add(END);
            open(output.partType() + ".done", out);
            output.writePart(place(out).add(",\"part\":"));
            out.add(END);
            output.partDone();
        }
        if (output.isReasoning()) {
            settle("completed", out);
        }
    }

    /** The open item is done. */
    private void settle(String status, ByteBuilder out) {
        if (output.isNone()) {
            return;
        }
        if (output.isCall()) {
            if (output.fills(status)) {
                out.add(beforeNumber).number(sequence++).add(beforeText).add("{}").add(afterText);
            }
            open(output.doneType(), out);
            output.writeWhole(place(out));
            out.add(END);
        }
        open("response.output_item.done", out);
        out.add(",\"output_index\":").number(output.index()).add(",\"item\":");
        output.writeItem(out, status);
        out.add(END);
        output.done(status);
    }

    /** An item that the upstream of this dialect has sent and that has no canonical form. */
    private void own(@Nullable Raw data, ByteBuilder out) {
        if (data == null || !context.sameDialect()) {
            return;
        }
        for (String type :
                new String[] {"response.output_item.added", "response.output_item.done"}) {
            open(type, out).add(",\"output_index\":").number(output.index());
            out.add(",\"item\":");
            data.writeTo(out);
            out.add(END);
        }
        output.own(data);
    }

    // ---- the end ----

    private void stop(ByteBuilder out) {
        String incomplete = incomplete();
        settle(incomplete.isEmpty() ? "completed" : "incomplete", out);
        String status = incomplete.isEmpty() ? "completed" : "incomplete";
        open("response." + status, out).add(",\"response\":");
        writeResponse(status, usage, incomplete, null, out);
        out.add(END);
    }

    private String incomplete() {
        return switch (stopReason) {
            case MAX_TOKENS, CONTEXT_WINDOW -> "max_output_tokens";
            case REFUSAL -> output.refused() ? "" : "content_filter";
            case END_TURN, STOP_SEQUENCE, TOOL_USE, PAUSE_TURN, OTHER -> "";
            case null -> "";
        };
    }

    /** The response object as it stands at the end. */
    byte[] answer() {
        ByteBuilder out = new ByteBuilder(1024);
        String incomplete = incomplete();
        settle(incomplete.isEmpty() ? "completed" : "incomplete", new ByteBuilder());
        String status = incomplete.isEmpty() ? "completed" : "incomplete";
        writeResponse(status, usage, incomplete, null, out);
        return out.toBytes();
    }

    private void failed(Failure failure, ByteBuilder out) {
        if (begun) {
            if (!output.isNone()) {
                output.partDone();
                output.done("incomplete");
            }
            open("response.failed", out).add(",\"response\":");
            writeResponse("failed", usage, "", failure, out);
            out.add(END);
            return;
        }
        open("error", out).add(',');
        JsonWriter json = new JsonWriter(out);
        errors.writeEvent(members(json, out), failure);
        out.add(END);
    }

    /** A writer that goes on in the object that was opened by hand. */
    private static JsonWriter members(JsonWriter json, ByteBuilder out) {
        int before = out.length();
        json.beginObject();
        out.truncate(before);
        return json;
    }
}

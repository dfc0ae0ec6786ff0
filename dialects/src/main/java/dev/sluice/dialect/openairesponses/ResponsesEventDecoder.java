package dev.sluice.dialect.openairesponses;

import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Likeness;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

/**
 * Reads events. Servers leave out indices, parts that begin, pieces, or everything but the end;
 * what they have said is taken where it stands. Events that are not known say nothing.
 *
 * <p>Most events are the one before with another number, another piece of text and another piece of
 * padding; those are recognised and not read again.
 */
final class ResponsesEventDecoder implements EventDecoder {
    private final ResponsesErrors errors;
    private final ResponsesMessage message;
    private final ResponsesFrame event = new ResponsesFrame();
    private final Likeness likeness = new Likeness();

    /** What an event grows that is like the one that was learnt. */
    private ResponsesMessage.@Nullable Item likeItem;

    private String likeType = "";
    private long likePart;

    /** Deltas that were read since the last one that was recognised. */
    private int misses;

    private ResponsesEventDecoder(DecodeContext context, ResponsesErrors errors) {
        this.errors = errors;
        message = new ResponsesMessage(context.sameDialect());
    }

    /** A reader of a stream. */
    static ResponsesEventDecoder ofStream(DecodeContext context, ResponsesErrors errors) {
        return new ResponsesEventDecoder(context, errors);
    }

    /** Reads an unstreamed answer. */
    static void readAnswer(
            byte[] body, DecodeContext context, ResponsesErrors errors, EventSink out) {
        ResponsesEventDecoder decoder = new ResponsesEventDecoder(context, errors);
        decoder.message.to(out);
        JsonReader reader = new JsonReader(body);
        if (reader.peek() != JsonReader.Kind.OBJECT) {
            throw reader.error("expected a response, found " + reader.peek().words());
        }
        ResponsesResult result = ResponsesResult.read(reader);
        if (result.outputAt < 0 && result.error == null) {
            decoder.message.fail(ResponsesErrors.broken("the upstream's answer has no output"));
        } else {
            decoder.end(result, body);
        }
    }

    @Override
    public void onFrame(Frame frame, EventSink out) {
        if (message.ended()) {
            return;
        }
        message.to(out);
        if (likeItem != null
                && likeness.matches(frame.dataBuffer(), frame.dataOffset(), frame.dataLength())) {
            misses = 0;
            message.again(likeItem);
            grow(likeType, likeItem, likePart, likeness.text());
            return;
        }
        if (ResponsesFrame.isBlank(frame)) {
            message.ping();
            return;
        }
        if (frame.dataEquals("[DONE]")) {
            return;
        }
        event.read(frame);
        onEvent(frame);
    }

    @Override
    public void onEnd(EventSink out) {
        message.to(out);
        message.fail(ResponsesErrors.cut());
    }

    private void onEvent(Frame frame) {
        switch (event.type) {
            case "response.output_text.delta",
                    "response.function_call_arguments.delta",
                    "response.custom_tool_call_input.delta",
                    "response.reasoning_summary_text.delta",
                    "response.reasoning_text.delta",
                    "response.refusal.delta" ->
                    delta(frame);
            case "response.output_text.annotation.added" ->
                    message.note(item(), event.contentIndex, "annotation", event.annotation);
            case "response.function_call_arguments.done", "response.custom_tool_call_input.done" ->
                    message.wholeArguments(item(), event.whole);
            case "response.content_part.done" -> message.partDone(item(), event.contentIndex);
            case "response.output_item.added", "response.output_item.done" -> item(frame);
            case "response.created", "response.in_progress", "response.queued" -> {
                ResponsesResult begun = event.response;
                if (begun != null) {
                    message.start(begun.id, begun.model, begun.created);
                }
            }
            case "response.completed",
                    "response.incomplete",
                    "response.failed",
                    "response.cancelled" ->
                    terminal(frame);
            case "error" -> message.fail(failure(frame));
            case "keepalive" -> message.ping();
            default -> {
                if (event.error != null) {
                    message.fail(failure(frame));
                }
            }
        }
    }

    private dev.sluice.core.failure.Failure failure(Frame frame) {
        Raw error = event.error;
        return error == null
                ? errors.read(frame.dataBuffer(), frame.dataOffset(), frame.dataLength())
                : errors.read(error);
    }

    private ResponsesMessage.Item item() {
        return message.item(event.outputIndex, event.itemId);
    }

    private void delta(Frame frame) {
        ResponsesMessage.Item item = item();
        long part =
                event.type.equals("response.reasoning_summary_text.delta")
                        ? event.summaryIndex
                        : event.contentIndex;
        grow(event.type, item, part, event.delta);
        if (event.type.equals("response.output_text.delta")) {
            message.note(item, part, "logprobs", event.logprobs);
        }
        learn(frame, item, part);
    }

    private void grow(String type, ResponsesMessage.Item item, long part, Text delta) {
        switch (type) {
            case "response.output_text.delta" -> message.grow(item, part, DeltaKind.TEXT, delta);
            case "response.refusal.delta" -> message.grow(item, part, DeltaKind.REFUSAL, delta);
            case "response.reasoning_summary_text.delta" -> message.summary(item, part, delta);
            case "response.reasoning_text.delta" ->
                    message.think(item, ResponsesMessage.VERBATIM, delta);
            default -> message.arguments(item, delta);
        }
    }

    /**
     * Remembers an event that is nothing but growth of an item. Where no event is like another, it
     * tries ever less often.
     */
    private void learn(Frame frame, ResponsesMessage.Item item, long part) {
        misses++;
        boolean worthwhile = misses < 4 || Integer.bitCount(misses) == 1;
        boolean placed = event.outputIndex != ResponsesFrame.NO_INDEX || !event.itemId.isEmpty();
        likeItem = null;
        if (!worthwhile || !placed || !event.named || event.logprobs != null) {
            return;
        }
        likeness.begin(frame.dataBuffer(), frame.dataOffset(), frame.dataLength());
        likeness.differs(event.delta);
        if (event.numberAt >= 0) {
            likeness.differs(event.numberAt);
        }
        if (!event.padding.isEmpty()) {
            likeness.differs(event.padding);
        }
        likeness.learn();
        likeItem = item;
        likeType = event.type;
        likePart = part;
    }

    private void item(Frame frame) {
        likeItem = null;
        if (event.itemAt < 0) {
            return;
        }
        byte[] document = frame.dataBuffer();
        JsonReader reader = new JsonReader(document);
        int end = frame.dataOffset() + frame.dataLength();
        reader.reset(document, event.itemAt, end - event.itemAt);
        ResponsesItem told = ResponsesItem.read(reader);
        if (event.type.endsWith(".added")) {
            message.added(told, event.outputIndex);
        } else {
            message.done(told, event.outputIndex, Lenient.rawAt(document, event.itemAt));
        }
    }

    private void terminal(Frame frame) {
        ResponsesResult result = event.response;
        if (result == null) {
            message.fail(ResponsesErrors.broken("the upstream ended its stream with no response"));
            return;
        }
        if (result.status.isEmpty()) {
            result.status = event.type.substring("response.".length());
        }
        end(result, frame.dataBuffer());
    }

    private void end(ResponsesResult result, byte[] document) {
        Raw error = result.error;
        boolean failed = result.status.equals("failed");
        if (failed || error != null && result.outputAt < 0) {
            message.start(result.id, result.model, result.created);
            message.fail(
                    error == null
                            ? ResponsesErrors.broken("the upstream failed and did not say why")
                            : errors.read(error),
                    result.usage);
        } else if (result.status.equals("cancelled")) {
            message.fail(ResponsesErrors.cancelled(), result.usage);
        } else {
            message.complete(result, document);
        }
    }
}

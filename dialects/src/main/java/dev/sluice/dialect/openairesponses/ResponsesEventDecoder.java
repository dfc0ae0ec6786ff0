package dev.sluice.dialect.openairesponses;

import dev.sluice.core.dialect.DecodeContext;
import dev.sluice.core.dialect.EventDecoder;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Raw;

/**
 * Reads events. Servers leave out indices, parts that begin, pieces, or everything but the end;
 * what they have said is taken where it stands. Events that are not known say nothing.
 */
final class ResponsesEventDecoder implements EventDecoder {
    private final ResponsesErrors errors;
    private final ResponsesMessage message;
    private final ResponsesFrame event = new ResponsesFrame();

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
            case "response.output_text.delta" -> {
                part(DeltaKind.TEXT);
                message.note(item(), event.contentIndex, "logprobs", event.logprobs);
            }
            case "response.function_call_arguments.delta",
                    "response.custom_tool_call_input.delta" ->
                    message.arguments(item(), event.delta);
            case "response.reasoning_summary_text.delta" ->
                    message.summary(item(), event.summaryIndex, event.delta);
            case "response.reasoning_text.delta" ->
                    message.think(item(), ResponsesMessage.VERBATIM, event.delta);
            case "response.refusal.delta" -> part(DeltaKind.REFUSAL);
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

    private void part(DeltaKind kind) {
        message.grow(item(), event.contentIndex, kind, event.delta);
    }

    private void item(Frame frame) {
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

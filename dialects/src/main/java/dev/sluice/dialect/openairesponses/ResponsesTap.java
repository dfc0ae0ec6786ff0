package dev.sluice.dialect.openairesponses;

import dev.sluice.core.dialect.Tap;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * Watches events that go to the client as they are. Of most it reads no more than the type.
 *
 * <p>A failure that the upstream tells in a shape that every client knows goes on as it is. One
 * that some would not see as such is thrown, so that it is told in the gateway's words.
 */
final class ResponsesTap implements Tap {
    private final ResponsesErrors errors;
    private final ResponsesFrame event = new ResponsesFrame();
    private String model = "";
    private Usage usage = Usage.NONE;
    private long events;
    private boolean called;
    private boolean refused;
    private boolean ended;
    private @Nullable StopReason stopReason;
    private @Nullable Failure failure;

    ResponsesTap(ResponsesErrors errors) {
        this.errors = errors;
    }

    @Override
    public Sight onFrame(Frame frame) {
        if (ResponsesFrame.isBlank(frame)) {
            return Sight.PING;
        }
        if (ended || failure != null || frame.dataEquals("[DONE]")) {
            return Sight.HIDDEN;
        }
        Sight sight = sight(frame, event.typeOf(frame));
        events++;
        return sight;
    }

    private Sight sight(Frame frame, String type) {
        return switch (type) {
            case "response.created", "response.in_progress", "response.queued" -> begin(frame);
            case "response.output_item.added" -> item(frame);
            case "response.content_part.added", "response.reasoning_summary_part.added" ->
                    Sight.PREAMBLE;
            case "response.refusal.delta" -> {
                refused = true;
                yield Sight.CONTENT;
            }
            case "response.completed",
                    "response.incomplete",
                    "response.failed",
                    "response.cancelled" ->
                    end(frame, type);
            case "error" -> {
                event.read(frame);
                yield failed(told(frame), isPlain());
            }
            case "keepalive" -> Sight.PING;
            default -> other(frame, type);
        };
    }

    /** A bare error body has no type. */
    private Sight other(Frame frame, String type) {
        if (type.isEmpty()) {
            event.read(frame);
            if (event.error != null) {
                return failed(told(frame), false);
            }
        }
        return Sight.CONTENT;
    }

    private Sight begin(Frame frame) {
        event.read(frame);
        ResponsesResult begun = event.response;
        if (begun != null && model.isEmpty()) {
            model = begun.model;
        }
        return Sight.PREAMBLE;
    }

    private Sight item(Frame frame) {
        event.read(frame);
        if (event.itemAt >= 0) {
            byte[] document = frame.dataBuffer();
            JsonReader reader = new JsonReader(document);
            int end = frame.dataOffset() + frame.dataLength();
            reader.reset(document, event.itemAt, end - event.itemAt);
            called |= ResponsesItem.read(reader).isCall();
        }
        return Sight.PREAMBLE;
    }

    private Sight end(Frame frame, String type) {
        event.read(frame);
        ResponsesResult result = event.response;
        if (result == null) {
            return failed(
                    ResponsesErrors.broken("the upstream ended its stream with no response"),
                    false);
        }
        if (result.status.isEmpty()) {
            result.status = type.substring("response.".length());
        }
        usage = usage.merge(result.usage);
        model = model.isEmpty() ? result.model : model;
        if (result.status.equals("failed")) {
            Raw error = result.error;
            return failed(
                    error == null
                            ? ResponsesErrors.broken("the upstream failed and did not say why")
                            : errors.read(error),
                    true);
        }
        if (result.status.equals("cancelled")) {
            return failed(ResponsesErrors.cancelled(), false);
        }
        stopReason = result.stopReason(called, refused);
        ended = true;
        return Sight.END;
    }

    private Failure told(Frame frame) {
        Raw error = event.error;
        return error == null
                ? errors.read(frame.dataBuffer(), frame.dataOffset(), frame.dataLength())
                : errors.read(error);
    }

    /** Whether the error stands where every client looks for it. */
    private boolean isPlain() {
        Raw error = event.error;
        return error != null && error.kind() == JsonReader.Kind.OBJECT;
    }

    private Sight failed(Failure why, boolean plain) {
        failure = why;
        if (!plain || why.code() == FailureCode.UPSTREAM_CREDENTIALS) {
            throw why.asException();
        }
        return Sight.FAILURE;
    }

    @Override
    public Optional<Failure> onEnd(ByteBuilder out) {
        if (failure == null && !ended) {
            failure = ResponsesErrors.cut();
        }
        return failure();
    }

    @Override
    public long events() {
        return events;
    }

    @Override
    public Usage usage() {
        return usage;
    }

    @Override
    public Optional<StopReason> stopReason() {
        return Optional.ofNullable(stopReason);
    }

    @Override
    public Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public String model() {
        return model;
    }
}

package dev.sluice.dialect.grpc;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.Delta;
import dev.sluice.core.json.ByteBuilder;

import org.jspecify.annotations.Nullable;

/**
 * Writes a stream as messages, and its end as a frame of trailers, which the transport takes out of
 * the body: what fails is said by the status of the call alone.
 */
final class GrpcEventEncoder implements EventEncoder {
    private final EncodeContext context;
    private final GrpcEnding ending;
    private long tokens;
    private int calls;
    private @Nullable BlockStart call;
    private boolean argumentsSeen;

    GrpcEventEncoder(EncodeContext context) {
        this.context = context;
        this.ending = new GrpcEnding(context);
    }

    @Override
    public void encode(Event event, ByteBuilder out) {
        switch (event) {
            case Delta delta -> delta(delta, out);
            case Event.MessageStart start -> ending.started(start.model(), start.usage());
            case BlockStart start -> blockStart(start, out);
            case Event.BlockStop _ -> blockStop(out);
            case Event.MessageDelta told -> ending.told(told);
            case Event.MessageStop _ -> {
                ProtoWriter.framed(
                        out, message -> message.message(4, done -> ending.write(done, tokens)));
                GrpcStatus.write(Headers.of("grpc-status", "0"), out);
            }
            case Event.Failed failed ->
                    GrpcStatus.write(GrpcStatus.of(failed.failure(), context.requestId()), out);
            // Citations and log probabilities have no place here.
            case Event.Annotation annotation -> context.losses().add(annotation.name());
            // HTTP/2 has pings of its own.
            case Event.Ping _ -> {}
        }
    }

    private void delta(Delta delta, ByteBuilder out) {
        if (delta.text().isEmpty()) {
            return;
        }
        String text = delta.text().toString();
        switch (delta.kind()) {
            case TEXT, REFUSAL -> {
                long number = ++tokens;
                ProtoWriter.framed(
                        out,
                        message ->
                                message.message(
                                        1, token -> token.string(1, text).number(2, number)));
            }
            case THINKING ->
                    ProtoWriter.framed(
                            out, message -> message.message(2, thought -> thought.string(1, text)));
            case ARGUMENTS -> {
                argumentsSeen = true;
                call(text, false, out);
            }
            case SIGNATURE -> context.losses().add("signature");
        }
    }

    private void blockStart(BlockStart start, ByteBuilder out) {
        call = start.kind() == BlockKind.TOOL_USE ? start : null;
        argumentsSeen = false;
        context.losses().addIf(start.kind() == BlockKind.REDACTED_THINKING, "redacted_thinking");
        call("", false, out);
    }

    private void blockStop(ByteBuilder out) {
        BlockStart ended = call;
        if (ended != null) {
            call(argumentsSeen || ended.custom() ? "" : "{}", true, out);
            calls++;
            call = null;
        }
    }

    private void call(String arguments, boolean complete, ByteBuilder out) {
        BlockStart running = call;
        if (running == null) {
            return;
        }
        int index = calls;
        ProtoWriter.framed(
                out,
                message ->
                        message.message(
                                3,
                                piece ->
                                        piece.number(1, index)
                                                .string(2, running.id())
                                                .string(3, running.name())
                                                .string(4, arguments)
                                                .truth(5, complete)));
    }
}

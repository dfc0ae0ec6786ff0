package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.Delta;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.framing.EventStreamEncoder;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Writes frames as AWS does: the start of a block is told of tool uses alone, others begin with
 * their first delta; the stop reason, then usage, end the message. A block in which nothing was
 * said is left out, because clients would send it back and be refused.
 */
final class BedrockEventEncoder implements EventEncoder {
    private static final byte[] MESSAGE_START = event("messageStart");
    private static final byte[] BLOCK_START = event("contentBlockStart");
    private static final byte[] BLOCK_DELTA = event("contentBlockDelta");
    private static final byte[] BLOCK_STOP = event("contentBlockStop");
    private static final byte[] MESSAGE_STOP = event("messageStop");
    private static final byte[] METADATA = event("metadata");
    private static final byte[] PING = event(BedrockFrameReader.PING);

    private static final byte[] INDEX = ascii("{\"contentBlockIndex\":");
    private static final byte[] DELTA = ascii(",\"delta\":");
    private static final byte[] TEXT = ascii("{\"text\":\"");
    private static final byte[] TOOL_INPUT = ascii("{\"toolUse\":{\"input\":\"");
    private static final byte[] REASONING_TEXT = ascii("{\"reasoningContent\":{\"text\":\"");
    private static final byte[] SIGNATURE = ascii("{\"reasoningContent\":{\"signature\":\"");
    private static final byte[] ENDS_ONE = ascii("\"}}");
    private static final byte[] ENDS_TWO = ascii("\"}}}");

    private final EncodeContext context;
    private final EventStreamEncoder frames = new EventStreamEncoder();
    private int index;

    /** Whether the client has heard of the open block. */
    private boolean told;

    private boolean refused;
    private StopReason stopReason = StopReason.OTHER;
    private @Nullable Text stopSequence;
    private Usage usage = Usage.NONE;

    BedrockEventEncoder(EncodeContext context) {
        this.context = context;
    }

    private static byte[] event(String type) {
        return EventStreamEncoder.headers(
                ":event-type", type, ":content-type", "application/json", ":message-type", "event");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void encode(Event event, ByteBuilder out) {
        switch (event) {
            case Delta delta -> delta(delta, out);
            case Event.MessageStart start -> {
                usage = usage.merge(start.usage());
                frames.begin(out, MESSAGE_START);
                out.add("{\"role\":\"assistant\"}");
                frames.end(out);
            }
            case BlockStart start -> blockStart(start, out);
            case Event.Annotation annotation -> annotation(annotation, out);
            case Event.BlockStop _ -> blockStop(out);
            case Event.MessageDelta delta -> {
                usage = usage.merge(delta.usage());
                stopReason = delta.stopReason() == null ? stopReason : delta.stopReason();
                stopSequence =
                        delta.stopSequence() == null ? stopSequence : delta.stopSequence().keep();
            }
            case Event.MessageStop _ -> stop(out);
            case Event.Ping _ -> {
                frames.begin(out, PING);
                out.add("{}");
                frames.end(out);
            }
            case Event.Failed failed -> failed(failed, out);
        }
    }

    private void delta(Delta delta, ByteBuilder out) {
        if (delta.text().isEmpty()) {
            return;
        }
        begin(out);
        switch (delta.kind()) {
            case TEXT, REFUSAL -> out.add(TEXT).content(delta.text()).add(ENDS_ONE);
            case THINKING -> out.add(REASONING_TEXT).content(delta.text()).add(ENDS_TWO);
            case SIGNATURE -> out.add(SIGNATURE).content(delta.text()).add(ENDS_TWO);
            case ARGUMENTS -> out.add(TOOL_INPUT).content(delta.text()).add(ENDS_TWO);
        }
        frames.end(out);
    }

    private void begin(ByteBuilder out) {
        told = true;
        frames.begin(out, BLOCK_DELTA);
        out.add(INDEX).number(index).add(DELTA);
    }

    private void blockStart(BlockStart start, ByteBuilder out) {
        told = false;
        refused |= start.kind() == BlockKind.REFUSAL;
        Raw data = start.data();
        switch (start.kind()) {
            case TEXT, THINKING, REFUSAL -> {}
            case REDACTED_THINKING -> {
                if (data != null) {
                    begin(out);
                    out.add("{\"reasoningContent\":{\"redactedContent\":");
                    data.writeTo(out);
                    out.add("}}}");
                    frames.end(out);
                }
            }
            case TOOL_USE -> {
                beginBlock(out, "toolUse");
                out.add("{\"toolUseId\":").quoted(toolId(start.id(), index, context));
                out.add(",\"name\":").quoted(start.name()).add("}}}");
                frames.end(out);
            }
            case OPAQUE -> {
                if (context.sameDialect() && data != null) {
                    beginBlock(out, start.name());
                    data.writeTo(out);
                    out.add("}}");
                    frames.end(out);
                }
            }
        }
    }

    private void beginBlock(ByteBuilder out, String kind) {
        told = true;
        frames.begin(out, BLOCK_START);
        out.add(INDEX).number(index).add(",\"start\":{").quoted(kind).add(':');
    }

    /** The id of the tool use in block {@code index}: the upstream's, or one made here. */
    static String toolId(String id, int index, EncodeContext context) {
        return id.isEmpty() ? "tooluse_" + context.id() + "_" + index : id;
    }

    private void annotation(Event.Annotation annotation, ByteBuilder out) {
        if (!context.sameDialect()) {
            context.losses().add(annotation.name());
            return;
        }
        begin(out);
        annotation.data().writeTo(out);
        out.add('}');
        frames.end(out);
    }

    private void blockStop(ByteBuilder out) {
        if (told) {
            frames.begin(out, BLOCK_STOP);
            out.add(INDEX).number(index++).add('}');
            frames.end(out);
        }
    }

    private void stop(ByteBuilder out) {
        frames.begin(out, MESSAGE_STOP);
        out.add("{\"stopReason\":").quoted(BedrockStops.write(stopReason, refused));
        if (stopSequence != null && BedrockAnswerEncoder.wantsStopSequence(context)) {
            out.add(",\"additionalModelResponseFields\":{\"stop_sequence\":");
            out.quoted(stopSequence).add('}');
        }
        out.add('}');
        frames.end(out);
        frames.begin(out, METADATA);
        out.add("{\"usage\":");
        BedrockUsage.write(out, usage);
        out.add(",\"metrics\":{\"latencyMs\":").number(context.elapsed().total() / 1_000_000);
        out.add("}}");
        frames.end(out);
    }

    private void failed(Event.Failed failed, ByteBuilder out) {
        String exception = BedrockErrors.inStream(failed.failure().code());
        frames.begin(
                out,
                EventStreamEncoder.headers(
                        ":exception-type",
                        exception,
                        ":content-type",
                        "application/json",
                        ":message-type",
                        "exception"));
        out.add("{\"message\":").quoted(BedrockErrors.message(failed.failure()));
        if (exception.equals("modelStreamErrorException") && failed.failure().status() > 0) {
            out.add(",\"originalStatusCode\":").number(failed.failure().status());
        }
        out.add('}');
        frames.end(out);
    }
}

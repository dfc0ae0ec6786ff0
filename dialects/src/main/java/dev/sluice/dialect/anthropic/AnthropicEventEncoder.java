package dev.sluice.dialect.anthropic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.dialect.EventEncoder;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.Delta;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

/**
 * Writes a stream of messages in the form that every generation of the official clients takes.
 *
 * <p>Three things wait for their place. The seal of a thinking block is written once, at the
 * block's end, because clients replace it and do not join it. The stop reason and usage are written
 * once, with the end of the message: clients take null in a second {@code message_delta} for the
 * last word, and a stop reason before a failure would look like a clean end. Blocks that this
 * client cannot know are left out, and the indices of the others have no gap.
 */
final class AnthropicEventEncoder implements EventEncoder {
    private static final byte[] DELTA =
            ascii("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":");
    private static final byte[] TEXT = ascii(",\"delta\":{\"type\":\"text_delta\",\"text\":\"");
    private static final byte[] THINKING =
            ascii(",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"");
    private static final byte[] ARGUMENTS =
            ascii(",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"");
    private static final byte[] SIGNATURE =
            ascii(",\"delta\":{\"type\":\"signature_delta\",\"signature\":\"");
    private static final byte[] DELTA_END = ascii("\"}}\n\n");
    private static final byte[] START =
            ascii("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":");
    private static final byte[] STOP =
            ascii("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":");
    private static final byte[] PING = ascii("event: ping\ndata: {\"type\":\"ping\"}\n\n");
    private static final byte[] MESSAGE_STOP =
            ascii("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");

    private final EncodeContext context;

    /** All that stands before the text of a delta of the open block. */
    private final ByteBuilder prefix = new ByteBuilder(160);

    private final ByteBuilder signature = new ByteBuilder(16);
    private int nextIndex;
    private BlockKind open = BlockKind.TEXT;
    private boolean hidden;
    private boolean refused;
    private boolean toolSeen;
    private StopReason stopReason = StopReason.OTHER;
    private @Nullable Text stopSequence;
    private Usage usage = Usage.NONE;

    AnthropicEventEncoder(EncodeContext context) {
        this.context = context;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /** The end of a message, for a relay whose upstream left it out. */
    static void writeMessageStop(ByteBuilder out) {
        out.add(MESSAGE_STOP);
    }

    @Override
    public void encode(Event event, ByteBuilder out) {
        switch (event) {
            case Delta delta -> delta(delta, out);
            case Event.MessageStart start -> messageStart(start, out);
            case BlockStart start -> blockStart(start, out);
            case Event.Annotation annotation -> annotation(annotation, out);
            case Event.BlockStop _ -> blockStop(out);
            case Event.MessageDelta delta -> messageDelta(delta);
            case Event.MessageStop _ -> messageStop(out);
            case Event.Ping _ -> out.add(PING);
            case Event.Failed failed -> {
                out.add("event: error\ndata: ");
                AnthropicErrors.write(out, failed.failure(), context.requestId());
                out.add("\n\n");
            }
        }
    }

    private void delta(Delta delta, ByteBuilder out) {
        if (hidden) {
            return;
        }
        if (delta.kind() == DeltaKind.SIGNATURE) {
            signature.content(delta.text());
        } else {
            out.add(prefix).content(delta.text()).add(DELTA_END);
        }
    }

    private void messageStart(Event.MessageStart start, ByteBuilder out) {
        usage = start.usage();
        out.add("event: message_start\ndata: {\"type\":\"message_start\",\"message\":");
        AnthropicAnswers.writeHead(out, start.id(), start.model(), context);
        out.add(
                ",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"stop_details\":null");
        out.add(",\"usage\":");
        AnthropicUsage.writeWhole(out, usage, context.inputEstimate());
        out.add("}}\n\n");
    }

    private void blockStart(BlockStart start, ByteBuilder out) {
        hidden =
                start.kind() == BlockKind.OPAQUE
                        && (!context.sameDialect() || start.data() == null);
        if (hidden) {
            return;
        }
        open = start.kind();
        refused |= open == BlockKind.REFUSAL;
        toolSeen |= open == BlockKind.TOOL_USE;
        signature.clear();
        prefix.clear();
        prefix.add(DELTA).number(nextIndex).add(deltaOf(open));
        out.add(START).number(nextIndex).add(",\"content_block\":");
        content(start, out);
        out.add("}\n\n");
        if (open == BlockKind.TOOL_USE) {
            // A tool use without any delta is an error to some clients, and arguments may yet be
            // none.
            out.add(prefix).add(DELTA_END);
        }
    }

    private static byte[] deltaOf(BlockKind kind) {
        return switch (kind) {
            case TEXT, REFUSAL -> TEXT;
            case THINKING, REDACTED_THINKING -> THINKING;
            case TOOL_USE, OPAQUE -> ARGUMENTS;
        };
    }

    private void content(BlockStart start, ByteBuilder out) {
        switch (start.kind()) {
            case TEXT, REFUSAL -> out.add("{\"type\":\"text\",\"text\":\"\"}");
            case THINKING ->
                    out.add("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}");
            case REDACTED_THINKING -> AnthropicAnswers.writeRedacted(out, start.data());
            case TOOL_USE -> {
                out.add("{\"type\":\"tool_use\",\"id\":")
                        .quoted(AnthropicAnswers.toolId(start.id(), nextIndex, context));
                out.add(",\"name\":").quoted(start.name()).add(",\"input\":{}}");
            }
            case OPAQUE -> {
                if (start.data() != null) {
                    start.data().writeTo(out);
                }
            }
        }
    }

    private void annotation(Event.Annotation annotation, ByteBuilder out) {
        if (hidden || !context.sameDialect() || !isDelta(annotation.data())) {
            context.losses().add(annotation.name());
            return;
        }
        out.add(DELTA).number(nextIndex).add(",\"delta\":");
        annotation.data().writeTo(out);
        out.add("}\n\n");
    }

    private static boolean isDelta(Raw data) {
        return data.kind() == JsonReader.Kind.OBJECT;
    }

    private void blockStop(ByteBuilder out) {
        if (hidden) {
            hidden = false;
            return;
        }
        if (open == BlockKind.THINKING) {
            out.add(DELTA).number(nextIndex).add(SIGNATURE).add(signature).add(DELTA_END);
        }
        out.add(STOP).number(nextIndex).add("}\n\n");
        nextIndex++;
    }

    private void messageDelta(Event.MessageDelta delta) {
        usage = usage.merge(delta.usage());
        stopReason = delta.stopReason() == null ? stopReason : delta.stopReason();
        stopSequence = delta.stopSequence() == null ? stopSequence : delta.stopSequence().keep();
    }

    private void messageStop(ByteBuilder out) {
        out.add("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{");
        AnthropicAnswers.writeStop(out, stopReason, stopSequence, refused, toolSeen);
        out.add("},\"usage\":");
        AnthropicUsage.writeFinal(out, usage);
        out.add("}\n\n").add(MESSAGE_STOP);
    }
}

package dev.sluice.dialect.anthropic;

import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads one unstreamed answer as the events of the stream that it might have been. */
final class AnthropicAnswerDecoder {
    private static final Names MEMBERS =
            Names.of(
                    "type",
                    "id",
                    "model",
                    "content",
                    "stop_reason",
                    "stop_sequence",
                    "usage",
                    "error");

    private final EventSink out;
    private final List<WireBlock> blocks = new ArrayList<>();
    private String type = "";
    private String id = "";
    private String model = "";
    private boolean content;
    private boolean error;
    private @Nullable StopReason reason;
    private @Nullable Text stopSequence;
    private Usage usage = Usage.NONE;
    private int nextIndex;
    private boolean toolSeen;

    AnthropicAnswerDecoder(EventSink out) {
        this.out = out;
    }

    /**
     * Reads {@code body}.
     *
     * @throws dev.sluice.core.json.MalformedJson when it is not a message
     */
    void decode(byte[] body) {
        JsonReader reader = new JsonReader(body);
        members(reader);
        if (type.equals("error") || (error && !content)) {
            out.onEvent(new Event.Failed(UpstreamError.read(body, 0, body.length).toFailure(0)));
            return;
        }
        if (!content) {
            throw reader.error("expected a message with `content`");
        }
        emit();
    }

    private void members(JsonReader reader) {
        reader.beginObject();
        int member = reader.nextField(MEMBERS);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> type = text(reader).toString();
                case 1 -> id = text(reader).toString();
                case 2 -> model = text(reader).toString();
                case 3 -> content(reader);
                case 4 -> reason(text(reader).toString());
                case 5 -> stopSequence = reader.skipNull() ? null : text(reader);
                case 6 -> usage = AnthropicUsage.read(reader);
                case 7 -> {
                    error = reader.peek() != JsonReader.Kind.NULL;
                    reader.skip();
                }
                default -> reader.skip();
            }
            member = reader.nextField(MEMBERS);
        }
        reader.end();
    }

    private void reason(String word) {
        reason = word.isEmpty() ? null : AnthropicStops.read(word);
    }

    private void content(JsonReader reader) {
        if (reader.skipNull()) {
            return;
        }
        content = true;
        reader.beginArray();
        while (reader.hasNext()) {
            if (reader.peek() != JsonReader.Kind.OBJECT) {
                throw reader.error("expected a content block");
            }
            blocks.add(WireBlock.read(reader.raw()));
        }
    }

    private void emit() {
        Usage atStart =
                Usage.of(
                        usage.input(),
                        usage.cacheRead(),
                        usage.cacheWrite(),
                        Usage.UNKNOWN,
                        Usage.UNKNOWN);
        out.onEvent(new Event.MessageStart(id, model, 0, atStart));
        for (WireBlock block : blocks) {
            emit(block);
        }
        StopReason end = reason == null ? StopReason.END_TURN : reason;
        out.onEvent(
                new Event.MessageDelta(
                        AnthropicStops.inMessage(end, toolSeen, stopSequence),
                        stopSequence,
                        usage));
        out.onEvent(Event.STOP);
    }

    private void emit(WireBlock block) {
        int index = nextIndex;
        switch (block.type()) {
            case "text" -> {
                if (block.text().isEmpty() && block.citations().isEmpty()) {
                    return;
                }
                out.onEvent(BlockStart.of(index, BlockKind.TEXT));
                delta(DeltaKind.TEXT, block.text());
                for (Raw citation : block.citations()) {
                    out.onEvent(new Event.Annotation(index, "citations_delta", citation));
                }
            }
            case "thinking" -> {
                out.onEvent(BlockStart.of(index, BlockKind.THINKING));
                delta(DeltaKind.THINKING, block.thinking());
                delta(DeltaKind.SIGNATURE, block.signature());
            }
            case "redacted_thinking" -> out.onEvent(BlockStart.redacted(index, block.sealed()));
            case "tool_use" -> {
                toolSeen = true;
                out.onEvent(BlockStart.tool(index, block.idOrNew(), block.name()));
                delta(DeltaKind.ARGUMENTS, block.input());
            }
            default -> out.onEvent(BlockStart.opaque(index, block.type(), block.raw()));
        }
        out.onEvent(new Event.BlockStop(index));
        nextIndex++;
    }

    private void delta(DeltaKind kind, Text text) {
        if (!text.isEmpty()) {
            out.onEvent(new Event.Delta(nextIndex, kind, text));
        }
    }

    private static Text text(JsonReader reader) {
        if (reader.peek() == JsonReader.Kind.STRING) {
            return reader.text();
        }
        reader.skip();
        return Text.EMPTY;
    }
}

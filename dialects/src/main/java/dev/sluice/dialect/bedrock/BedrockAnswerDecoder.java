package dev.sluice.dialect.bedrock;

import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Event.BlockStart;
import dev.sluice.core.event.Event.DeltaKind;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.event.Usage;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Reads one unstreamed answer as the events of the stream that it might have been. */
final class BedrockAnswerDecoder {
    private static final Names MEMBERS =
            Names.of("output", "stopReason", "usage", "additionalModelResponseFields");
    private static final Names OUTPUT = Names.of("message");
    private static final Names MESSAGE = Names.of("content");
    private static final Names BLOCK = Names.of("text", "toolUse", "reasoningContent");
    private static final Names TOOL_USE = Names.of("toolUseId", "name", "input");
    private static final Names REASONING = Names.of("reasoningText", "redactedContent");
    private static final Names REASONING_TEXT = Names.of("text", "signature");

    private final EventSink out;
    private final JsonReader reader;
    private final List<Raw> blocks = new ArrayList<>();
    private boolean content;
    private String stopReason = "";
    private @Nullable Text stopSequence;
    private Usage usage = Usage.NONE;
    private int index;
    private boolean toolSeen;

    private BedrockAnswerDecoder(byte[] body, EventSink out) {
        this.reader = new JsonReader(body);
        this.out = out;
    }

    /**
     * Reads {@code body}.
     *
     * @throws dev.sluice.core.json.MalformedJson when it is not an answer
     */
    static void decode(byte[] body, EventSink out) {
        BedrockAnswerDecoder decoder = new BedrockAnswerDecoder(body, out);
        decoder.members();
        decoder.emit();
    }

    private void members() {
        reader.beginObject();
        for (int f = reader.nextField(MEMBERS);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(MEMBERS)) {
            switch (f) {
                case 0 -> inside(OUTPUT, () -> inside(MESSAGE, this::content));
                case 1 -> stopReason = Lenient.text(reader).toString();
                case 2 -> usage = BedrockUsage.read(reader);
                case 3 -> stopSequence = BedrockFrameReader.stopSequence(reader);
                default -> reader.skip();
            }
        }
        reader.end();
        if (!content) {
            throw reader.error("expected an answer with `output.message.content`");
        }
    }

    /** Reads the one member that {@code name} has of the object that is next. */
    private void inside(Names name, Runnable member) {
        if (!Lenient.enterObject(reader)) {
            return;
        }
        for (int f = reader.nextField(name);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(name)) {
            if (f == 0) {
                member.run();
            } else {
                reader.skip();
            }
        }
    }

    private void content() {
        if (!Lenient.enterArray(reader)) {
            return;
        }
        content = true;
        while (reader.hasNext()) {
            if (reader.peek() != Kind.OBJECT) {
                throw reader.error("expected a content block");
            }
            blocks.add(reader.raw());
        }
    }

    private void emit() {
        out.onEvent(new Event.MessageStart("", "", 0, Usage.NONE));
        blocks.forEach(block -> block(block.reader()));
        if (BedrockStops.isMalformed(stopReason)) {
            out.onEvent(new Event.Failed(BedrockEventDecoder.malformed(stopReason)));
            return;
        }
        out.onEvent(
                new Event.MessageDelta(
                        BedrockStops.read(stopReason, toolSeen), stopSequence, usage));
        out.onEvent(Event.STOP);
    }

    private void block(JsonReader block) {
        block.beginObject();
        for (int f = block.nextField(BLOCK);
                f != JsonReader.END_OBJECT;
                f = block.nextField(BLOCK)) {
            switch (f) {
                case 0 -> text(Lenient.text(block));
                case 1 -> toolUse(block);
                case 2 -> reasoning(block);
                default -> {
                    String name = block.fieldName();
                    whole(BlockStart.opaque(index, name, block.raw()));
                }
            }
        }
    }

    private void whole(BlockStart start) {
        out.onEvent(start);
        stop();
    }

    private void stop() {
        out.onEvent(new Event.BlockStop(index++));
    }

    private void delta(DeltaKind kind, Text text) {
        if (!text.isEmpty()) {
            out.onEvent(new Event.Delta(index, kind, text));
        }
    }

    private void text(Text text) {
        if (!text.isEmpty()) {
            out.onEvent(BlockStart.of(index, BlockKind.TEXT));
            delta(DeltaKind.TEXT, text);
            stop();
        }
    }

    private void toolUse(JsonReader block) {
        if (!Lenient.enterObject(block)) {
            return;
        }
        String id = "";
        String name = "";
        Text input = Text.EMPTY;
        for (int f = block.nextField(TOOL_USE);
                f != JsonReader.END_OBJECT;
                f = block.nextField(TOOL_USE)) {
            switch (f) {
                case 0 -> id = Lenient.text(block).toString();
                case 1 -> name = Lenient.text(block).toString();
                case 2 -> input = input(block.raw());
                default -> block.skip();
            }
        }
        toolSeen = true;
        out.onEvent(BlockStart.tool(index, id, name));
        delta(DeltaKind.ARGUMENTS, input);
        stop();
    }

    private static Text input(Raw input) {
        boolean nothing = input.kind() == Kind.NULL || input.toString().equals("{}");
        return nothing ? Text.EMPTY : Text.of(input.toString());
    }

    private void reasoning(JsonReader block) {
        if (!Lenient.enterObject(block)) {
            return;
        }
        for (int f = block.nextField(REASONING);
                f != JsonReader.END_OBJECT;
                f = block.nextField(REASONING)) {
            if (f == 0) {
                reasoningText(block);
            } else if (f == 1 && block.peek() == Kind.STRING) {
                whole(BlockStart.redacted(index, block.raw()));
            } else {
                block.skip();
            }
        }
    }

    private void reasoningText(JsonReader block) {
        if (!Lenient.enterObject(block)) {
            return;
        }
        Text text = Text.EMPTY;
        Text signature = Text.EMPTY;
        for (int f = block.nextField(REASONING_TEXT);
                f != JsonReader.END_OBJECT;
                f = block.nextField(REASONING_TEXT)) {
            switch (f) {
                case 0 -> text = Lenient.text(block);
                case 1 -> signature = Lenient.text(block);
                default -> block.skip();
            }
        }
        if (!text.isEmpty() || !signature.isEmpty()) {
            out.onEvent(BlockStart.of(index, BlockKind.THINKING));
            delta(DeltaKind.THINKING, text);
            delta(DeltaKind.SIGNATURE, signature);
            stop();
        }
    }
}

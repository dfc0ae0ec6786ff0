package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.EncodeContext;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** Writes unstreamed answers, and the pieces that they share with streams. */
final class AnthropicAnswers {
    private static final Names CITATION = Names.of("citation");
    private static final Names INPUT = Names.of("input");

    private AnthropicAnswers() {}

    /**
     * Opens the object of a message and writes who it is. An id of another dialect's upstream is
     * not one of this wire.
     */
    static void writeHead(ByteBuilder out, String id, String model, EncodeContext context) {
        boolean own = context.sameDialect() && !id.isEmpty();
        out.add("{\"id\":").quoted(own ? id : "msg_" + context.id());
        out.add(",\"type\":\"message\",\"role\":\"assistant\",\"model\":");
        out.quoted(model.isEmpty() ? context.model() : model);
    }

    /** Writes the members that tell why a message ended. */
    static void writeStop(
            ByteBuilder out,
            StopReason reason,
            @Nullable Text sequence,
            boolean refused,
            boolean toolSeen) {
        String word = AnthropicStops.word(reason, refused, toolSeen, sequence != null);
        out.add("\"stop_reason\":").quoted(word);
        out.add(",\"stop_sequence\":");
        if (reason == StopReason.STOP_SEQUENCE && sequence != null) {
            out.quoted(sequence);
        } else {
            out.add("null");
        }
        out.add(",\"stop_details\":null");
    }

    /** Writes a block of thinking that only its vendor can read. */
    static void writeRedacted(ByteBuilder out, @Nullable Raw data) {
        out.add("{\"type\":\"redacted_thinking\",\"data\":");
        if (data == null) {
            out.add("\"\"");
        } else {
            data.writeTo(out);
        }
        out.add('}');
    }

    /** The id of the tool use in block {@code index}: the upstream's, in letters of this wire. */
    static String toolId(String id, int index, EncodeContext context) {
        if (id.isEmpty()) {
            return "toolu_" + context.id() + "_" + index;
        }
        return context.sameDialect() ? id : LegalNames.id(id);
    }

    /**
     * Writes an unstreamed answer.
     *
     * @throws dev.sluice.core.failure.FailureException when the arguments of a tool use are no
     *     object and the message was not cut by a limit
     */
    static byte[] encode(Answer answer, EncodeContext context) {
        ByteBuilder out = new ByteBuilder(1024);
        writeHead(out, answer.id(), answer.model(), context);
        out.add(",\"content\":");
        JsonWriter content = new JsonWriter(out).beginArray();
        int index = 0;
        boolean toolSeen = false;
        for (AnswerBlock block : answer.blocks()) {
            if (!context.sameDialect()) {
                context.losses().addAll(block.annotations());
            }
            boolean written = writeBlock(content, block, index, answer, context);
            toolSeen |= written && block.kind() == BlockKind.TOOL_USE;
            index += written ? 1 : 0;
        }
        content.endArray();
        out.add(',');
        boolean refused = answer.first(BlockKind.REFUSAL).isPresent();
        Text sequence = answer.stopSequence() == null ? null : Text.of(answer.stopSequence());
        writeStop(out, answer.stopReason(), sequence, refused, toolSeen);
        out.add(",\"usage\":");
        AnthropicUsage.writeWhole(out, answer.usage(), context.inputEstimate());
        return out.add('}').toBytes();
    }

    private static boolean writeBlock(
            JsonWriter out, AnswerBlock block, int index, Answer answer, EncodeContext context) {
        switch (block.kind()) {
            case TEXT, REFUSAL -> writeText(out, block, context);
            case THINKING ->
                    out.beginObject()
                            .field("type", "thinking")
                            .name("thinking")
                            .value(block.text())
                            .name("signature")
                            .value(block.signature())
                            .endObject();
            case REDACTED_THINKING -> {
                ByteBuilder redacted = new ByteBuilder();
                writeRedacted(redacted, block.data());
                out.value(Raw.of(redacted.toString()));
            }
            case TOOL_USE -> {
                return writeTool(out, block, index, answer, context);
            }
            case OPAQUE -> {
                return writeOpaque(out, block, context);
            }
        }
        return true;
    }

    private static void writeText(JsonWriter out, AnswerBlock block, EncodeContext context) {
        out.beginObject().field("type", "text").name("text").value(block.text());
        if (context.sameDialect() && !block.annotations().isEmpty()) {
            out.name("citations").beginArray();
            for (Event.Annotation annotation : block.annotations()) {
                member(annotation.data(), CITATION).ifPresent(out::value);
            }
            out.endArray();
        }
        out.endObject();
    }

    private static Optional<Raw> member(Raw object, Names name) {
        if (object.kind() != JsonReader.Kind.OBJECT) {
            return Optional.empty();
        }
        JsonReader reader = object.reader();
        reader.beginObject();
        int member = reader.nextField(name);
        while (member != JsonReader.END_OBJECT) {
            if (member == 0) {
                return Optional.of(reader.raw());
            }
            reader.skip();
            member = reader.nextField(name);
        }
        return Optional.empty();
    }

    /**
     * A call whose arguments a limit has cut cannot be written as an object and is left out; the
     * stop reason says that something is missing.
     */
    private static boolean writeTool(
            JsonWriter out, AnswerBlock block, int index, Answer answer, EncodeContext context) {
        Optional<Raw> input = Raw.object(block.text().toString());
        if (input.isEmpty() && isCut(answer.stopReason())) {
            context.losses().add("tool_use");
            return false;
        }
        if (input.isEmpty()) {
            throw Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream's arguments for a tool call are not a JSON object")
                    .asException();
        }
        out.beginObject()
                .field("type", "tool_use")
                .field("id", toolId(block.id(), index, context))
                .field("name", block.name())
                .field("input", input.get())
                .endObject();
        return true;
    }

    private static boolean isCut(StopReason reason) {
        return reason == StopReason.MAX_TOKENS || reason == StopReason.CONTEXT_WINDOW;
    }

    private static boolean writeOpaque(JsonWriter out, AnswerBlock block, EncodeContext context) {
        Raw data = block.data();
        if (!context.sameDialect() || data == null) {
            return false;
        }
        Optional<Raw> input =
                block.text().isEmpty() ? Optional.empty() : Raw.object(block.text().toString());
        if (input.isEmpty()) {
            out.value(data);
        } else {
            writeWithInput(out, data, input.get());
        }
        return true;
    }

    /**
     * A hosted tool's call that was streamed: the block as it started, with the input that came
     * after.
     */
    private static void writeWithInput(JsonWriter out, Raw block, Raw input) {
        JsonReader reader = block.reader();
        reader.beginObject();
        out.beginObject();
        int member = reader.nextField(INPUT);
        while (member != JsonReader.END_OBJECT) {
            if (member == 0) {
                reader.skip();
            } else {
                String name = reader.fieldName();
                out.field(name, reader.raw());
            }
            member = reader.nextField(INPUT);
        }
        out.field("input", input).endObject();
    }
}

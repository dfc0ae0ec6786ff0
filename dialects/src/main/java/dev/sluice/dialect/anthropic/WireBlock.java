package dev.sluice.dialect.anthropic;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A content block of an answer as it stands on the wire: whole in an unstreamed answer, mostly
 * empty at the start of a streamed block.
 *
 * @param text of a text block
 * @param thinking of a thinking block
 * @param input of a tool use: the JSON text of its arguments, empty for {@code {}} and for none
 * @param data of redacted thinking: the sealed data, a JSON string
 * @param citations of a text block, each as the delta that would bring it in a stream
 * @param raw all of it
 */
record WireBlock(
        String type,
        String id,
        String name,
        Text text,
        Text thinking,
        Text signature,
        Text input,
        @Nullable Raw data,
        List<Raw> citations,
        Raw raw) {
    private static final Names MEMBERS =
            Names.of(
                    "type",
                    "id",
                    "name",
                    "text",
                    "thinking",
                    "signature",
                    "input",
                    "data",
                    "citations");
    private static final Raw EMPTY_STRING = Raw.of("\"\"");
    private static final JsonReader.Kind STRING = JsonReader.Kind.STRING;

    /** Reads a block, whatever it is; members of an unexpected type count as missing. */
    static WireBlock read(Raw raw) {
        String type = "";
        String id = "";
        String name = "";
        Text text = Text.EMPTY;
        Text thinking = Text.EMPTY;
        Text signature = Text.EMPTY;
        Text input = Text.EMPTY;
        Raw data = null;
        List<Raw> citations = List.of();
        JsonReader reader = raw.reader();
        reader.beginObject();
        int member = reader.nextField(MEMBERS);
        while (member != JsonReader.END_OBJECT) {
            switch (member) {
                case 0 -> type = text(reader).toString();
                case 1 -> id = text(reader).toString();
                case 2 -> name = text(reader).toString();
                case 3 -> text = text(reader);
                case 4 -> thinking = text(reader);
                case 5 -> signature = text(reader);
                case 6 -> input = input(reader);
                case 7 -> data = reader.peek() == STRING ? reader.raw() : skipped(reader);
                case 8 -> citations = citations(reader);
                default -> reader.skip();
            }
            member = reader.nextField(MEMBERS);
        }
        return new WireBlock(
                type, id, name, text, thinking, signature, input, data, citations, raw);
    }

    /**
     * The call's id; a result must find its call, so one of a server that gives none is made here.
     */
    String idOrNew() {
        return id.isEmpty() ? "toolu_" + UUID.randomUUID().toString().replace("-", "") : id;
    }

    /** Of redacted thinking: the sealed data, a JSON string. */
    Raw sealed() {
        return data == null ? EMPTY_STRING : data;
    }

    private static Text text(JsonReader reader) {
        if (reader.peek() == STRING) {
            return reader.text();
        }
        reader.skip();
        return Text.EMPTY;
    }

    private static @Nullable Raw skipped(JsonReader reader) {
        reader.skip();
        return null;
    }

    /** Arguments are an object; a server that sends their text is taken at its word. */
    private static Text input(JsonReader reader) {
        return switch (reader.peek()) {
            case STRING -> reader.text();
            case NULL -> {
                reader.skip();
                yield Text.EMPTY;
            }
            default -> {
                Raw raw = reader.raw();
                yield isEmptyObject(raw) ? Text.EMPTY : Text.of(raw.toString());
            }
        };
    }

    private static boolean isEmptyObject(Raw raw) {
        if (raw.kind() != JsonReader.Kind.OBJECT) {
            return false;
        }
        JsonReader reader = raw.reader();
        reader.beginObject();
        return reader.nextField(MEMBERS) == JsonReader.END_OBJECT;
    }

    private static List<Raw> citations(JsonReader reader) {
        if (reader.peek() != JsonReader.Kind.ARRAY) {
            reader.skip();
            return List.of();
        }
        List<Raw> deltas = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            ByteBuilder delta =
                    new ByteBuilder().add("{\"type\":\"citations_delta\",\"citation\":");
            reader.raw().writeTo(delta);
            deltas.add(Raw.of(delta.add('}').toString()));
        }
        return deltas;
    }
}

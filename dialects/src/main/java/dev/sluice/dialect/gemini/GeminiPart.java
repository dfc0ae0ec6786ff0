package dev.sluice.dialect.gemini;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * One part of an answer.
 *
 * @param text text or thought
 * @param thought whether it is a thought
 * @param signature the vendor's seal on the part, empty if it has none
 * @param call the call of a function, null if the part is none
 * @param opaque the part as it was written, if it has no canonical form; else null
 * @param type what such a part is
 */
record GeminiPart(
        Text text,
        boolean thought,
        Text signature,
        @Nullable Call call,
        @Nullable Raw opaque,
        String type) {
    /**
     * The call of a function.
     *
     * @param arguments the JSON text of the object, empty if there is none
     * @param pieces of the arguments, where they do not come whole
     * @param continues whether more of the call follows
     */
    record Call(
            String id,
            String name,
            Text arguments,
            List<GeminiArguments.Piece> pieces,
            boolean continues) {
        /** Whether this is not the whole call. */
        boolean isPartial() {
            return continues || !pieces.isEmpty();
        }
    }

    private static final ProtoNames PART =
            ProtoNames.of("text", "thought", "thoughtSignature", "functionCall");
    private static final ProtoNames CALL =
            ProtoNames.of("id", "name", "args", "partialArgs", "willContinue");
    private static final ProtoNames PIECE =
            ProtoNames.of("jsonPath", "stringValue", "numberValue", "boolValue", "nullValue");

    /** A part that is text or thought, and nothing else. */
    static GeminiPart of(Text text, boolean thought) {
        return new GeminiPart(text, thought, Text.EMPTY, null, null, "");
    }

    /** Reads the object that is next. */
    static GeminiPart read(JsonReader reader) {
        int begin = reader.position();
        Text text = Text.EMPTY;
        boolean thought = false;
        Text signature = Text.EMPTY;
        Call call = null;
        String type = "";
        reader.beginObject();
        for (int f = PART.next(reader); f != JsonReader.END_OBJECT; f = PART.next(reader)) {
            switch (f) {
                case 0 -> text = Lenient.text(reader);
                case 1 -> thought = Lenient.isTrue(reader);
                case 2 -> signature = Lenient.text(reader);
                case 3 -> call = call(reader);
                default -> {
                    String name = ProtoNames.camelCase(reader.fieldName());
                    type = Lenient.isSomething(reader) && type.isEmpty() ? name : type;
                }
            }
        }
        boolean known = call != null || !text.isEmpty() || type.isEmpty();
        Raw opaque = known ? null : reader.rawSince(begin);
        return new GeminiPart(text, thought, signature, call, opaque, type);
    }

    private static @Nullable Call call(JsonReader reader) {
        if (!Lenient.enterObject(reader)) {
            return null;
        }
        String id = "";
        String name = "";
        Text arguments = Text.EMPTY;
        List<GeminiArguments.Piece> pieces = List.of();
        boolean continues = false;
        for (int f = CALL.next(reader); f != JsonReader.END_OBJECT; f = CALL.next(reader)) {
            switch (f) {
                case 0 -> id = Lenient.text(reader).toString();
                case 1 -> name = Lenient.text(reader).toString();
                case 2 -> arguments = arguments(reader);
                case 3 -> pieces = pieces(reader);
                case 4 -> continues = Lenient.isTrue(reader);
                default -> reader.skip();
            }
        }
        return new Call(id, name, arguments, pieces, continues);
    }

    private static List<GeminiArguments.Piece> pieces(JsonReader reader) {
        List<GeminiArguments.Piece> pieces = new ArrayList<>();
        if (Lenient.enterArray(reader)) {
            while (reader.hasNext()) {
                if (Lenient.enterObject(reader)) {
                    pieces.add(piece(reader));
                }
            }
        }
        return pieces;
    }

    /** One without a value is a string that has no text yet. */
    private static GeminiArguments.Piece piece(JsonReader reader) {
        String path = "";
        boolean string = true;
        Text value = Text.EMPTY;
        for (int f = PIECE.next(reader); f != JsonReader.END_OBJECT; f = PIECE.next(reader)) {
            switch (f) {
                case 0 -> path = Lenient.text(reader).toString();
                case 1 -> value = Lenient.text(reader);
                case 2, 3 -> {
                    string = reader.peek() == JsonReader.Kind.STRING;
                    value = string ? reader.text() : Text.of(reader.raw().toString());
                }
                case 4 -> {
                    reader.skip();
                    string = false;
                    value = Text.of("null");
                }
                default -> reader.skip();
            }
        }
        return new GeminiArguments.Piece(path, string, value);
    }

    private static Text arguments(JsonReader reader) {
        if (reader.peek() != JsonReader.Kind.OBJECT) {
            reader.skip();
            return Text.EMPTY;
        }
        return Text.of(reader.raw().toString());
    }

    /** Whether the part is text or thought, and nothing else. */
    boolean isPlain() {
        return !text.isEmpty() && signature.isEmpty() && call == null;
    }

    /** Whether the part says anything. */
    boolean isContent() {
        return !text.isEmpty() || !signature.isEmpty() || call != null || opaque != null;
    }
}

package dev.sluice.dialect.gemini;

import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Raw;
import dev.sluice.core.json.Text;

import org.jspecify.annotations.Nullable;

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
     * @param partial whether the arguments come in pieces of the vendor's own form
     */
    record Call(String id, String name, Text arguments, boolean partial) {}

    private static final ProtoNames PART =
            ProtoNames.of("text", "thought", "thoughtSignature", "functionCall");
    private static final ProtoNames CALL =
            ProtoNames.of("id", "name", "args", "partialArgs", "willContinue");

    /** A part that is text or thought, and nothing else. */
    static GeminiPart of(Text text, boolean thought) {
        return new GeminiPart(text, thought, Text.EMPTY, null, null, "");
    }

    /** Reads the object that is next. */
    static GeminiPart read(JsonReader reader) {
        Raw whole = reader.raw();
        JsonReader part = whole.reader();
        Text text = Text.EMPTY;
        boolean thought = false;
        Text signature = Text.EMPTY;
        Call call = null;
        String type = "";
        part.beginObject();
        for (int f = PART.next(part); f != JsonReader.END_OBJECT; f = PART.next(part)) {
            switch (f) {
                case 0 -> text = Lenient.text(part);
                case 1 -> thought = Lenient.isTrue(part);
                case 2 -> signature = Lenient.text(part);
                case 3 -> call = call(part);
                default -> {
                    String name = ProtoNames.camelCase(part.fieldName());
                    type = Lenient.isSomething(part) && type.isEmpty() ? name : type;
                }
            }
        }
        boolean known = call != null || !text.isEmpty() || type.isEmpty();
        return new GeminiPart(text, thought, signature, call, known ? null : whole, type);
    }

    private static @Nullable Call call(JsonReader reader) {
        if (!Lenient.enterObject(reader)) {
            return null;
        }
        String id = "";
        String name = "";
        Text arguments = Text.EMPTY;
        boolean partial = false;
        for (int f = CALL.next(reader); f != JsonReader.END_OBJECT; f = CALL.next(reader)) {
            switch (f) {
                case 0 -> id = Lenient.text(reader).toString();
                case 1 -> name = Lenient.text(reader).toString();
                case 2 -> arguments = arguments(reader);
                case 3 -> partial |= Lenient.isSomething(reader);
                case 4 -> partial |= Lenient.isTrue(reader);
                default -> reader.skip();
            }
        }
        return new Call(id, name, arguments, partial);
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

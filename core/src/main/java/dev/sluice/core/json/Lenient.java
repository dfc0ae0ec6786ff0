package dev.sluice.core.json;

import dev.sluice.core.json.JsonReader.Kind;

import org.jspecify.annotations.Nullable;

/**
 * Values of an upstream that may be missing, null, or of another type than the dialect says: what
 * does not fit is read past and counts as not told.
 */
public final class Lenient {
    private static final Names TYPE = Names.of("type");

    private Lenient() {}

    /** A string, or the empty text. */
    public static Text text(JsonReader reader) {
        if (reader.peek() == Kind.STRING) {
            return reader.text();
        }
        reader.skip();
        return Text.EMPTY;
    }

    /** A number without its fraction, or {@code absent}. */
    public static long number(JsonReader reader, long absent) {
        if (reader.peek() == Kind.NUMBER) {
            return (long) reader.number();
        }
        reader.skip();
        return absent;
    }

    /** Whether the value is {@code true}. */
    public static boolean isTrue(JsonReader reader) {
        if (reader.peek() == Kind.BOOLEAN) {
            return reader.bool();
        }
        reader.skip();
        return false;
    }

    /** Any value but null and the empty array and object; else null. */
    public static @Nullable Raw something(JsonReader reader) {
        if (reader.skipNull()) {
            return null;
        }
        Raw raw = reader.raw();
        return raw.length() == 2 && raw.kind() != Kind.NUMBER ? null : raw;
    }

    /** Whether the value that is next, and read past, is neither null nor empty. */
    public static boolean isSomething(JsonReader reader) {
        int from = reader.position();
        boolean mayBeEmpty =
                switch (reader.peek()) {
                    case ARRAY, OBJECT, STRING -> true;
                    case NUMBER, BOOLEAN, NULL -> false;
                };
        boolean isNull = reader.peek() == Kind.NULL;
        reader.skip();
        return !isNull && !(mayBeEmpty && reader.position() - from == 2);
    }

    /** The inside of a JSON string that was gathered in {@code content}. */
    public static Text content(ByteBuilder content) {
        byte[] quoted =
                new ByteBuilder(content.length() + 2).add('"').add(content).add('"').toBytes();
        return new JsonReader(quoted).text();
    }

    /** The value that begins at {@code position} of a document that is known to be well formed. */
    public static Raw rawAt(byte[] document, int position) {
        JsonReader reader = new JsonReader(document);
        reader.reset(document, position, document.length - position);
        return reader.raw();
    }

    /** A client's word as it may stand in a message to the client. */
    public static String shortened(String word) {
        return word.length() <= 64 ? word : word.substring(0, 64) + "…";
    }

    /** Enters an object; reads past anything else and tells false. */
    public static boolean enterObject(JsonReader reader) {
        if (reader.peek() == Kind.OBJECT) {
            reader.beginObject();
            return true;
        }
        reader.skip();
        return false;
    }

    /** Enters an array; reads past anything else and tells false. */
    public static boolean enterArray(JsonReader reader) {
        if (reader.peek() == Kind.ARRAY) {
            reader.beginArray();
            return true;
        }
        reader.skip();
        return false;
    }

    /**
     * The {@code type} of the object that is next, empty if it has none; the reader stays where it
     * is.
     */
    public static String typeOfNext(JsonReader reader, byte[] document) {
        int position = reader.position();
        JsonReader ahead = new JsonReader(document);
        ahead.reset(document, position, document.length - position);
        ahead.beginObject();
        for (int f = ahead.nextField(TYPE); f != JsonReader.END_OBJECT; f = ahead.nextField(TYPE)) {
            if (f == 0 && ahead.peek() == Kind.STRING) {
                return ahead.string();
            }
            ahead.skip();
        }
        return "";
    }
}

package dev.sluice.core.json;

import dev.sluice.core.json.JsonReader.Kind;

/**
 * Values of an upstream that may be missing, null, or of another type than its dialect says: what
 * does not fit is read past and counts as not told.
 */
public final class Loose {
    private Loose() {}

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
}

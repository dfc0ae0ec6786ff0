package dev.sluice.core.json;

/**
 * Writes one JSON document into a {@link ByteBuilder} and sets the commas. For requests and whole
 * answers; frames of single tokens are written from templates.
 */
public final class JsonWriter {
    private final ByteBuilder out;
    private boolean comma;

    /** A writer that appends to {@code out}. */
    public JsonWriter(ByteBuilder out) {
        this.out = out;
    }

    /** Where the document goes. */
    public ByteBuilder out() {
        return out;
    }

    private JsonWriter separate() {
        if (comma) {
            out.add(',');
        }
        comma = true;
        return this;
    }

    /** Opens an object as the next value. */
    public JsonWriter beginObject() {
        separate();
        out.add('{');
        comma = false;
        return this;
    }

    /** Closes the object. */
    public JsonWriter endObject() {
        out.add('}');
        comma = true;
        return this;
    }

    /** Opens an array as the next value. */
    public JsonWriter beginArray() {
        separate();
        out.add('[');
        comma = false;
        return this;
    }

    /** Closes the array. */
    public JsonWriter endArray() {
        out.add(']');
        comma = true;
        return this;
    }

    /** Writes a member's name; its value comes next. */
    public JsonWriter name(String name) {
        separate();
        out.quoted(name).add(':');
        comma = false;
        return this;
    }

    /** Writes a string. */
    public JsonWriter value(String value) {
        separate();
        out.quoted(value);
        return this;
    }

    /** Writes a string that is escaped already. */
    public JsonWriter value(Text value) {
        separate();
        out.quoted(value);
        return this;
    }

    /** Writes a whole number. */
    public JsonWriter value(long value) {
        separate();
        out.number(value);
        return this;
    }

    /**
     * Writes a number; a whole one without a fraction.
     *
     * @throws IllegalArgumentException when it is infinite or not a number, which JSON cannot say
     */
    public JsonWriter value(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("value: " + value + " (expected: a finite number)");
        }
        separate();
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            out.number((long) value);
        } else {
            out.add(Double.toString(value));
        }
        return this;
    }

    /**
     * Writes a number with as many digits as tell it from all others of its kind.
     *
     * @throws IllegalArgumentException when it is infinite or not a number, which JSON cannot say
     */
    public JsonWriter value(float value) {
        if (!Float.isFinite(value)) {
            throw new IllegalArgumentException("value: " + value + " (expected: a finite number)");
        }
        separate();
        out.add(Float.toString(value));
        return this;
    }

    /** Writes a boolean. */
    public JsonWriter value(boolean value) {
        separate();
        out.add(value ? "true" : "false");
        return this;
    }

    /** Writes a value as it is. */
    public JsonWriter value(Raw value) {
        separate();
        value.writeTo(out);
        return this;
    }

    /** Writes null. */
    public JsonWriter nullValue() {
        separate();
        out.add("null");
        return this;
    }

    /** Writes a member. */
    public JsonWriter field(String name, String value) {
        return name(name).value(value);
    }

    /** Writes a member. */
    public JsonWriter field(String name, long value) {
        return name(name).value(value);
    }

    /** Writes a member. */
    public JsonWriter field(String name, double value) {
        return name(name).value(value);
    }

    /** Writes a member. */
    public JsonWriter field(String name, boolean value) {
        return name(name).value(value);
    }

    /** Writes a member. */
    public JsonWriter field(String name, Raw value) {
        return name(name).value(value);
    }
}

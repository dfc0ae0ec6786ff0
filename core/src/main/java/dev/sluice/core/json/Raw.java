package dev.sluice.core.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON value as it was written: member order, number spelling and escapes survive. It owns its
 * bytes and is known to be well formed.
 *
 * <p>Line ends between its tokens become spaces, so that it can stand in formats whose frames are
 * lines.
 */
public final class Raw {
    private final byte[] bytes;

    private Raw(byte[] bytes) {
        this.bytes = bytes;
    }

    static Raw ofValid(byte[] bytes, int offset, int length) {
        byte[] own = Arrays.copyOfRange(bytes, offset, offset + length);
        // A well-formed value has no line end inside of a string.
        for (int i = 0; i < own.length; i++) {
            if (own[i] == '\n' || own[i] == '\r') {
                own[i] = ' ';
            }
        }
        return new Raw(own);
    }

    /**
     * Checks and takes {@code json}.
     *
     * @throws MalformedJson when it is not exactly one well-formed value
     */
    public static Raw of(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        JsonReader reader = new JsonReader(bytes);
        Raw raw = reader.raw();
        reader.end();
        return raw;
    }

    /** Length in bytes. */
    public int length() {
        return bytes.length;
    }

    /** A reader at the start of the value. */
    public JsonReader reader() {
        return new JsonReader(bytes);
    }

    /** The kind of the value. */
    public JsonReader.Kind kind() {
        return reader().peek();
    }

    /** Writes the value as it is. */
    public void writeTo(ByteBuilder out) {
        out.add(bytes);
    }

    /** The JSON text. */
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Equal when the bytes are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Raw raw && Arrays.equals(raw.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}

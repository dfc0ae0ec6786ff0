package dev.sluice.core.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

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

    /** The JSON string that says {@code value}. */
    public static Raw string(String value) {
        return of(new ByteBuilder(value.length() + 16).quoted(value).toString());
    }

    /**
     * The arguments of a tool as the object that they are; none at all are an empty one. Empty if
     * they are broken or no object.
     */
    public static Optional<Raw> object(String arguments) {
        if (arguments.isBlank()) {
            return Optional.of(of("{}"));
        }
        try {
            Raw raw = of(withoutLoneSurrogates(arguments));
            return raw.kind() == JsonReader.Kind.OBJECT ? Optional.of(raw) : Optional.empty();
        } catch (MalformedJson broken) {
            return Optional.empty();
        }
    }

    /**
     * Half of a character has no bytes in UTF-8; it stands in a JSON string all the same, escaped.
     */
    private static String withoutLoneSurrogates(String json) {
        if (json.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
            return json;
        }
        StringBuilder out = new StringBuilder(json.length() + 16);
        json.codePoints()
                .forEach(
                        point -> {
                            if (point >= Character.MIN_SURROGATE
                                    && point <= Character.MAX_SURROGATE) {
                                out.append("\\u").append(Integer.toHexString(point));
                            } else {
                                out.appendCodePoint(point);
                            }
                        });
        return out.toString();
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

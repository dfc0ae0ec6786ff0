package dev.sluice.core.json;

import java.nio.charset.StandardCharsets;

/**
 * A piece of text as it stands between the quotation marks of a JSON string: escaped, valid UTF-8,
 * a slice of a heap array.
 *
 * <p>Both sides of a translation are JSON, so the text of a token can go from one wire to the other
 * by one copy, with no unescaping and no escaping, and the bytes of tool arguments arrive as the
 * model wrote them. {@link #toString()} unescapes for whoever wants characters.
 *
 * <p>A text does not own its array: it is valid for the call that handed it over. {@link #keep()}
 * copies.
 */
public final class Text {
    /** The empty text. */
    public static final Text EMPTY = new Text(new byte[0], 0, 0);

    private final byte[] bytes;
    private final int offset;
    private final int length;

    private Text(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
    }

    /** The text of {@code value}, escaped. */
    public static Text of(String value) {
        if (value.isEmpty()) {
            return EMPTY;
        }
        ByteBuilder out = new ByteBuilder(value.length() + 8).content(value);
        return new Text(out.array(), 0, out.length());
    }

    /**
     * A slice that is known to be the inside of a valid JSON string, as {@link JsonReader} finds
     * it.
     */
    static Text ofEscaped(byte[] bytes, int offset, int length) {
        return length == 0 ? EMPTY : new Text(bytes, offset, length);
    }

    byte[] bytes() {
        return bytes;
    }

    int offset() {
        return offset;
    }

    /** Whether this is a slice of {@code array} itself. */
    @SuppressWarnings("ReferenceEquality") // the same array is meant, not one that is equal
    boolean isIn(byte[] array) {
        return bytes == array;
    }

    /** Length of the escaped form in bytes. */
    public int length() {
        return length;
    }

    /** Whether there is no character. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** This text in an array of its own, for whoever holds it beyond the present call. */
    public Text keep() {
        if (length == bytes.length) {
            return this;
        }
        byte[] copy = new byte[length];
        System.arraycopy(bytes, offset, copy, 0, length);
        return new Text(copy, 0, length);
    }

    /** The escaped byte at {@code index}. */
    public byte at(int index) {
        return bytes[offset + index];
    }

    /** Whether the characters of {@code value} are exactly this text, however it was escaped. */
    public boolean contentEquals(String value) {
        // No character is shorter escaped than it is in UTF-16.
        if (value.length() > length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            byte b = bytes[offset + i];
            if (b < 0 || b == '\\') {
                return toString().equals(value);
            }
            if (i == value.length() || b != value.charAt(i)) {
                return false;
            }
        }
        return value.length() == length;
    }

    /** The characters, unescaped. */
    @Override
    public String toString() {
        for (int i = offset, end = offset + length; i < end; i++) {
            if (bytes[i] == '\\') {
                return unescape(i);
            }
        }
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    private String unescape(int firstEscape) {
        StringBuilder out = new StringBuilder(length);
        int plain = offset;
        int end = offset + length;
        int i = firstEscape;
        while (i < end) {
            if (bytes[i] != '\\') {
                i++;
                continue;
            }
            out.append(new String(bytes, plain, i - plain, StandardCharsets.UTF_8));
            byte kind = bytes[i + 1];
            if (kind == 'u') {
                out.append((char) hex4(bytes, i + 2));
                i += 6;
            } else {
                out.append(simpleEscape(kind));
                i += 2;
            }
            plain = i;
        }
        return out.append(new String(bytes, plain, end - plain, StandardCharsets.UTF_8)).toString();
    }

    static char simpleEscape(byte kind) {
        return switch (kind) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> (char) kind;
        };
    }

    static int hex4(byte[] bytes, int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            value = value << 4 | Character.digit(bytes[i], 16);
        }
        return value;
    }

    /** Equal when the characters are equal, however they were escaped. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Text text && text.toString().equals(toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }
}

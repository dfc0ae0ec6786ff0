package dev.sluice.core.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing array of bytes that knows how to write JSON tokens. It is what every encoder writes
 * into; it grows by doubling and is reused by whoever owns it, so that writing a frame allocates
 * nothing.
 */
public final class ByteBuilder {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /**
     * For each ASCII character: 0 stands as it is, 'u' needs \\u00XX, anything else follows a
     * backslash.
     */
    private static final byte[] ESCAPE = new byte[128];

    static {
        Arrays.fill(ESCAPE, 0, 0x20, (byte) 'u');
        ESCAPE['\b'] = 'b';
        ESCAPE['\f'] = 'f';
        ESCAPE['\n'] = 'n';
        ESCAPE['\r'] = 'r';
        ESCAPE['\t'] = 't';
        ESCAPE['"'] = '"';
        ESCAPE['\\'] = '\\';
        ESCAPE[0x7f] = 'u';
    }

    /** Stands in no UTF-8, and so in nothing that is meant to be read. */
    private static final byte SPOILT = (byte) 0xfe;

    /** Arrays cannot be much longer than this. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private byte[] bytes;
    private int length;

    /** An empty builder with room for 256 bytes. */
    public ByteBuilder() {
        this(256);
    }

    /** An empty builder with room for {@code capacity} bytes. */
    public ByteBuilder(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    /**
     * The bytes written so far, in an array that later writes may replace; valid up to {@link
     * #length()}.
     */
    public byte[] array() {
        return bytes;
    }

    /** How many bytes were written. */
    public int length() {
        return length;
    }

    /** Whether nothing was written. */
    public boolean isEmpty() {
        return length == 0;
    }

    /**
     * Forgets what was written and keeps the room. Where assertions are on, as in tests, what was
     * written is spoilt too, so that a reader who should not be there any more is noticed.
     */
    public void clear() {
        assert spoil();
        length = 0;
    }

    private boolean spoil() {
        Arrays.fill(bytes, 0, length, SPOILT);
        return true;
    }

    /** Takes the end back to {@code newLength}, which must not be beyond the present one. */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException(
                    "newLength: " + newLength + " (expected: 0.." + length + ")");
        }
        length = newLength;
    }

    /** Drops the first {@code count} bytes and moves the rest to the front. */
    public void discardFirst(int count) {
        if (count < 0 || count > length) {
            throw new IllegalArgumentException(
                    "count: " + count + " (expected: 0.." + length + ")");
        }
        System.arraycopy(bytes, count, bytes, 0, length - count);
        length -= count;
    }

    /**
     * Gives room back that one large frame made, when more than {@code capacity} bytes are held.
     */
    public void shrink(int capacity) {
        if (bytes.length > capacity && length <= capacity) {
            bytes = Arrays.copyOf(bytes, Math.max(16, capacity));
        }
    }

    /** A copy of the bytes written so far. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /**
     * Hands the array over and starts anew: the caller owns the returned array, valid up to the
     * length before the call.
     */
    public byte[] detach() {
        byte[] taken = bytes;
        bytes = new byte[256];
        length = 0;
        return taken;
    }

    /**
     * A copy of the bytes written so far, as text.
     *
     * @throws IllegalStateException when they are not the inside of a JSON string
     */
    public Text toText() {
        if (!JsonReader.isContent(bytes, 0, length)) {
            throw new IllegalStateException(
                    length + " bytes (expected: the inside of a JSON string)");
        }
        return Text.ofEscaped(toBytes(), 0, length);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            long wanted = Math.max((long) bytes.length << 1, (long) length + more);
            if ((long) length + more > LARGEST) {
                throw new OutOfMemoryError("a buffer of more than 2 GiB");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, LARGEST));
        }
    }

    /** Writes one byte. */
    public ByteBuilder add(int b) {
        room(1);
        bytes[length++] = (byte) b;
        return this;
    }

    /** Writes all of {@code source}. */
    public ByteBuilder add(byte[] source) {
        return add(source, 0, source.length);
    }

    /** Writes {@code count} bytes of {@code source} from {@code offset}. */
    public ByteBuilder add(byte[] source, int offset, int count) {
        room(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return this;
    }

    /** Writes what {@code other} holds. */
    public ByteBuilder add(ByteBuilder other) {
        return add(other.bytes, 0, other.length);
    }

    /** Writes {@code value} as UTF-8, without escaping. */
    public ByteBuilder add(String value) {
        return add(value.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes {@code value} in decimal digits. */
    public ByteBuilder number(long value) {
        if (value < 0) {
            return add(Long.toString(value));
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        room(digits);
        long rest = value;
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    /** Writes {@code text} between quotation marks. */
    public ByteBuilder quoted(Text text) {
        return add('"').content(text).add('"');
    }

    /** Writes {@code value} between quotation marks, escaped. */
    public ByteBuilder quoted(String value) {
        return add('"').content(value).add('"');
    }

    /** Writes the inside of a JSON string: {@code text} as it is, since it is escaped already. */
    public ByteBuilder content(Text text) {
        return add(text.bytes(), text.offset(), text.length());
    }

    /**
     * Writes the inside of a JSON string: {@code value} escaped. Lone surrogates become \\uXXXX, so
     * that they survive.
     */
    public ByteBuilder content(String value) {
        int end = value.length();
        room(end);
        for (int i = 0; i < end; i++) {
            char c = value.charAt(i);
            if (c < 0x80) {
                ascii(c);
            } else if (c < 0x800) {
                room(2);
                bytes[length++] = (byte) (0xc0 | c >> 6);
                bytes[length++] = (byte) (0x80 | c & 0x3f);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < end
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                int point = Character.toCodePoint(c, value.charAt(++i));
                room(4);
                bytes[length++] = (byte) (0xf0 | point >> 18);
                bytes[length++] = (byte) (0x80 | point >> 12 & 0x3f);
                bytes[length++] = (byte) (0x80 | point >> 6 & 0x3f);
                bytes[length++] = (byte) (0x80 | point & 0x3f);
            } else if (Character.isSurrogate(c)) {
                unicodeEscape(c);
            } else {
                room(3);
                bytes[length++] = (byte) (0xe0 | c >> 12);
                bytes[length++] = (byte) (0x80 | c >> 6 & 0x3f);
                bytes[length++] = (byte) (0x80 | c & 0x3f);
            }
        }
        return this;
    }

    private void ascii(char c) {
        byte escape = ESCAPE[c];
        if (escape == 0) {
            room(1);
            bytes[length++] = (byte) c;
        } else if (escape == 'u') {
            unicodeEscape(c);
        } else {
            room(2);
            bytes[length++] = '\\';
            bytes[length++] = escape;
        }
    }

    private void unicodeEscape(char c) {
        room(6);
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        bytes[length++] = HEX[c >> 12];
        bytes[length++] = HEX[c >> 8 & 0xf];
        bytes[length++] = HEX[c >> 4 & 0xf];
        bytes[length++] = HEX[c & 0xf];
    }

    /** What was written, read as UTF-8. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}

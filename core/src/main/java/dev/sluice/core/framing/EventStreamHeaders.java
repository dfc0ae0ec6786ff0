package dev.sluice.core.framing;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks the header fields of one frame of an AWS event stream: {@code u8} length and bytes of the
 * name, {@code u8} type, value.
 */
final class EventStreamHeaders {
    /** The type of a value that is text. */
    static final int TEXT = 7;

    private static final int BYTES = 6;
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private int at;
    private int nameOffset;
    private int nameLength;
    private int type;
    private int valueOffset;
    private int valueLength;

    /** The fields that are {@code bytes[offset, end)}. */
    EventStreamHeaders(byte[] bytes, int offset, int end) {
        this.bytes = bytes;
        this.at = offset;
        this.end = end;
    }

    /**
     * Reads the next field; false if there is none.
     *
     * @throws dev.sluice.core.failure.FailureException when it goes beyond the end or has a type
     *     that there is not
     */
    boolean next() {
        if (at == end) {
            return false;
        }
        nameLength = bytes[at] & 0xff;
        nameOffset = at + 1;
        int behindName = nameOffset + nameLength;
        if (nameLength == 0 || behindName >= end) {
            throw malformed();
        }
        type = bytes[behindName];
        value(behindName + 1);
        at = valueOffset + valueLength;
        if (at > end) {
            throw malformed();
        }
        return true;
    }

    private void value(int from) {
        valueOffset = from;
        switch (type) {
            case 0, 1 -> valueLength = 0;
            case 2 -> valueLength = 1;
            case 3 -> valueLength = 2;
            case 4 -> valueLength = 4;
            case 5, 8 -> valueLength = 8;
            case 9 -> valueLength = 16;
            case BYTES, TEXT -> {
                if (from + 2 > end) {
                    throw malformed();
                }
                valueLength = (short) SHORT.get(bytes, from) & 0xffff;
                valueOffset = from + 2;
            }
            default -> throw malformed();
        }
    }

    private static RuntimeException malformed() {
        return Failure.of(
                        FailureCode.UPSTREAM_BROKEN,
                        "the upstream sent an event whose header fields are malformed")
                .asException();
    }

    /** Whether the field is text and called {@code name}, which is ASCII. */
    boolean isText(byte[] name) {
        return type == TEXT
                && Arrays.equals(bytes, nameOffset, nameOffset + nameLength, name, 0, name.length);
    }

    /** Whether the field's text is {@code ascii}. */
    boolean says(byte[] ascii) {
        return Arrays.equals(bytes, valueOffset, valueOffset + valueLength, ascii, 0, ascii.length);
    }

    /** Where the field's value begins. */
    int valueOffset() {
        return valueOffset;
    }

    /** How many bytes the field's value has. */
    int valueLength() {
        return valueLength;
    }

    /** The text of the first field called {@code name} from here on, empty if there is none. */
    String text(String name) {
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        while (next()) {
            if (isText(ascii)) {
                return new String(bytes, valueOffset, valueLength, StandardCharsets.UTF_8);
            }
        }
        return "";
    }
}

package dev.sluice.dialect.grpc;

import dev.sluice.core.failure.Failure;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the fields of one protobuf message. */
final class ProtoReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final byte[] bytes;
    private final int end;
    private int position;
    private int wire;

    ProtoReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private ProtoReader(byte[] bytes, int position, int end) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
    }

    /**
     * The one message of a call that sends no more, behind its prefix.
     *
     * @throws dev.sluice.core.failure.FailureException when there is none, or more than one
     */
    static ProtoReader framed(byte[] body) {
        int prefix = ProtoWriter.PREFIX;
        if (body.length < prefix) {
            throw Failure.invalid("", "the call has no message").asException();
        }
        if (body[0] != 0) {
            throw Failure.unsupported("", "compressed messages are not read here").asException();
        }
        int length =
                (body[1] & 0xff) << 24
                        | (body[2] & 0xff) << 16
                        | (body[3] & 0xff) << 8
                        | body[4] & 0xff;
        if (length != body.length - prefix) {
            throw Failure.invalid("", "the call has not exactly one message").asException();
        }
        return new ProtoReader(body, prefix, body.length);
    }

    /** The number of the next field, whose value must be read or skipped; 0 at the end. */
    int next() {
        if (position == end) {
            return 0;
        }
        long tag = rawVarint();
        wire = (int) tag & 7;
        long field = tag >>> 3;
        if (field < 1 || field > Integer.MAX_VALUE) {
            throw broken();
        }
        return (int) field;
    }

    long varint() {
        expect(VARINT);
        return rawVarint();
    }

    double number() {
        expect(FIXED64);
        need(8);
        long bits = 0;
        for (int i = 7; i >= 0; i--) {
            bits = bits << 8 | bytes[position + i] & 0xff;
        }
        position += 8;
        return Double.longBitsToDouble(bits);
    }

    String string() {
        expect(BYTES);
        int length = length();
        String text = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    byte[] bytes() {
        expect(BYTES);
        int length = length();
        byte[] copy = Arrays.copyOfRange(bytes, position, position + length);
        position += length;
        return copy;
    }

    ProtoReader message() {
        expect(BYTES);
        int length = length();
        ProtoReader inside = new ProtoReader(bytes, position, position + length);
        position += length;
        return inside;
    }

    void skip() {
        switch (wire) {
            case VARINT -> rawVarint();
            case FIXED64 -> advance(8);
            case BYTES -> advance(length());
            case FIXED32 -> advance(4);
            default -> throw broken();
        }
    }

    private void advance(int count) {
        need(count);
        position += count;
    }

    private int length() {
        long length = rawVarint();
        if (length < 0 || length > end - position) {
            throw broken();
        }
        return (int) length;
    }

    private void need(int count) {
        if (end - position < count) {
            throw broken();
        }
    }

    private long rawVarint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            need(1);
            byte next = bytes[position++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw broken();
    }

    private void expect(int type) {
        if (wire != type) {
            throw broken();
        }
    }

    private static RuntimeException broken() {
        return Failure.invalid("", "the message is not what sluice.v1 says it is").asException();
    }
}

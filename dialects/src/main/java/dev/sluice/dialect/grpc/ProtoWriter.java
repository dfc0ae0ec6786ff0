package dev.sluice.dialect.grpc;

import dev.sluice.core.json.ByteBuilder;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Writes the fields of a protobuf message. What is the default of its type is left out. */
final class ProtoWriter {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;

    /** Bytes in front of a message: a flag and its length. */
    static final int PREFIX = 5;

    private final ByteBuilder out;

    ProtoWriter(ByteBuilder out) {
        this.out = out;
    }

    /** Writes one message with the prefix of gRPC: a flag and the length. */
    static void framed(ByteBuilder out, Consumer<ProtoWriter> message) {
        ByteBuilder body = new ByteBuilder(128);
        message.accept(new ProtoWriter(body));
        frame(out, 0, body);
    }

    static void frame(ByteBuilder out, int flag, ByteBuilder body) {
        int length = body.length();
        out.add(flag).add(length >>> 24).add(length >>> 16).add(length >>> 8).add(length).add(body);
    }

    ProtoWriter string(int field, String value) {
        if (!value.isEmpty()) {
            bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    ProtoWriter bytes(int field, byte[] value) {
        tag(field, BYTES);
        raw(value.length);
        out.add(value);
        return this;
    }

    ProtoWriter number(int field, long value) {
        return value == 0 ? this : present(field, value);
    }

    /** Writes a number that may be 0 and is not absent. */
    ProtoWriter present(int field, long value) {
        tag(field, VARINT);
        raw(value);
        return this;
    }

    ProtoWriter truth(int field, boolean value) {
        return number(field, value ? 1 : 0);
    }

    ProtoWriter number(int field, double value) {
        if (value != 0) {
            tag(field, FIXED64);
            long bits = Double.doubleToLongBits(value);
            for (int i = 0; i < 8; i++) {
                out.add((int) (bits >>> 8 * i));
            }
        }
        return this;
    }

    ProtoWriter message(int field, Consumer<ProtoWriter> inside) {
        ByteBuilder body = new ByteBuilder(64);
        inside.accept(new ProtoWriter(body));
        tag(field, BYTES);
        raw(body.length());
        out.add(body);
        return this;
    }

    private void tag(int field, int wire) {
        raw((long) field << 3 | wire);
    }

    private void raw(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.add((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.add((int) rest);
    }
}

package dev.sluice.core.framing;

import dev.sluice.core.json.ByteBuilder;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Writes frames of the binary event stream of AWS; {@link EventStreamDecoder} says what they look
 * like. The payload is written in its place, between {@link #begin} and {@link #end}.
 */
public final class EventStreamEncoder {
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_VALUE = 0xffff;
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final CRC32 checksum = new CRC32();
    private int start;
    private int headersLength;

    /** Header fields of text from name, value, name, value … as they stand in a frame. */
    public static byte[] headers(String... namesAndValues) {
        ByteBuilder out = new ByteBuilder(128);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            byte[] name = namesAndValues[i].getBytes(StandardCharsets.UTF_8);
            byte[] value = namesAndValues[i + 1].getBytes(StandardCharsets.UTF_8);
            if (name.length == 0 || name.length > LONGEST_NAME || value.length > LONGEST_VALUE) {
                throw new IllegalArgumentException(
                        "a field of " + name.length + " and " + value.length + " bytes");
            }
            out.add(name.length).add(name).add(EventStreamHeaders.TEXT);
            out.add(value.length >> 8).add(value.length).add(value);
        }
        return out.toBytes();
    }

    /** Begins a frame in {@code out}; the payload is written there next. */
    public void begin(ByteBuilder out, byte[] headers) {
        start = out.length();
        headersLength = headers.length;
        for (int i = 0; i < EventStreamDecoder.PRELUDE; i++) {
            out.add(0);
        }
        out.add(headers);
    }

    /** Ends the frame that was begun last. */
    public void end(ByteBuilder out) {
        byte[] bytes = out.array();
        int length = out.length() - start + 4;
        INT.set(bytes, start, length);
        INT.set(bytes, start + 4, headersLength);
        INT.set(bytes, start + 8, checksum(bytes, 8));
        int whole = checksum(bytes, length - 4);
        out.add(whole >> 24).add(whole >> 16).add(whole >> 8).add(whole);
    }

    private int checksum(byte[] bytes, int count) {
        checksum.reset();
        checksum.update(bytes, start, count);
        return (int) checksum.getValue();
    }
}

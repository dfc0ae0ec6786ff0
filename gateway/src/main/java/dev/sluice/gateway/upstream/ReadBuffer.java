package dev.sluice.gateway.upstream;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

/** The array that the connections of one loop read into, one after the other. */
final class ReadBuffer {
    private static final int LARGEST = 128 << 10;

    private byte @Nullable [] bytes = new byte[0];

    /** An array with what {@code in} holds at its start. */
    byte[] take(ByteBuf in) {
        int length = in.readableBytes();
        byte[] taken = bytes;
        bytes = null;
        if (taken == null || taken.length < length) {
            taken = new byte[Math.max(4096, Integer.highestOneBit(Math.max(1, length - 1)) << 1)];
        }
        in.readBytes(taken, 0, length);
        return taken;
    }

    /** What was taken is read. */
    void giveBack(byte[] taken) {
        if (taken.length <= LARGEST) {
            bytes = taken;
        }
    }
}

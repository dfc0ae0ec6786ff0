package dev.sluice.testkit.http;

/** Bytes of a body that arrived together, without their framing, and when. */
public final class BodyPart {
    private final byte[] bytes;
    private final long nanos;

    BodyPart(byte[] bytes, long nanos) {
        this.bytes = bytes;
        this.nanos = nanos;
    }

    /** The bytes, at least one. Not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    /** When they arrived, by {@link System#nanoTime}. */
    public long nanos() {
        return nanos;
    }
}

package dev.sluice.core.framing;

/**
 * Cuts a byte stream into frames. However the stream was cut into pieces on its way, the frames are
 * the same.
 */
public interface FrameDecoder {
    /**
     * Takes the next piece of the stream and hands over every frame that it completes.
     *
     * @param bytes a buffer that stays untouched during the call
     * @throws dev.sluice.core.failure.FailureException when a frame is larger than allowed or
     *     broken
     */
    void feed(byte[] bytes, int offset, int length, FrameSink sink);

    /** How many bytes of an unfinished frame are held. */
    int held();

    /**
     * The stream is at its end. Hands over bytes that were held although no frame is unfinished, as
     * a frame without data, and a last frame that is whole without its end; what the end cut is
     * dropped.
     */
    default void end(FrameSink sink) {}
}

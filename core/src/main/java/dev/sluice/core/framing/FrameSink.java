package dev.sluice.core.framing;

/** Takes frames, one after the other. */
@FunctionalInterface
public interface FrameSink {
    /** Takes the next frame, which is valid during this call. */
    void onFrame(Frame frame);
}

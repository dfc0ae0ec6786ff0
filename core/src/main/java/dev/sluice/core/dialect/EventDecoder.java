package dev.sluice.core.dialect;

import dev.sluice.core.event.EventSink;
import dev.sluice.core.framing.Frame;

/** Reads one upstream's stream: frames in, events out. Holds the state of that stream. */
public interface EventDecoder {
    /**
     * Reads the next frame.
     *
     * @throws dev.sluice.core.json.MalformedJson when the frame is not what the dialect says
     */
    void onFrame(Frame frame, EventSink out);

    /**
     * The upstream's answer is at its end: completes the message, or fails it when its own end was
     * not seen.
     */
    void onEnd(EventSink out);
}

package dev.sluice.dialect.openaichat;

import dev.sluice.core.framing.Frame;

/** What a frame of this dialect is before its JSON is looked at. */
final class OpenAiChatFrames {
    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

    private OpenAiChatFrames() {}

    /** Whether the frame says nothing but that the other side is alive. */
    static boolean isBlank(Frame frame) {
        if (!frame.hasData()) {
            return true;
        }
        byte[] bytes = frame.dataBuffer();
        int end = frame.dataOffset() + frame.dataLength();
        for (int i = frame.dataOffset(); i < end; i++) {
            if (bytes[i] > ' ' || bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the frame is the terminal marker. */
    static boolean isDone(Frame frame) {
        if (frame.dataLength() < DONE.length) {
            return false;
        }
        byte[] bytes = frame.dataBuffer();
        int from = frame.dataOffset();
        for (int i = 0; i < DONE.length; i++) {
            if (bytes[from + i] != DONE[i]) {
                return false;
            }
        }
        return true;
    }
}

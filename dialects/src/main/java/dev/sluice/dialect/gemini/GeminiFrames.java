package dev.sluice.dialect.gemini;

import dev.sluice.core.framing.FrameDecoder;
import dev.sluice.core.framing.FrameSink;
import dev.sluice.core.framing.JsonArrayDecoder;
import dev.sluice.core.framing.SseDecoder;

import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of either form: server-sent events, or one JSON array. The first byte that is no
 * white space tells which it is.
 */
final class GeminiFrames implements FrameDecoder {
    private final int maxFrameBytes;
    private @Nullable FrameDecoder form;

    GeminiFrames(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
        if (maxFrameBytes <= 0) {
            throw new IllegalArgumentException(
                    "maxFrameBytes: " + maxFrameBytes + " (expected: > 0)");
        }
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, FrameSink sink) {
        FrameDecoder decoder = form;
        if (decoder == null) {
            decoder = form(bytes, offset, length);
        }
        decoder.feed(bytes, offset, length, sink);
    }

    /** White space alone is nothing but blank lines, in both forms; it does not decide. */
    private FrameDecoder form(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                FrameDecoder found =
                        b == '[' || b == '{'
                                ? new JsonArrayDecoder(maxFrameBytes)
                                : new SseDecoder(maxFrameBytes);
                form = found;
                return found;
            }
        }
        return new SseDecoder(maxFrameBytes);
    }

    @Override
    public int held() {
        FrameDecoder decoder = form;
        return decoder == null ? 0 : decoder.held();
    }

    @Override
    public void end(FrameSink sink) {
        FrameDecoder decoder = form;
        if (decoder != null) {
            decoder.end(sink);
        }
    }
}

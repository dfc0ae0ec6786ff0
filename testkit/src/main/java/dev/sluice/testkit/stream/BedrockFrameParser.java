package dev.sluice.testkit.stream;

import dev.sluice.testkit.sse.SseComment;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.sse.SseParser;
import dev.sluice.testkit.stream.BedrockFrames.BedrockFrame;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The binary event stream of AWS, frame by frame. A frame is an event that is named as it is typed,
 * an exception by its own type.
 */
public final class BedrockFrameParser implements SseParser {
    private final List<SseEvent> events = new ArrayList<>();
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    /** The frames of a whole body. */
    public static List<SseEvent> parse(byte[] body) {
        BedrockFrameParser parser = new BedrockFrameParser();
        parser.feed(body, 0);
        parser.finish();
        return parser.events();
    }

    @Override
    public void feed(byte[] bytes, long nanos) {
        pending.writeBytes(bytes);
        byte[] all = pending.toByteArray();
        int at = 0;
        int length = length(all, at);
        while (length <= all.length - at) {
            byte[] whole = Arrays.copyOfRange(all, at, at + length);
            BedrockFrames.read(whole).forEach(frame -> events.add(event(frame, nanos)));
            at += length;
            length = length(all, at);
        }
        pending.reset();
        pending.write(all, at, all.length - at);
    }

    private static int length(byte[] bytes, int at) {
        return bytes.length - at < 4
                ? Integer.MAX_VALUE
                : Math.max(1, ByteBuffer.wrap(bytes, at, 4).getInt());
    }

    private static SseEvent event(BedrockFrame frame, long nanos) {
        String type = frame.header(":event-type") + frame.header(":exception-type");
        return new SseEvent(type, new String(frame.payload(), StandardCharsets.UTF_8), "", nanos);
    }

    @Override
    public void finish() {
        if (pending.size() > 0) {
            throw new AssertionError("the last frame is cut after " + pending.size() + " bytes");
        }
    }

    @Override
    public List<SseEvent> events() {
        return Collections.unmodifiableList(events);
    }

    /** There are none in this format. */
    @Override
    public List<SseComment> comments() {
        return List.of();
    }
}

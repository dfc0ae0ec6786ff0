package dev.sluice.core.framing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Frames as they were handed over, copied. */
final class Frames implements FrameSink {
    /** One frame, {@code data} null if it had none. */
    record Seen(String type, @org.jspecify.annotations.Nullable String data, String id) {}

    final List<Seen> all = new ArrayList<>();
    final ByteArrayOutputStream raw = new ByteArrayOutputStream();

    @Override
    public void onFrame(Frame frame) {
        all.add(new Seen(frame.type(), frame.hasData() ? frame.dataText() : null, frame.id()));
        raw.write(frame.buffer(), frame.rawOffset(), frame.rawEnd() - frame.rawOffset());
    }

    /** The frames that carry data. */
    List<Seen> events() {
        return all.stream().filter(seen -> seen.data != null).toList();
    }

    String rawText() {
        return raw.toString(StandardCharsets.ISO_8859_1);
    }
}

package dev.sluice.gateway.config;

import java.time.Duration;

/**
 * The bounds of streams that clients may take up again after a lost connection.
 *
 * @param window how long a stream goes on without its client, and is kept after its end; zero keeps
 *     none
 * @param buffer bytes that are kept of one stream
 * @param bytes bytes that are kept of all of them
 */
public record KeptStreams(Duration window, int buffer, int bytes) {
    static final Range<Duration> WINDOWS = Range.ofDurations("0s", "24h");
    static final Range<Integer> BUFFERS = Range.ofSizes("4KiB", "64MiB");
    static final Range<Integer> BYTES = Range.ofSizes("64KiB", "1GiB");

    /** What suits browsers that lose their network for a moment. */
    public static final KeptStreams DEFAULT =
            new KeptStreams(Duration.ofSeconds(30), 256 << 10, 64 << 20);

    /** Refuses bounds out of range. */
    public KeptStreams {
        WINDOWS.check("window", window);
        BUFFERS.check("buffer", buffer);
        BYTES.check("bytes", bytes);
    }
}

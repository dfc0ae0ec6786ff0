package dev.sluice.gateway.config;

import java.time.Duration;

/**
 * The bounds of what is kept for clients that come back to a response.
 *
 * @param entries responses at once, in the whole process; 0 keeps none
 * @param bytes bytes of all of them
 * @param age how long one is kept
 */
public record KeptResponses(int entries, int bytes, Duration age) {
    static final Range<Integer> ENTRIES = Range.ofNumbers(0, 1_000_000);
    static final Range<Integer> BYTES = Range.ofSizes("64KiB", "1GiB");
    static final Range<Duration> AGES = Range.ofDurations("1s", "720h");

    /** What suits agents and chats on one machine. */
    public static final KeptResponses DEFAULT =
            new KeptResponses(1_000, 64 << 20, Duration.ofHours(1));

    /** Refuses bounds out of range. */
    public KeptResponses {
        ENTRIES.check("entries", entries);
        BYTES.check("bytes", bytes);
        AGES.check("age", age);
    }
}

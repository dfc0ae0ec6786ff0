package dev.sluice.dialect.ollama;

import dev.sluice.core.json.Text;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Points in time as this wire writes them. */
final class OllamaTimes {
    private OllamaTimes() {}

    /** Seconds since 1970; 0 for what is no time. */
    static long read(Text time) {
        try {
            return time.isEmpty() ? 0 : OffsetDateTime.parse(time.toString()).toEpochSecond();
        } catch (DateTimeException noTime) {
            return 0;
        }
    }

    static String write(long seconds) {
        return Instant.ofEpochSecond(seconds).toString();
    }
}

package dev.sluice.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Headers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

class RetryAfterTest {
    private static final RetryAfter RETRY_AFTER =
            new RetryAfter(InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));

    @ParameterizedTest
    @CsvSource({
        "retry-after,7,7000",
        "retry-after,0,0",
        "retry-after,1.5,1500",
        "Retry-After,' 3 ',3000",
        "retry-after,-4,0",
        "retry-after,999999999,86400000",
        "retry-after-ms,250,250",
        "retry-after,'Fri, 02 Jan 2026 03:04:15 GMT',10000",
        "retry-after,'Fri, 02 Jan 2026 03:04:00 GMT',0"
    })
    void readsHeaders(String name, String value, long millis) {
        assertThat(RETRY_AFTER.read(Headers.of(name, value), ""))
                .contains(Duration.ofMillis(millis));
    }

    @Test
    void prefersMillisecondsAndTheClockOfTheAnswer() {
        assertThat(RETRY_AFTER.read(Headers.of("retry-after", "7", "retry-after-ms", "6900"), ""))
                .contains(Duration.ofMillis(6900));
        Headers dated =
                Headers.of(
                        "date", "Fri, 02 Jan 2026 02:00:00 GMT",
                        "retry-after", "Fri, 02 Jan 2026 02:00:30 GMT");
        assertThat(RETRY_AFTER.read(dated, "")).contains(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({
        "Please try again in 6.57s.,6570",
        "try again in 120ms,120",
        "try again in 2m now,120000",
        "try again in 20 s,20000"
    })
    void readsWords(String message, long millis) {
        assertThat(RETRY_AFTER.read(Headers.NONE, message)).contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "NaN", "Infinity", "12 o'clock"})
    void ignoresWhatItCannotRead(String value) {
        assertThat(RETRY_AFTER.read(Headers.of("retry-after", value), "try again later")).isEmpty();
    }
}

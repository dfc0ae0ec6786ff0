package dev.sluice.dialect.anthropic;

import dev.sluice.core.dialect.Headers;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long an upstream asks to wait before another attempt: from its header fields, or from its
 * words.
 */
final class RetryAfter {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Pattern WORDS =
            Pattern.compile("try again in (\\d{1,9}(?:\\.\\d{1,9})?) ?(ms|s|m)\\b");

    private final InstantSource clock;

    /** {@code clock} is asked only for a date without a date of the answer to compare it with. */
    RetryAfter(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * The wait; empty if there is none that can be understood. Never negative and never more than a
     * day.
     */
    Optional<Duration> read(Headers headers, String message) {
        return headers.get("retry-after-ms")
                .flatMap(value -> number(value, 1))
                .or(() -> headers.get("retry-after").flatMap(value -> number(value, 1000)))
                .or(() -> headers.get("retry-after").flatMap(value -> date(value, headers)))
                .or(() -> words(message))
                .map(RetryAfter::bounded);
    }

    private static Duration bounded(Duration wait) {
        Duration positive = wait.isNegative() ? Duration.ZERO : wait;
        return positive.compareTo(LONGEST) > 0 ? LONGEST : positive;
    }

    private static Optional<Duration> number(String value, int millis) {
        try {
            double number = Double.parseDouble(value.strip());
            return Double.isFinite(number)
                    ? Optional.of(Duration.ofMillis((long) Math.ceil(number * millis)))
                    : Optional.empty();
        } catch (NumberFormatException notNumber) {
            return Optional.empty();
        }
    }

    private Optional<Duration> date(String value, Headers headers) {
        return instant(value)
                .map(
                        then -> {
                            Instant now =
                                    headers.get("date")
                                            .flatMap(RetryAfter::instant)
                                            .orElseGet(clock::instant);
                            return Duration.between(now, then);
                        });
    }

    private static Optional<Instant> instant(String value) {
        try {
            return Optional.of(
                    ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException notDate) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> words(String message) {
        Matcher matcher = WORDS.matcher(message);
        if (!matcher.find()) {
            return Optional.empty();
        }
        int millis =
                switch (matcher.group(2)) {
                    case "ms" -> 1;
                    case "s" -> 1000;
                    default -> 60_000;
                };
        return number(matcher.group(1), millis);
    }
}

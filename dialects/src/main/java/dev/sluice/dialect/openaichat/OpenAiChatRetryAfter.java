package dev.sluice.dialect.openaichat;

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

/** How long an upstream asks to be left alone: by its headers, or by a sentence in its message. */
final class OpenAiChatRetryAfter {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,12}(\\.\\d{1,9})?");
    private static final Pattern SENTENCE =
            Pattern.compile("try again in ((?:\\d{1,9}(?:\\.\\d{1,9})?(?:ms|[smh]))+)");
    private static final Pattern STEP = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|[smh])");

    private OpenAiChatRetryAfter() {}

    /** The time to wait, at most a day, or empty if none is told. */
    static Optional<Duration> of(Headers headers, String message, InstantSource clock) {
        return headers.get("retry-after-ms")
                .flatMap(value -> decimal(value, 1))
                .or(() -> headers.get("retry-after").flatMap(value -> decimal(value, 1000)))
                .or(() -> headers.get("retry-after").flatMap(value -> until(value, headers, clock)))
                .or(() -> sentence(message))
                .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
    }

    private static Optional<Duration> decimal(String value, int millisPerUnit) {
        String digits = value.strip();
        return DECIMAL.matcher(digits).matches()
                ? Optional.of(
                        Duration.ofMillis(Math.round(Double.parseDouble(digits) * millisPerUnit)))
                : Optional.empty();
    }

    /** An HTTP date, counted from the upstream's own clock where it tells the time. */
    private static Optional<Duration> until(String value, Headers headers, InstantSource clock) {
        return date(value)
                .map(
                        then -> {
                            Instant now =
                                    headers.get("date")
                                            .flatMap(OpenAiChatRetryAfter::date)
                                            .orElseGet(clock::instant);
                            Duration wait = Duration.between(now, then);
                            return wait.isNegative() ? Duration.ZERO : wait;
                        });
    }

    private static Optional<Instant> date(String value) {
        try {
            return Optional.of(
                    ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }

    /** "Please try again in 6.57s", and the same with 20ms, 1m2.5s, 1h2m. */
    private static Optional<Duration> sentence(String message) {
        Matcher sentence = SENTENCE.matcher(message);
        if (!sentence.find()) {
            return Optional.empty();
        }
        double millis = 0;
        Matcher step = STEP.matcher(sentence.group(1));
        while (step.find()) {
            millis += Double.parseDouble(step.group(1)) * millisPer(step.group(2));
        }
        return Optional.of(Duration.ofMillis(Math.round(millis)));
    }

    private static int millisPer(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            default -> 3_600_000;
        };
    }
}

package dev.sluice.gateway.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** The origin of a web page, as its browser writes it. */
final class Origin {
    /** What an origin looks like. */
    static final String EXPECTED = "an origin like https://chat.example.com, or *";

    private static final Pattern ORIGIN =
            Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

    private Origin() {}

    /** The origin, or an objection without a subject. */
    static String parse(String text) {
        String origin = text.toLowerCase(Locale.ROOT);
        if (origin.equals("*") || ORIGIN.matcher(origin).matches()) {
            return origin;
        }
        int scheme = origin.indexOf("://");
        if (scheme < 0) {
            throw InvalidValue.of("", "has no scheme", EXPECTED);
        }
        if (origin.indexOf('/', scheme + 3) >= 0) {
            throw InvalidValue.of("", "has a path, which an origin has not", EXPECTED);
        }
        throw InvalidValue.of("", "is not an origin", EXPECTED);
    }
}

package dev.sluice.gateway.ingress;

import dev.sluice.core.failure.Failure;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The part of an address behind the question mark, by which a client comes back to what is kept.
 */
public final class Query {
    private final Map<String, String> values = new LinkedHashMap<>();

    /** Reads {@code text}. */
    public Query(String text) {
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            values.put(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException cut) {
            return text;
        }
    }

    /** What {@code name} says, or {@code otherwise} where it is not there. */
    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /** Whether {@code name} says that something is so. */
    public boolean isTrue(String name) {
        return text(name, "").equals("true");
    }

    /** A whole number that is not negative. */
    public long number(String name, long otherwise) {
        String text = text(name, "");
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException notANumber) {
            throw Failure.invalid(name, name + " is no whole number").asException();
        }
    }
}

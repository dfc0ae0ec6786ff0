package dev.sluice.core.failure;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** What an upstream says when it fails, as far as a client may read it. */
public final class UpstreamWords {
    private static final int LONGEST = 500;
    private static final int LONGEST_PLAIN = 2000;

    private UpstreamWords() {}

    /** One line without control characters, keys and web pages, of bounded length. */
    public static String clean(String words) {
        String start = words.stripLeading();
        String lower = words.toLowerCase(Locale.ROOT);
        if (start.startsWith("<") || lower.contains("<html") || lower.contains("<!doctype")) {
            return "";
        }
        StringBuilder line = new StringBuilder(Math.min(words.length(), LONGEST + 16));
        for (int i = 0; i < words.length() && line.length() <= LONGEST; i++) {
            char c = words.charAt(i);
            line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
        }
        String clean = Redactor.BY_LOOK.clean(line.toString()).strip();
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST - 1) + "…";
    }

    /**
     * The beginning of a body that is no JSON; empty if it looks like JSON that was cut. Not {@link
     * #clean} yet.
     */
    public static String plain(byte[] bytes, int offset, int length) {
        String text =
                new String(bytes, offset, Math.min(length, LONGEST_PLAIN), StandardCharsets.UTF_8);
        String start = text.strip();
        return start.startsWith("{") || start.startsWith("[") ? "" : text;
    }

    /**
     * The sentence for a client about a failure of {@code kind}, of which the upstream has told
     * {@code words} that are {@link #clean}.
     *
     * @param status the HTTP status, 0 if there was none
     */
    public static String sentence(FailureCode kind, int status, String words) {
        String with = status == 0 ? "" : " (HTTP " + status + ")";
        if (kind == FailureCode.UPSTREAM_CREDENTIALS) {
            // The upstream's own words are about the gateway's key and not for the client.
            return "the upstream refused the key that the gateway has for it"
                    + with
                    + "; the key of this provider must be mended in the gateway's configuration";
        }
        return words.isEmpty() ? "the upstream failed and did not say why" + with : words;
    }

    /**
     * Whether {@code words} say that the request cannot be taken, though the server calls it an
     * error of its own: llama.cpp does (500) when a request has what the model that it runs, or the
     * way in which it was started, does not take. Another try would not help.
     */
    public static boolean sayUnsupported(String words) {
        return words.contains(" input is not supported - hint")
                || words.contains(" param requires --jinja flag")
                || words.contains("model does not support multimodal");
    }

    /** A header field that is a number of at most nine digits; empty if it is none. */
    public static Optional<Long> count(String field) {
        boolean number =
                !field.isEmpty()
                        && field.length() < 10
                        && field.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Optional.of(Long.parseLong(field)) : Optional.empty();
    }
}

package dev.sluice.core.failure;

import java.util.Locale;
import java.util.regex.Pattern;

/** What an upstream says when it fails, as far as a client may read it. */
public final class UpstreamWords {
    private static final int LONGEST = 500;
    private static final Pattern KEY =
            Pattern.compile("\\b(?:sk|pk|key|gsk|xai)-[A-Za-z0-9_*.-]{4,}");

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
        String clean = KEY.matcher(line).replaceAll("[key]").strip();
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST - 1) + "…";
    }
}

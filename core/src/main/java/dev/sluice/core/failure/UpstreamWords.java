package dev.sluice.core.failure;

import java.util.Locale;

/** What an upstream says when it fails, as far as a client may read it. */
public final class UpstreamWords {
    private static final int LONGEST = 500;

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
}

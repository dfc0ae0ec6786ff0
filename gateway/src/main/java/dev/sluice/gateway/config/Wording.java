package dev.sluice.gateway.config;

import java.util.Collection;
import java.util.List;

/** How problems quote and list. */
final class Wording {

    private static final int LONGEST_QUOTE = 60;
    private static final int LONGEST_LIST = 24;

    private Wording() {}

    /** The text in backticks: cut when long, control characters shown and not obeyed. */
    static String quote(String text) {
        return "`" + plain(text) + "`";
    }

    /** The text on one line: cut when long, control characters shown and not obeyed. */
    static String plain(String text) {
        StringBuilder shown = new StringBuilder();
        int end =
                text.offsetByCodePoints(
                        0, Math.min(text.codePointCount(0, text.length()), LONGEST_QUOTE));
        text.substring(0, end).codePoints().forEach(point -> append(shown, point));
        return end < text.length() ? shown.append('…').toString() : shown.toString();
    }

    private static void append(StringBuilder shown, int point) {
        switch (point) {
            case '\n' -> shown.append("\\n");
            case '\r' -> shown.append("\\r");
            case '\t' -> shown.append("\\t");
            default -> {
                if (Character.isISOControl(point) || Character.getType(point) == Character.FORMAT) {
                    shown.append("\\u").append("%04x".formatted(point));
                } else {
                    shown.appendCodePoint(point);
                }
            }
        }
    }

    /** {@code a}, {@code a or b}, {@code a, b or c}. */
    static String either(Collection<String> words) {
        return list(words, " or ");
    }

    /** {@code a}, {@code a and b}, {@code a, b and c}. */
    static String both(Collection<String> words) {
        return list(words, " and ");
    }

    /** {@code 1 route}, {@code 2 routes}, {@code no routes}. */
    static String count(int number, String noun) {
        return (number == 0 ? "no" : number) + " " + noun + (number == 1 ? "" : "s");
    }

    private static String list(Collection<String> words, String last) {
        List<String> all = words.stream().map(Wording::plain).toList();
        if (all.size() > LONGEST_LIST) {
            String rest = all.size() - LONGEST_LIST + " more";
            return String.join(", ", all.subList(0, LONGEST_LIST)) + last + rest;
        }
        int split = all.size() - 1;
        return split < 1
                ? String.join("", all)
                : String.join(", ", all.subList(0, split)) + last + all.get(split);
    }
}

package dev.sluice.gateway.config;

import java.util.Map;

/**
 * Variables of the environment in a file: {@code ${NAME}}, {@code ${NAME:-default}}; a second
 * dollar sign in front makes it plain text.
 *
 * <p>YAML would take the braces of {@code {key: ${KEY}}} for a mapping of its own. So the
 * characters that mean something to YAML are masked inside of {@code ${…}} before it is parsed,
 * each by one private-use character, which keeps every line and column; and they are put back in
 * every value afterwards. What a variable says is never parsed again.
 */
final class Interpolation {

    private static final String MEANINGFUL = "{}[],:#";
    private static final char MASK = '\uE000';
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
    private static final String EXPECTED = "${NAME} or ${NAME:-default}, and $${ for a plain ${";

    private Interpolation() {}

    /** The source with every {@code ${…}} made meaningless to YAML; as long as before. */
    static String mask(String source) {
        StringBuilder masked = new StringBuilder(source);
        for (int start = source.indexOf("${"); start >= 0; ) {
            int end = unquoted(source, start);
            for (int i = start + 1; i < end; i++) {
                int index = MEANINGFUL.indexOf(source.charAt(i));
                if (index >= 0) {
                    masked.setCharAt(i, (char) (MASK + index));
                }
            }
            start = source.indexOf("${", Math.max(end, start + 2));
        }
        return masked.toString();
    }

    /** Where the first character of the source is that a mask is made of; -1 when there is none. */
    static int reserved(String source) {
        for (int i = 0; i < source.length(); i++) {
            if (isMask(source.charAt(i))) {
                return i;
            }
        }
        return -1;
    }

    /** What stood there before {@link #mask}. */
    static String unmask(String masked) {
        StringBuilder text = new StringBuilder(masked);
        for (int i = 0; i < masked.length(); i++) {
            if (isMask(masked.charAt(i))) {
                text.setCharAt(i, MEANINGFUL.charAt(masked.charAt(i) - MASK));
            }
        }
        return text.toString();
    }

    /**
     * The text with its variables put in; the objection of what is thrown names the variable and no
     * value.
     */
    static String expand(String text, Map<String, String> env) {
        StringBuilder expanded = new StringBuilder();
        int from = 0;
        for (int start = text.indexOf("${"); start >= 0; start = text.indexOf("${", from)) {
            if (start > from && text.charAt(start - 1) == '$') {
                expanded.append(text, from, start - 1).append("${");
                from = start + 2;
                continue;
            }
            int end = end(text, start);
            if (end < 0) {
                throw InvalidValue.of("", "has a `${` without its `}`", EXPECTED);
            }
            expanded.append(text, from, start)
                    .append(value(text.substring(start + 2, end - 1), env));
            from = end;
        }
        return expanded.append(text, from, text.length()).toString();
    }

    private static String value(String reference, Map<String, String> env) {
        int split = reference.indexOf(":-");
        String name = split < 0 ? reference : reference.substring(0, split);
        if (!name.matches(NAME) || reference.contains("${")) {
            throw InvalidValue.of("", "has something other than a variable in `${…}`", EXPECTED);
        }
        String value = env.get(name);
        if (split >= 0 && (value == null || value.isEmpty())) {
            return reference.substring(split + 2);
        }
        if (value == null) {
            Problem unset =
                    Problem.of("", "no variable " + Wording.quote(name) + " in the environment");
            throw new InvalidValue(
                    unset.near(NearestWord.of(name, env.keySet()))
                            .expecting("it set, or a default: ${" + name + ":-…}"));
        }
        return value;
    }

    /**
     * Just behind the brace that closes the one after {@code start}, on the same line; -1 when
     * there is none.
     */
    private static int end(String text, int start) {
        int depth = 0;
        for (int i = start + 1; i < text.length() && text.charAt(i) != '\n'; i++) {
            if (text.charAt(i) == '{' && text.charAt(i - 1) == '$') {
                depth++;
            } else if (text.charAt(i) == '}' && --depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    /**
     * The same, but -1 when a quote comes before: it most likely ends the text that the brace is
     * missing in.
     */
    private static int unquoted(String source, int start) {
        int end = end(source, start);
        boolean quoted =
                source.substring(start, Math.max(start, end))
                        .chars()
                        .anyMatch(c -> c == '"' || c == '\'');
        return quoted ? -1 : end;
    }

    private static boolean isMask(char c) {
        return c >= MASK && c < MASK + MEANINGFUL.length();
    }
}

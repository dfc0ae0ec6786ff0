package dev.sluice.llama.grammar;

import java.util.ArrayList;
import java.util.List;

/**
 * Regular expressions for the inside of a JSON string, as far as grammars of this kind can say
 * them: letters, sets, groups, alternatives and repetitions, anchored or not. Assertions and
 * references back are not among them.
 */
final class PatternRules {
    private static final int DEEPEST = 32;

    /** Thrown inside for what cannot be said; the pattern is then ignored as a whole. */
    private static final class Unsayable extends RuntimeException {
        Unsayable() {
            super(null, null, false, false);
        }
    }

    private final String pattern;
    private final JsonTokens tokens;
    private int at;
    private int depth;

    private PatternRules(String pattern, JsonTokens tokens) {
        this.pattern = pattern;
        this.tokens = tokens;
    }

    /** The expression of strings that match, empty where it cannot be said. */
    static String of(String pattern, JsonTokens tokens) {
        boolean start = pattern.startsWith("^");
        boolean end = pattern.endsWith("$") && !pattern.endsWith("\\$");
        String inner = pattern.substring(start ? 1 : 0, pattern.length() - (end ? 1 : 0));
        PatternRules rules = new PatternRules(inner, tokens);
        try {
            String expression = rules.alternatives();
            if (rules.at < inner.length() || (start || end) && rules.topAlternatives(inner)) {
                return "";
            }
            String any = tokens.character() + "*";
            return (start ? "" : any + " ") + "(" + expression + ")" + (end ? "" : " " + any);
        } catch (Unsayable _) {
            return "";
        }
    }

    /** Whether an anchor binds to one alternative alone, which would change its meaning. */
    private boolean topAlternatives(String inner) {
        int level = 0;
        for (int i = 0; i < inner.length(); i++) {
            switch (inner.charAt(i)) {
                case '\\' -> i++;
                case '(', '[' -> level++;
                case ')', ']' -> level--;
                case '|' -> {
                    if (level == 0) {
                        return true;
                    }
                }
                default -> {}
            }
        }
        return false;
    }

    private String alternatives() {
        depth++;
        if (depth > DEEPEST) {
            throw new Unsayable();
        }
        List<String> ways = new ArrayList<>(List.of(sequence()));
        while (at < pattern.length() && pattern.charAt(at) == '|') {
            at++;
            ways.add(sequence());
        }
        depth--;
        return String.join(" | ", ways);
    }

    private String sequence() {
        List<String> parts = new ArrayList<>();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            parts.add(one() + repetition());
        }
        return parts.isEmpty() ? "\"\"" : String.join(" ", parts);
    }

    private String one() {
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        return switch (c) {
            case '(' -> group();
            case '[' -> set();
            case '.' -> tokens.character();
            case '\\' -> escape();
            case '^', '$', '*', '+', '?', '{', '}', ']' -> throw new Unsayable();
            default -> literal(c);
        };
    }

    private static String literal(int c) {
        String quoted = JsonTokens.quoted(Character.toString(c));
        return Rules.literal(quoted.substring(1, quoted.length() - 1));
    }

    private String group() {
        if (pattern.startsWith("?:", at)) {
            at += 2;
        } else if (pattern.startsWith("?", at)) {
            throw new Unsayable();
        }
        String inner = alternatives();
        if (at >= pattern.length()) {
            throw new Unsayable();
        }
        at++;
        return "(" + inner + ")";
    }

    private String escape() {
        if (at >= pattern.length()) {
            throw new Unsayable();
        }
        char kind = pattern.charAt(at++);
        return switch (kind) {
            case 'd' -> "[0-9]";
            case 'w' -> "[0-9A-Za-z_]";
            case 's' -> "[ ]";
            case 'D' -> "[^0-9" + JsonTokens.PLAIN + "]";
            case 'W' -> "[^0-9A-Za-z_" + JsonTokens.PLAIN + "]";
            case 'S' -> "[^ " + JsonTokens.PLAIN + "]";
            case 'n' -> literal('\n');
            case 't' -> literal('\t');
            case 'r' -> literal('\r');
            default -> {
                if (Character.isLetterOrDigit(kind)) {
                    throw new Unsayable();
                }
                yield literal(kind);
            }
        };
    }

    private String set() {
        boolean negated = at < pattern.length() && pattern.charAt(at) == '^';
        if (negated) {
            at++;
        }
        StringBuilder out = new StringBuilder();
        while (at < pattern.length() && pattern.charAt(at) != ']') {
            member(out);
        }
        if (at >= pattern.length() || out.isEmpty()) {
            throw new Unsayable();
        }
        at++;
        return negated ? "[^" + out + JsonTokens.PLAIN + "]" : "[" + out + "]";
    }

    private void member(StringBuilder out) {
        int from = setCharacter(out);
        if (from < 0) {
            return;
        }
        Rules.character(from, true, out);
        if (at + 1 < pattern.length()
                && pattern.charAt(at) == '-'
                && pattern.charAt(at + 1) != ']') {
            at++;
            int to = setCharacter(out);
            if (to < from || from <= '"' && to >= '"' || from <= '\\' && to >= '\\') {
                throw new Unsayable();
            }
            out.append('-');
            Rules.character(to, true, out);
        }
    }

    /** The character that is next in a set; -1 if it was a class that was written whole. */
    private int setCharacter(StringBuilder out) {
        int c = pattern.codePointAt(at);
        at += Character.charCount(c);
        if (c == '\\' && at < pattern.length()) {
            char kind = pattern.charAt(at++);
            switch (kind) {
                case 'd' -> out.append("0-9");
                case 'w' -> out.append("0-9A-Za-z_");
                case 's' -> out.append(' ');
                default -> {
                    if (Character.isLetterOrDigit(kind)) {
                        throw new Unsayable();
                    }
                    return plain(kind);
                }
            }
            return -1;
        }
        return plain(c);
    }

    /** A character that stands in a JSON string as it is. */
    private static int plain(int c) {
        if (c < ' ' || c == '"' || c == '\\' || c == 0x7f) {
            throw new Unsayable();
        }
        return c;
    }

    private String repetition() {
        if (at >= pattern.length()) {
            return "";
        }
        char kind = pattern.charAt(at);
        String repetition =
                switch (kind) {
                    case '*', '+', '?' -> {
                        at++;
                        yield String.valueOf(kind);
                    }
                    case '{' -> counted();
                    default -> "";
                };
        // Lazy or possessive makes no difference to what matches as a whole.
        if (!repetition.isEmpty() && at < pattern.length() && pattern.charAt(at) == '?') {
            at++;
        }
        return repetition;
    }

    private String counted() {
        int close = pattern.indexOf('}', at);
        String counts = close < 0 ? "" : pattern.substring(at + 1, close);
        if (!counts.matches("\\d{1,4}(,\\d{0,4})?")) {
            throw new Unsayable();
        }
        int comma = counts.indexOf(',');
        int least = Integer.parseInt(comma < 0 ? counts : counts.substring(0, comma));
        int most =
                comma < 0
                        ? least
                        : comma == counts.length() - 1
                                ? -1
                                : Integer.parseInt(counts.substring(comma + 1));
        if (least > JsonTokens.MOST_REPETITIONS
                || most > JsonTokens.MOST_REPETITIONS
                || most >= 0 && most < least) {
            throw new Unsayable();
        }
        at = close + 1;
        return JsonRules.repeat(least, most);
    }
}

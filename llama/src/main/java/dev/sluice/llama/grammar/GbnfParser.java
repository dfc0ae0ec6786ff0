package dev.sluice.llama.grammar;

import dev.sluice.llama.grammar.Gbnf.Part;
import dev.sluice.llama.grammar.Gbnf.Range;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads GBNF, and takes nothing that the engine does not take. */
final class GbnfParser {
    /** The engine writes repetitions out as rules and refuses more. */
    private static final int MOST_REPETITIONS = 2000;

    private static final int DEEPEST = 64;
    private static final int LONGEST = 4 << 20;

    private final String text;
    private final Map<String, Part.Choice> rules = new LinkedHashMap<>();
    private int at;
    private int depth;

    GbnfParser(String text) {
        this.text = text;
    }

    Map<String, Part.Choice> rules() {
        if (text.length() > LONGEST) {
            throw error("longer than " + LONGEST + " characters");
        }
        blank(true);
        while (at < text.length()) {
            String name = name();
            blank(false);
            if (!text.startsWith("::=", at)) {
                throw error("expected `::=` behind the name of a rule");
            }
            at += 3;
            blank(true);
            Part.Choice body = choice(false);
            if (rules.put(name, body) != null) {
                throw error("rule `" + name + "` comes twice");
            }
            if (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                throw error("expected the end of the line");
            }
            blank(true);
        }
        return rules;
    }

    private GrammarException error(String problem) {
        int line = 1 + (int) text.chars().limit(at).filter(c -> c == '\n').count();
        return new GrammarException("grammar, line " + line + ": " + problem);
    }

    /** Skips spaces and comments, and line ends if they mean nothing here. */
    private void blank(boolean lines) {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (c == ' ' || c == '\t' || lines && (c == '\n' || c == '\r')) {
                at++;
            } else {
                return;
            }
        }
    }

    private static boolean inName(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-';
    }

    private String name() {
        int from = at;
        while (at < text.length() && inName(text.charAt(at))) {
            at++;
        }
        if (from == at) {
            throw error("expected the name of a rule");
        }
        return text.substring(from, at);
    }

    private Part.Choice choice(boolean nested) {
        depth++;
        if (depth > DEEPEST) {
            throw error("groups nest deeper than " + DEEPEST);
        }
        List<List<Part>> sequences = new ArrayList<>(List.of(sequence(nested)));
        while (at < text.length() && text.charAt(at) == '|') {
            at++;
            blank(true);
            sequences.add(sequence(nested));
        }
        depth--;
        return new Part.Choice(sequences);
    }

    private List<Part> sequence(boolean nested) {
        List<Part> parts = new ArrayList<>();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '*' || c == '+' || c == '?' || c == '{') {
                repeat(parts, c);
            } else if (c == '"') {
                parts.add(literal());
            } else if (c == '[') {
                parts.add(characters());
            } else if (c == '.') {
                at++;
                parts.add(new Part.Characters(List.of(), true));
            } else if (c == '(') {
                parts.add(group());
            } else if (inName(c)) {
                parts.add(new Part.Reference(name()));
            } else {
                return parts;
            }
            blank(nested);
        }
        return parts;
    }

    private Part group() {
        at++;
        blank(true);
        Part.Choice choice = choice(true);
        if (at >= text.length() || text.charAt(at) != ')') {
            throw error("expected `)`");
        }
        at++;
        return choice;
    }

    private void repeat(List<Part> parts, char kind) {
        if (parts.isEmpty()) {
            throw error("nothing stands in front of `" + kind + "`");
        }
        at++;
        int least = kind == '+' ? 1 : 0;
        int most = kind == '?' ? 1 : -1;
        if (kind == '{') {
            least = number();
            most = least;
            if (at < text.length() && text.charAt(at) == ',') {
                at++;
                most = at < text.length() && text.charAt(at) != '}' ? number() : -1;
            }
            if (at >= text.length() || text.charAt(at) != '}') {
                throw error("expected `}`");
            }
            at++;
        }
        if (most >= 0 && most < least) {
            throw error("a repetition of at least " + least + " and at most " + most);
        }
        parts.add(new Part.Repeat(parts.removeLast(), least, most));
    }

    private int number() {
        int from = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (from == at || at - from > 6) {
            throw error("expected a number");
        }
        int number = Integer.parseInt(text.substring(from, at));
        if (number > MOST_REPETITIONS) {
            throw error("a repetition of more than " + MOST_REPETITIONS);
        }
        return number;
    }

    private Part literal() {
        at++;
        StringBuilder characters = new StringBuilder();
        while (true) {
            if (at >= text.length()) {
                throw error("a literal has no end");
            }
            if (text.charAt(at) == '"') {
                at++;
                return new Part.Literal(characters.toString());
            }
            characters.appendCodePoint(character());
        }
    }

    private Part characters() {
        at++;
        boolean negated = at < text.length() && text.charAt(at) == '^';
        if (negated) {
            at++;
        }
        List<Range> ranges = new ArrayList<>();
        while (true) {
            if (at >= text.length()) {
                throw error("a set of characters has no end");
            }
            if (text.charAt(at) == ']') {
                at++;
                break;
            }
            int from = character();
            int to = from;
            if (text.startsWith("-", at) && !text.startsWith("-]", at)) {
                at++;
                if (at >= text.length()) {
                    throw error("a set of characters has no end");
                }
                to = character();
            }
            if (to < from) {
                throw error("a range of characters that runs backwards");
            }
            ranges.add(new Range(from, to));
        }
        if (ranges.isEmpty()) {
            throw error("an empty set of characters");
        }
        return new Part.Characters(ranges, negated);
    }

    private int character() {
        int c = text.codePointAt(at);
        at += Character.charCount(c);
        if (c != '\\') {
            return c;
        }
        if (at >= text.length()) {
            throw error("an escape has no end");
        }
        char kind = text.charAt(at++);
        return switch (kind) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '\\', '"', '[', ']' -> kind;
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            case 'U' -> hexadecimal(8);
            default -> throw error("the escape `\\" + kind + "` is unknown");
        };
    }

    private int hexadecimal(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw error("expected " + digits + " hexadecimal digits");
            }
            value = value << 4 | digit;
            at++;
        }
        if (!Character.isValidCodePoint(value)) {
            throw error("not a character of Unicode");
        }
        return value;
    }
}

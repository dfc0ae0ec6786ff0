package dev.sluice.llama.grammar;

import dev.sluice.core.json.ByteBuilder;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rules of JSON itself, each made when it is first used. */
final class JsonTokens {
    static final int MOST_REPETITIONS = 2000;

    /** Characters that stand in a JSON string as they are, inside of a set. */
    static final String PLAIN = "\\x22\\\\\\x00-\\x1F\\x7F";

    private final Rules rules;

    JsonTokens(Rules rules) {
        this.rules = rules;
    }

    /** {@code text} as a JSON string. */
    static String quoted(String text) {
        return new ByteBuilder().quoted(text).toString();
    }

    /** White space: short, since a model that is held to a form may else write it for ever. */
    String space() {
        return rules.shared("space", "| \" \" | \"\\n\" [ \\t]{0,20}");
    }

    String comma() {
        return rules.shared("comma", space() + " \",\" " + space());
    }

    String colon() {
        return rules.shared("colon", space() + " \":\" " + space());
    }

    /** One character of a string. Halves of one are not written: what is beyond stands as it is. */
    String character() {
        return rules.shared(
                "char",
                "[^"
                        + PLAIN
                        + "] | \"\\\\\" ([\\x22\\\\/bfnrt] | \"u\" ([0-9a-cA-CefEF] [0-9a-fA-F]{3}"
                        + " | [dD] [0-7] [0-9a-fA-F]{2}))");
    }

    String string() {
        return rules.shared("string", "\"\\\"\" " + character() + "* \"\\\"\"");
    }

    String integer() {
        return rules.shared("integer", "\"-\"? (\"0\" | [1-9] [0-9]{0,15})");
    }

    String number() {
        return rules.shared(
                "number", integer() + " (\".\" [0-9]{1,16})? ([eE] [+\\x2D]? [0-9]{1,2})?");
    }

    String bool() {
        return rules.shared("boolean", "\"true\" | \"false\"");
    }

    String value() {
        String known = rules.shared("value", "");
        if (rules.isEmpty(known)) {
            rules.define(known, "\"null\"");
            String array =
                    rules.shared(
                            "array",
                            "\"[\" "
                                    + space()
                                    + " ("
                                    + known
                                    + " ("
                                    + comma()
                                    + " "
                                    + known
                                    + ")* "
                                    + space()
                                    + ")? \"]\"");
            rules.define(
                    known,
                    String.join(" | ", object(), array, string(), number(), bool(), "\"null\""));
        }
        return known;
    }

    String object() {
        String known = rules.shared("object", "");
        if (rules.isEmpty(known)) {
            rules.define(known, "\"{}\"");
            String pair = string() + " " + colon() + " " + value();
            rules.define(
                    known,
                    "\"{\" "
                            + space()
                            + " ("
                            + pair
                            + " ("
                            + comma()
                            + " "
                            + pair
                            + ")* "
                            + space()
                            + ")? \"}\"");
        }
        return known;
    }

    /** A node of the names that are taken, letter by letter. */
    private static final class Letters {
        final Map<Integer, Letters> next = new TreeMap<>();
        boolean ends;
    }

    /** The expression of a member's name that is none of {@code taken}. */
    String otherName(Collection<String> taken) {
        if (taken.isEmpty()) {
            return string();
        }
        Letters root = new Letters();
        for (String name : taken) {
            if (quoted(name).length() == name.length() + 2) {
                Letters at = root;
                for (int c : name.codePoints().toArray()) {
                    at = at.next.computeIfAbsent(c, _ -> new Letters());
                }
                at.ends = true;
            }
        }
        return rules.rule("name", "\"\\\"\" " + other(root) + " \"\\\"\"");
    }

    private String other(Letters letters) {
        List<String> ways = new ArrayList<>();
        StringBuilder known = new StringBuilder();
        Map<Integer, Letters> next = new LinkedHashMap<>(letters.next);
        next.forEach(
                (c, rest) -> {
                    Rules.character(c, true, known);
                    ways.add(Rules.literal(Character.toString(c)) + " " + other(rest));
                });
        ways.add("[^" + PLAIN + known + "] " + character() + "*");
        String all = String.join(" | ", ways);
        return letters.ends ? "(" + all + ")" : "(" + all + ")?";
    }
}

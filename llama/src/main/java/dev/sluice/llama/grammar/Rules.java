package dev.sluice.llama.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gathers the rules of one grammar. An <em>expression</em> is the text of a part of a rule; where
 * it has alternatives it stands in parentheses, so that expressions can be put side by side.
 */
public final class Rules {
    private static final int MOST = 20_000;

    private final Map<String, String> rules = new LinkedHashMap<>();
    private final Set<String> ignored = new LinkedHashSet<>();
    private final Map<String, String> shared = new LinkedHashMap<>();

    /** No rules. */
    public Rules() {}

    /** Names {@code expression}; a number is added to the name where it is taken. */
    public String rule(String name, String expression) {
        String unique = reserve(name);
        define(unique, expression);
        return unique;
    }

    /** Takes a name for a rule that is defined later, since it will use itself. */
    String reserve(String name) {
        if (rules.size() >= MOST) {
            throw new GrammarException("the schema needs more than " + MOST + " rules");
        }
        String base = name.replaceAll("[^a-zA-Z0-9]+", "-");
        String unique = base;
        for (int i = 2; rules.containsKey(unique); i++) {
            unique = base + "-" + i;
        }
        rules.put(unique, "");
        return unique;
    }

    void define(String name, String expression) {
        rules.put(name, expression);
    }

    /** The rule {@code name}, defined as {@code expression} the first time. */
    String shared(String name, String expression) {
        String known = shared.get(name);
        if (known == null) {
            known = rule(name, expression);
            shared.put(name, known);
        }
        return known;
    }

    /** Whether a rule was named and not defined yet. */
    boolean isEmpty(String name) {
        return "".equals(rules.get(name));
    }

    /** Words of the schema that the grammar does not hold the model to. */
    public Set<String> ignored() {
        return Set.copyOf(ignored);
    }

    void ignore(String word) {
        ignored.add(word);
    }

    /** The expression of exactly {@code text}. */
    public static String literal(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().forEach(c -> character(c, false, out));
        return out.append('"').toString();
    }

    /** Writes a character as it stands in a literal or a set. */
    static void character(int c, boolean inSet, StringBuilder out) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\\' -> out.append("\\\\");
            case '"' -> out.append("\\\"");
            case ']' -> out.append(inSet ? "\\]" : "]");
            default -> {
                if (c < ' ' || c == 0x7f || inSet && (c == '^' || c == '-' || c == '[')) {
                    out.append("\\x")
                            .append(Character.forDigit(c >> 4, 16))
                            .append(Character.forDigit(c & 0xf, 16));
                } else {
                    out.appendCodePoint(c);
                }
            }
        }
    }

    /** The expression of one of {@code alternatives}. */
    public static String oneOf(List<String> alternatives) {
        Set<String> distinct = new LinkedHashSet<>(alternatives);
        return distinct.size() == 1
                ? alternatives.getFirst()
                : "(" + String.join(" | ", distinct) + ")";
    }

    /**
     * The expression of any text up to the first {@code marker}, which is included: one rule for
     * each beginning of the marker that may stand at the end of what was read (Knuth, Morris and
     * Pratt).
     */
    public String until(String marker) {
        String known = shared.get("until " + marker);
        if (known != null) {
            return known;
        }
        int[] points = marker.codePoints().toArray();
        List<String> states = new ArrayList<>();
        for (int i = 0; i < points.length; i++) {
            states.add(reserve("until"));
        }
        for (int i = 0; i < points.length; i++) {
            define(states.get(i), state(points, i, states));
        }
        shared.put("until " + marker, states.getFirst());
        return states.getFirst();
    }

    private static String state(int[] marker, int state, List<String> states) {
        StringBuilder out = new StringBuilder();
        StringBuilder others = new StringBuilder();
        Set<Integer> seen = new LinkedHashSet<>();
        for (int c : marker) {
            int next = seen.add(c) ? next(marker, state, c) : 0;
            if (next == 0) {
                continue;
            }
            character(c, true, others);
            out.append(literal(Character.toString(c)));
            out.append(next == marker.length ? "" : " " + states.get(next)).append(" | ");
        }
        return out.append("[^").append(others).append("] ").append(states.getFirst()).toString();
    }

    /** The longest beginning of the marker that ends what was read and then {@code c}. */
    private static int next(int[] marker, int state, int c) {
        for (int length = state + 1; length > 0; length--) {
            if (marker[length - 1] == c && endsWith(marker, state, length - 1)) {
                return length;
            }
        }
        return 0;
    }

    private static boolean endsWith(int[] marker, int state, int length) {
        for (int i = 0; i < length; i++) {
            if (marker[i] != marker[state - length + i]) {
                return false;
            }
        }
        return true;
    }

    /** The grammar whose root is {@code expression}. */
    public Gbnf build(String expression) {
        StringBuilder text = new StringBuilder("root ::= ").append(expression).append('\n');
        rules.forEach((name, body) -> text.append(name).append(" ::= ").append(body).append('\n'));
        return Gbnf.of(text.toString());
    }
}

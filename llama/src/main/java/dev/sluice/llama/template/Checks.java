package dev.sluice.llama.template;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The tests behind {@code is}. */
final class Checks {
    /** Whether a value passes. */
    @FunctionalInterface
    interface Check {
        boolean holds(Value value, Arguments arguments);
    }

    private static final Map<String, Check> ALL = new HashMap<>();

    private Checks() {}

    static {
        ALL.put("defined", (value, _) -> !(value instanceof Value.Missing));
        ALL.put("undefined", (value, _) -> value instanceof Value.Missing);
        ALL.put("none", (value, _) -> value instanceof Value.None);
        ALL.put("string", (value, _) -> value instanceof Value.Text);
        ALL.put("number", (value, _) -> Types.isNumber(value));
        ALL.put("integer", (value, _) -> value instanceof Value.Int);
        ALL.put("float", (value, _) -> value instanceof Value.Real);
        ALL.put("boolean", (value, _) -> value instanceof Value.Bool);
        ALL.put("true", (value, _) -> value instanceof Value.Bool bool && bool.value());
        ALL.put("false", (value, _) -> value instanceof Value.Bool bool && !bool.value());
        ALL.put("mapping", (value, _) -> value instanceof Value.Members);
        ALL.put("iterable", (value, _) -> iterable(value));
        ALL.put("sequence", (value, _) -> iterable(value) && !(value instanceof Value.Missing));
        ALL.put("callable", (value, _) -> value instanceof Value.Function);
        ALL.put("odd", (value, _) -> remainder(value, 2) == 1);
        ALL.put("even", (value, _) -> remainder(value, 2) == 0);
        ALL.put("lower", (value, _) -> lower(Types.text(value)));
        ALL.put("upper", (value, _) -> upper(Types.text(value)));
        ALL.put(
                "divisibleby",
                (value, arguments) -> remainder(value, arguments.integer(0, "num", 1)) == 0);
        ALL.put("sameas", (value, arguments) -> same(value, arguments.get(0, "other")));
        ALL.put("filter", (value, _) -> Filters.known(Types.text(value)));
        ALL.put("test", (value, _) -> known(Types.text(value)));
        compare("in", "in");
        compare("==", "==", "eq", "equalto");
        compare("!=", "!=", "ne");
        compare("<", "<", "lt", "lessthan");
        compare("<=", "<=", "le");
        compare(">", ">", "gt", "greaterthan");
        compare(">=", ">=", "ge");
    }

    private static void compare(String operator, String... names) {
        for (String name : names) {
            ALL.put(
                    name,
                    (value, arguments) ->
                            Operators.compare(operator, value, arguments.get(0, "other")));
        }
    }

    static boolean known(String name) {
        return ALL.containsKey(name);
    }

    static boolean holds(String name, Value value, Arguments arguments) {
        Check check = ALL.get(name);
        if (check == null) {
            throw TemplateException.of("no test is called `" + name + "`");
        }
        return check.holds(value, arguments);
    }

    private static boolean iterable(Value value) {
        return value instanceof Value.Items
                || value instanceof Value.Members
                || value instanceof Value.Text
                || value instanceof Value.Missing;
    }

    private static boolean same(Value left, Value right) {
        return left.getClass() == right.getClass() && Types.equal(left, right);
    }

    private static long remainder(Value value, long by) {
        if (Types.integer(value) instanceof Value.Int number && by != 0) {
            return Math.floorMod(number.value(), by);
        }
        throw TemplateException.of("expected a whole number, found " + Types.words(value));
    }

    private static boolean lower(String text) {
        return text.equals(text.toLowerCase(Locale.ROOT))
                && !text.equals(text.toUpperCase(Locale.ROOT));
    }

    private static boolean upper(String text) {
        return text.equals(text.toUpperCase(Locale.ROOT))
                && !text.equals(text.toLowerCase(Locale.ROOT));
    }
}

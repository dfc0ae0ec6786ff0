package dev.sluice.llama.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The filters that need nothing but their input and their arguments. */
final class Filters {
    /** What a filter does. */
    @FunctionalInterface
    interface Filter {
        Value apply(Value input, Arguments arguments, Budget budget);
    }

    private static final Map<String, Filter> ALL = new HashMap<>();

    private Filters() {}

    static {
        ALL.put("tojson", (in, a, budget) -> Value.of(JsonText.of(in, a, budget)));
        ALL.put("string", (in, _, budget) -> Value.of(Printer.print(in, budget)));
        ALL.put("safe", (in, _, _) -> in);
        ALL.put("trim", (in, a, budget) -> Value.of(trimmed(Printer.print(in, budget), a)));
        ALL.put("upper", (in, _, b) -> Value.of(Printer.print(in, b).toUpperCase(Locale.ROOT)));
        ALL.put("lower", (in, _, b) -> Value.of(Printer.print(in, b).toLowerCase(Locale.ROOT)));
        ALL.put("title", (in, _, b) -> Value.of(title(Printer.print(in, b))));
        ALL.put(
                "capitalize",
                (in, _, b) -> Value.of(StringMethods.capitalized(Printer.print(in, b))));
        ALL.put(
                "replace",
                (in, a, b) ->
                        StringMethods.replace(
                                Printer.print(in, b),
                                Printer.print(a.get(0, "old"), b),
                                Printer.print(a.get(1, "new"), b),
                                a.integer(2, "count", -1),
                                b));
        ALL.put("format", Filters::format);
        ALL.put("indent", Filters::indented);
        ALL.put("escape", (in, _, b) -> Value.of(escaped(Printer.print(in, b))));
        ALL.put("e", (in, _, b) -> Value.of(escaped(Printer.print(in, b))));
        ALL.put("length", (in, _, _) -> Value.of(Types.length(in)));
        ALL.put("count", (in, _, _) -> Value.of(Types.length(in)));
        ALL.put("default", (in, a, _) -> otherwise(in, a));
        ALL.put("d", (in, a, _) -> otherwise(in, a));
        ALL.put("int", (in, a, _) -> integer(in, a));
        ALL.put("float", (in, a, _) -> real(in, a));
        ALL.put(
                "abs",
                (in, _, _) -> Types.order(in, Value.of(0)) < 0 ? Operators.unary("-", in) : in);
        ALL.put("round", (in, a, _) -> rounded(in, a.integer(0, "precision", 0)));
        ALL.put("items", (in, _, _) -> pairs(in));
        ALL.put("dictsort", (in, _, _) -> ListFilters.sortedPairs(in));
        ALL.put("attr", (in, a, budget) -> Methods.member(in, a.text(0, "name"), budget));
        ListFilters.addTo(ALL);
    }

    static boolean known(String name) {
        return ALL.containsKey(name);
    }

    static Value apply(String name, Value input, Arguments arguments, Budget budget) {
        Filter filter = ALL.get(name);
        if (filter == null) {
            throw TemplateException.of("no filter is called `" + name + "`");
        }
        budget.spend(input instanceof Value.Text text ? text.value().length() : 0);
        return filter.apply(input, arguments, budget);
    }

    private static String trimmed(String text, Arguments arguments) {
        return StringMethods.strip(text, arguments.text(0, "chars", ""), true, true);
    }

    /** Unlike the method of the same name, it starts a word behind a space or bracket alone. */
    private static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
            inWord = !Character.isWhitespace(c) && "-({[<".indexOf(c) < 0;
        }
        return out.toString();
    }

    private static Value format(Value input, Arguments arguments, Budget budget) {
        return StringMethods.formatted(
                Types.text(input), new Value.Items(arguments.positional()), budget);
    }

    private static Value indented(Value input, Arguments arguments, Budget budget) {
        String by =
                arguments.get(0, "width", Value.of(4)) instanceof Value.Text text
                        ? text.value()
                        : " ".repeat((int) Math.clamp(arguments.integer(0, "width", 4), 0L, 1000L));
        boolean first = arguments.flag(1, "first", false);
        boolean blank = arguments.flag(2, "blank", false);
        StringBuilder out = new StringBuilder();
        String[] lines = Printer.print(input, budget).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            boolean indent = i == 0 ? first : blank || !lines[i].isEmpty();
            out.append(i == 0 ? "" : "\n").append(indent ? by : "").append(lines[i]);
            budget.growing(out.length());
        }
        return Operators.text(out.toString(), budget);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }

    private static Value otherwise(Value input, Arguments arguments) {
        boolean missing =
                input instanceof Value.Missing
                        || arguments.flag(1, "boolean", false) && !Types.truth(input);
        return missing ? arguments.get(0, "default_value", Value.of("")) : input;
    }

    private static Value integer(Value input, Arguments arguments) {
        try {
            return switch (Types.integer(input)) {
                case Value.Int number -> number;
                case Value.Real number -> Value.of((long) number.value());
                case Value.Text text -> Value.of((long) Double.parseDouble(text.value().strip()));
                case Value _ -> arguments.get(0, "default", Value.of(0));
            };
        } catch (NumberFormatException _) {
            return arguments.get(0, "default", Value.of(0));
        }
    }

    private static Value real(Value input, Arguments arguments) {
        try {
            return input instanceof Value.Text text
                    ? new Value.Real(Double.parseDouble(text.value().strip()))
                    : Types.isNumber(input)
                            ? new Value.Real(Types.number(input))
                            : arguments.get(0, "default", new Value.Real(0));
        } catch (NumberFormatException _) {
            return arguments.get(0, "default", new Value.Real(0));
        }
    }

    private static Value rounded(Value input, long precision) {
        double scale = Math.pow(10, (double) Math.clamp(precision, -15L, 15L));
        return new Value.Real(Math.rint(Types.number(input) * scale) / scale);
    }

    private static Value pairs(Value input) {
        return input instanceof Value.Missing
                ? new Value.Items(new ArrayList<>())
                : Types.pairs(Types.members(input));
    }

    /** The list that a filter with elements gives. */
    static Value list(List<Value> values) {
        return new Value.Items(values);
    }
}

package dev.sluice.llama.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Writes values as JSON the way that model files expect: a space behind commas and colons, and
 * letters beyond ASCII as they are.
 */
final class JsonText {
    private final StringBuilder out = new StringBuilder();
    private final Budget budget;
    private final int indent;
    private final boolean sorted;
    private final boolean ascii;
    private final String comma;
    private final String colon;

    private JsonText(Arguments arguments, Budget budget) {
        this.budget = budget;
        this.indent = (int) Math.clamp(arguments.integer(0, "indent", -1), -1L, 64L);
        this.sorted = arguments.flag(9, "sort_keys", false);
        this.ascii = arguments.flag(9, "ensure_ascii", false);
        Value separators = arguments.get(9, "separators", Value.NONE);
        if (separators instanceof Value.Items(List<Value> pair) && pair.size() == 2) {
            comma = Types.text(pair.get(0));
            colon = Types.text(pair.get(1));
        } else {
            comma = indent >= 0 ? "," : ", ";
            colon = ": ";
        }
    }

    /** The JSON text of {@code value}. */
    static String of(Value value, Arguments arguments, Budget budget) {
        JsonText json = new JsonText(arguments, budget);
        json.value(value, 0);
        budget.text(json.out.length());
        return json.out.toString();
    }

    private void value(Value value, int depth) {
        budget.growing(out.length());
        budget.spend(0);
        switch (value) {
            case Value.Text text -> string(text.value());
            case Value.Int number -> out.append(number.value());
            case Value.Real number -> out.append(real(number.value()));
            case Value.Bool bool -> out.append(bool.value());
            case Value.None _ -> out.append("null");
            case Value.Items items -> items(items.values(), depth);
            case Value.Members members -> members(members, depth);
            case Value.Missing _, Value.Namespace _, Value.Function _ ->
                    throw TemplateException.of("cannot write " + Types.words(value) + " as JSON");
        }
    }

    private static String real(double value) {
        String text = Printer.real(value);
        return switch (text) {
            case "nan" -> "NaN";
            case "inf" -> "Infinity";
            case "-inf" -> "-Infinity";
            default -> text;
        };
    }

    private void items(List<Value> items, int depth) {
        budget.enter();
        out.append('[');
        String separator = "";
        for (Value item : items) {
            out.append(separator);
            line(depth + 1);
            value(item, depth + 1);
            separator = comma;
        }
        close(items.isEmpty(), depth, ']');
    }

    private void members(Value.Members members, int depth) {
        budget.enter();
        out.append('{');
        List<String> names = new ArrayList<>(members.values().keySet());
        if (sorted) {
            Collections.sort(names);
        }
        String separator = "";
        for (String name : names) {
            out.append(separator);
            line(depth + 1);
            string(name);
            out.append(colon);
            value(members.values().getOrDefault(name, Value.NONE), depth + 1);
            separator = comma;
        }
        close(names.isEmpty(), depth, '}');
    }

    private void close(boolean empty, int depth, char bracket) {
        if (!empty) {
            line(depth);
        }
        out.append(bracket);
        budget.leave();
    }

    private void line(int depth) {
        if (indent >= 0) {
            out.append('\n').repeat(" ", indent * depth);
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || ascii && c > '~') {
                        unicode(c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private void unicode(char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(c >> shift & 0xf, 16));
        }
    }
}

package dev.sluice.llama.template;

import java.util.ArrayList;
import java.util.List;

/** What holds of values whatever is done with them: truth, equality, order, elements. */
final class Types {
    private static final int MOST_CHARACTERS = 1 << 20;

    private Types() {}

    /** How a value is called in a sentence to a person. */
    static String words(Value value) {
        return switch (value) {
            case Value.Text _ -> "a string";
            case Value.Int _ -> "a whole number";
            case Value.Real _ -> "a number";
            case Value.Bool _ -> "a boolean";
            case Value.None _ -> "none";
            case Value.Missing missing -> missing.what() + ", which is not defined";
            case Value.Items _ -> "a list";
            case Value.Members _ -> "a dictionary";
            case Value.Namespace _ -> "a namespace";
            case Value.Function function -> "the function `" + function.name() + "`";
        };
    }

    static boolean truth(Value value) {
        return switch (value) {
            case Value.Text text -> !text.value().isEmpty();
            case Value.Int number -> number.value() != 0;
            case Value.Real number -> number.value() != 0;
            case Value.Bool bool -> bool.value();
            case Value.None _, Value.Missing _ -> false;
            case Value.Items items -> !items.values().isEmpty();
            case Value.Members members -> !members.values().isEmpty();
            case Value.Namespace _, Value.Function _ -> true;
        };
    }

    /** A boolean as the number that it is; any other value as it is. */
    static Value integer(Value value) {
        return value instanceof Value.Bool bool ? Value.of(bool.value() ? 1 : 0) : value;
    }

    static boolean isNumber(Value value) {
        return value instanceof Value.Int
                || value instanceof Value.Real
                || value instanceof Value.Bool;
    }

    static double number(Value value) {
        return switch (integer(value)) {
            case Value.Int number -> number.value();
            case Value.Real number -> number.value();
            case Value other ->
                    throw TemplateException.of("expected a number, found " + words(other));
        };
    }

    static boolean equal(Value left, Value right) {
        if (isNumber(left) && isNumber(right)) {
            return order(left, right) == 0;
        }
        if (left instanceof Value.Items a && right instanceof Value.Items b) {
            return equal(a.values(), b.values());
        }
        if (left instanceof Value.Members a && right instanceof Value.Members b) {
            return equal(a, b);
        }
        if (left instanceof Value.Missing && right instanceof Value.Missing) {
            return true;
        }
        return left.equals(right);
    }

    private static boolean equal(List<Value> left, List<Value> right) {
        boolean equal = left.size() == right.size();
        for (int i = 0; equal && i < left.size(); i++) {
            equal = equal(left.get(i), right.get(i));
        }
        return equal;
    }

    private static boolean equal(Value.Members left, Value.Members right) {
        if (left.values().size() != right.values().size()) {
            return false;
        }
        for (var member : left.values().entrySet()) {
            Value other = right.values().get(member.getKey());
            if (other == null || !equal(member.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    /** Below 0, 0 or above 0, as the left is less than, equal to or greater than the right. */
    static int order(Value left, Value right) {
        if (left instanceof Value.Text a && right instanceof Value.Text b) {
            return a.value().compareTo(b.value());
        }
        if (integer(left) instanceof Value.Int a && integer(right) instanceof Value.Int b) {
            return Long.compare(a.value(), b.value());
        }
        if (isNumber(left) && isNumber(right)) {
            return Double.compare(number(left), number(right));
        }
        if (left instanceof Value.Items a && right instanceof Value.Items b) {
            return order(a.values(), b.values());
        }
        throw TemplateException.of("cannot compare " + words(left) + " with " + words(right));
    }

    private static int order(List<Value> left, List<Value> right) {
        for (int i = 0; i < left.size() && i < right.size(); i++) {
            if (!equal(left.get(i), right.get(i))) {
                return order(left.get(i), right.get(i));
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    /** Whether {@code container} has {@code value}. */
    static boolean contains(Value container, Value value) {
        return switch (container) {
            case Value.Text text when value instanceof Value.Text part ->
                    text.value().contains(part.value());
            case Value.Members members ->
                    value instanceof Value.Text name && members.values().containsKey(name.value());
            case Value.Items items -> {
                for (Value item : items.values()) {
                    if (equal(item, value)) {
                        yield true;
                    }
                }
                yield false;
            }
            case Value.Missing _ -> false;
            case Value other ->
                    throw TemplateException.of(
                            "cannot look for " + words(value) + " in " + words(other));
        };
    }

    /** The elements that a loop or a filter goes over. */
    static List<Value> elements(Value value) {
        return switch (value) {
            case Value.Items items -> items.values();
            case Value.Members members -> names(members);
            case Value.Text text -> characters(text.value());
            case Value.Missing _ -> List.of();
            case Value other -> throw TemplateException.of("cannot go through " + words(other));
        };
    }

    private static List<Value> names(Value.Members members) {
        List<Value> names = new ArrayList<>(members.values().size());
        members.values().keySet().forEach(name -> names.add(Value.of(name)));
        return names;
    }

    private static List<Value> characters(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw TemplateException.of(
                    "a string of more than " + MOST_CHARACTERS + " characters, one by one");
        }
        List<Value> characters = new ArrayList<>(text.length());
        text.codePoints().forEach(c -> characters.add(Value.of(Character.toString(c))));
        return characters;
    }

    /** Pairs of name and value. */
    static Value.Items pairs(Value.Members members) {
        List<Value> pairs = new ArrayList<>(members.values().size());
        members.values().forEach((name, value) -> pairs.add(Value.Items.of(Value.of(name), value)));
        return new Value.Items(pairs);
    }

    static long length(Value value) {
        return value instanceof Value.Text text
                ? text.value().codePointCount(0, text.value().length())
                : value instanceof Value.Members members
                        ? members.values().size()
                        : elements(value).size();
    }

    static String text(Value value) {
        if (value instanceof Value.Text text) {
            return text.value();
        }
        throw TemplateException.of("expected a string, found " + words(value));
    }

    static Value.Members members(Value value) {
        if (value instanceof Value.Members members) {
            return members;
        }
        throw TemplateException.of("expected a dictionary, found " + words(value));
    }
}

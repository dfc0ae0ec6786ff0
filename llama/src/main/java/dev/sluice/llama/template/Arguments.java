package dev.sluice.llama.template;

import java.util.List;
import java.util.Map;

/** What a filter, test, method, macro or function is called with. */
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    static Arguments of(Value... positional) {
        return new Arguments(List.of(positional), Map.of());
    }

    /** Whether the argument was given, by place or by name. */
    boolean has(int place, String name) {
        return place < positional.size() || named.containsKey(name);
    }

    /** The argument, which must be there. */
    Value get(int place, String name) {
        Value value = place < positional.size() ? positional.get(place) : named.get(name);
        if (value == null) {
            throw TemplateException.of("expected an argument `" + name + "`");
        }
        return value;
    }

    /** The argument, or {@code otherwise}. */
    Value get(int place, String name, Value otherwise) {
        return has(place, name) ? get(place, name) : otherwise;
    }

    /** A string. */
    String text(int place, String name) {
        if (get(place, name) instanceof Value.Text text) {
            return text.value();
        }
        throw TemplateException.of(
                "expected a string for `" + name + "`, found " + Types.words(get(place, name)));
    }

    /** A string, or {@code otherwise}. */
    String text(int place, String name, String otherwise) {
        return has(place, name) && !(get(place, name) instanceof Value.None)
                ? text(place, name)
                : otherwise;
    }

    /** A whole number, or {@code otherwise}. */
    long integer(int place, String name, long otherwise) {
        if (!has(place, name) || get(place, name) instanceof Value.None) {
            return otherwise;
        }
        if (Types.integer(get(place, name)) instanceof Value.Int number) {
            return number.value();
        }
        throw TemplateException.of(
                "expected a whole number for `"
                        + name
                        + "`, found "
                        + Types.words(get(place, name)));
    }

    /** Whether the argument is there and true. */
    boolean flag(int place, String name, boolean otherwise) {
        return has(place, name) ? Types.truth(get(place, name)) : otherwise;
    }

    /** All but the first {@code count} by place. */
    Arguments behind(int count) {
        return new Arguments(positional.subList(count, positional.size()), named);
    }
}

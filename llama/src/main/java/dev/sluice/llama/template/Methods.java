package dev.sluice.llama.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a value's members are: methods of its type, entries of a dictionary, elements of a list. */
final class Methods {
    private Methods() {}

    /** {@code value.name}: a method first, then an entry. */
    static Value member(Value value, String name, Budget budget) {
        return switch (value) {
            case Value.Missing missing ->
                    throw TemplateException.of(
                            missing.what() + " is not defined, so it has no `" + name + "`");
            case Value.Text text when StringMethods.known(name) ->
                    new Value.Function(
                            name,
                            arguments -> StringMethods.call(name, text.value(), arguments, budget));
            case Value.Members members -> ofMembers(members, name, budget);
            case Value.Items items -> ofItems(items, name);
            case Value.Namespace namespace ->
                    namespace.values().getOrDefault(name, missing(value, name));
            case Value.Text _,
                    Value.Int _,
                    Value.Real _,
                    Value.Bool _,
                    Value.None _,
                    Value.Function _ ->
                    missing(value, name);
        };
    }

    private static Value missing(Value value, String name) {
        return new Value.Missing("`" + name + "` of " + Types.words(value));
    }

    /** {@code value[key]}: an entry or element first, then a method. */
    static Value item(Value value, Value key, Budget budget) {
        if (value instanceof Value.Missing missing) {
            throw TemplateException.of(missing.what() + " is not defined, so it has no members");
        }
        if (value instanceof Value.Members members && key instanceof Value.Text name) {
            Value found = members.values().get(name.value());
            return found == null ? member(value, name.value(), budget) : found;
        }
        if (Types.integer(key) instanceof Value.Int index) {
            return element(value, index.value());
        }
        return key instanceof Value.Text name
                ? member(value, name.value(), budget)
                : new Value.Missing("an element of " + Types.words(value));
    }

    private static Value element(Value value, long index) {
        Value missing = new Value.Missing("element " + index + " of " + Types.words(value));
        if (value instanceof Value.Text text) {
            long place = index < 0 ? index + Types.length(value) : index;
            return place >= 0 && place < Types.length(value)
                    ? Value.of(character(text.value(), (int) place))
                    : missing;
        }
        if (value instanceof Value.Items items) {
            long place = index < 0 ? index + items.values().size() : index;
            return place >= 0 && place < items.values().size()
                    ? items.values().get((int) place)
                    : missing;
        }
        return missing;
    }

    private static String character(String text, int place) {
        int at = text.offsetByCodePoints(0, place);
        return text.substring(at, text.offsetByCodePoints(at, 1));
    }

    private static Value ofMembers(Value.Members members, String name, Budget budget) {
        Map<String, Value> values = members.values();
        return switch (name) {
            case "items" -> method(name, _ -> Types.pairs(members));
            case "keys" -> method(name, _ -> new Value.Items(Types.elements(members)));
            case "values" -> method(name, _ -> new Value.Items(new ArrayList<>(values.values())));
            case "get" ->
                    method(
                            name,
                            arguments ->
                                    get(
                                            values,
                                            arguments.get(0, "key"),
                                            arguments.get(1, "default", Value.NONE)));
            case "copy" -> method(name, _ -> members);
            case "update", "pop", "setdefault", "clear", "popitem" ->
                    method(
                            name,
                            _ -> {
                                throw TemplateException.of("a dictionary cannot be changed");
                            });
            default -> {
                budget.spend(0);
                Value found = values.get(name);
                yield found == null ? missing(members, name) : found;
            }
        };
    }

    private static Value get(Map<String, Value> values, Value key, Value otherwise) {
        return key instanceof Value.Text name
                ? values.getOrDefault(name.value(), otherwise)
                : otherwise;
    }

    private static Value ofItems(Value.Items items, String name) {
        return switch (name) {
            case "count" ->
                    method(
                            name,
                            arguments -> {
                                long count = 0;
                                for (Value item : items.values()) {
                                    count += Types.equal(item, arguments.get(0, "x")) ? 1 : 0;
                                }
                                return Value.of(count);
                            });
            case "index" -> method(name, arguments -> index(items, arguments.get(0, "x")));
            case "copy" -> method(name, _ -> items);
            case "append", "extend", "insert", "pop", "remove", "clear", "reverse", "sort" ->
                    method(
                            name,
                            _ -> {
                                throw TemplateException.of("a list cannot be changed");
                            });
            default -> missing(items, name);
        };
    }

    private static Value index(Value.Items items, Value wanted) {
        for (int i = 0; i < items.values().size(); i++) {
            if (Types.equal(items.values().get(i), wanted)) {
                return Value.of(i);
            }
        }
        throw TemplateException.of("the element to find is not in the list");
    }

    private static Value method(String name, Value.Function.Body body) {
        return new Value.Function(name, body);
    }

    /** A dictionary of {@code arguments}, on top of one that may stand in front. */
    static Map<String, Value> dictionary(Arguments arguments) {
        Map<String, Value> values = new LinkedHashMap<>();
        if (!arguments.positional().isEmpty()) {
            values.putAll(Types.members(arguments.get(0, "mapping")).values());
        }
        values.putAll(arguments.named());
        return values;
    }
}

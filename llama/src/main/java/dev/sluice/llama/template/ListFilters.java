package dev.sluice.llama.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The filters that go over the elements of their input. */
final class ListFilters {
    private ListFilters() {}

    static void addTo(Map<String, Filters.Filter> all) {
        all.put("list", (in, _, b) -> Filters.list(elements(in, b)));
        all.put("first", (in, _, b) -> end(elements(in, b), true));
        all.put("last", (in, _, b) -> end(elements(in, b), false));
        all.put("join", ListFilters::joined);
        all.put("reverse", ListFilters::reversed);
        all.put("unique", ListFilters::unique);
        all.put("sort", ListFilters::sorted);
        all.put("sum", ListFilters::sum);
        all.put("min", (in, _, b) -> extreme(elements(in, b), -1));
        all.put("max", (in, _, b) -> extreme(elements(in, b), 1));
        all.put("map", ListFilters::mapped);
        all.put("select", (in, a, b) -> selected(in, a, b, false, true));
        all.put("reject", (in, a, b) -> selected(in, a, b, false, false));
        all.put("selectattr", (in, a, b) -> selected(in, a, b, true, true));
        all.put("rejectattr", (in, a, b) -> selected(in, a, b, true, false));
    }

    private static List<Value> elements(Value input, Budget budget) {
        List<Value> elements = Types.elements(input);
        budget.spend(elements.size());
        return elements;
    }

    private static Value end(List<Value> elements, boolean first) {
        if (elements.isEmpty()) {
            return new Value.Missing("an element of an empty list");
        }
        return first ? elements.getFirst() : elements.getLast();
    }

    private static Value joined(Value input, Arguments arguments, Budget budget) {
        String separator = Printer.print(arguments.get(0, "d", Value.of("")), budget);
        StringBuilder out = new StringBuilder();
        String between = "";
        for (Value element : elements(input, budget)) {
            Value part =
                    arguments.has(1, "attribute")
                            ? attribute(element, arguments.get(1, "attribute"), budget)
                            : element;
            out.append(between).append(Printer.print(part, budget));
            budget.growing(out.length());
            between = separator;
        }
        return Operators.text(out.toString(), budget);
    }

    private static Value reversed(Value input, Arguments arguments, Budget budget) {
        if (input instanceof Value.Text text) {
            return Value.of(new StringBuilder(text.value()).reverse().toString());
        }
        return Filters.list(elements(input, budget).reversed());
    }

    private static Value unique(Value input, Arguments arguments, Budget budget) {
        List<Value> seen = new ArrayList<>();
        List<Value> kept = new ArrayList<>();
        boolean exact = arguments.flag(0, "case_sensitive", false);
        for (Value element : elements(input, budget)) {
            Value key = key(element, arguments.get(1, "attribute", Value.NONE), exact, budget);
            budget.spend(8L * seen.size());
            if (!Types.contains(new Value.Items(seen), key)) {
                seen.add(key);
                kept.add(element);
            }
        }
        return Filters.list(kept);
    }

    private static Value key(Value element, Value attribute, boolean exact, Budget budget) {
        Value key =
                attribute instanceof Value.None ? element : attribute(element, attribute, budget);
        return key instanceof Value.Text text && !exact
                ? Value.of(text.value().toLowerCase(Locale.ROOT))
                : key;
    }

    private static Value sorted(Value input, Arguments arguments, Budget budget) {
        boolean exact = arguments.flag(1, "case_sensitive", false);
        Value attribute = arguments.get(2, "attribute", Value.NONE);
        List<Value> sorted = new ArrayList<>(elements(input, budget));
        Comparator<Value> order =
                (a, b) -> {
                    budget.spend(8);
                    return Types.order(
                            key(a, attribute, exact, budget), key(b, attribute, exact, budget));
                };
        sorted.sort(arguments.flag(0, "reverse", false) ? order.reversed() : order);
        return Filters.list(sorted);
    }

    static Value sortedPairs(Value input) {
        List<Value> pairs = new ArrayList<>(Types.pairs(Types.members(input)).values());
        pairs.sort(
                Comparator.comparing(
                        pair ->
                                Types.text(Types.elements(pair).getFirst())
                                        .toLowerCase(Locale.ROOT)));
        return Filters.list(pairs);
    }

    private static Value sum(Value input, Arguments arguments, Budget budget) {
        Value sum = arguments.get(1, "start", Value.of(0));
        for (Value element : elements(input, budget)) {
            Value part =
                    arguments.has(0, "attribute")
                            ? attribute(element, arguments.get(0, "attribute"), budget)
                            : element;
            sum = Operators.apply("+", sum, part, budget);
        }
        return sum;
    }

    private static Value extreme(List<Value> elements, int sign) {
        Value best = end(elements, true);
        for (Value element : elements) {
            best = Types.order(element, best) * sign > 0 ? element : best;
        }
        return best;
    }

    /** {@code map('filter', …)} or {@code map(attribute='name', default=…)}. */
    private static Value mapped(Value input, Arguments arguments, Budget budget) {
        List<Value> mapped = new ArrayList<>();
        for (Value element : elements(input, budget)) {
            if (arguments.named().containsKey("attribute")) {
                Value found = attribute(element, arguments.get(9, "attribute"), budget);
                mapped.add(
                        found instanceof Value.Missing
                                ? arguments.get(9, "default", found)
                                : found);
            } else {
                mapped.add(
                        Filters.apply(
                                arguments.text(0, "filter"), element, arguments.behind(1), budget));
            }
        }
        return Filters.list(mapped);
    }

    private static Value selected(
            Value input, Arguments arguments, Budget budget, boolean attribute, boolean wanted) {
        List<Value> kept = new ArrayList<>();
        int check = attribute ? 1 : 0;
        for (Value element : elements(input, budget)) {
            Value looked =
                    attribute ? attribute(element, arguments.get(0, "attribute"), budget) : element;
            boolean holds =
                    arguments.positional().size() > check
                            ? Checks.holds(
                                    arguments.text(check, "test"),
                                    looked,
                                    arguments.behind(check + 1))
                            : Types.truth(looked);
            if (holds == wanted) {
                kept.add(element);
            }
        }
        return Filters.list(kept);
    }

    /** A member of a member, with dots between the names. */
    private static Value attribute(Value element, Value path, Budget budget) {
        if (!(path instanceof Value.Text text)) {
            return Methods.item(element, path, budget);
        }
        Value value = element;
        int at = 0;
        while (at <= text.value().length()) {
            int dot = text.value().indexOf('.', at);
            int end = dot < 0 ? text.value().length() : dot;
            value = Methods.item(value, Value.of(text.value().substring(at, end)), budget);
            at = end + 1;
        }
        return value;
    }
}

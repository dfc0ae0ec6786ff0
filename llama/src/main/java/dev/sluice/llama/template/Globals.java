package dev.sluice.llama.template;

import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/** The functions that every template can call. */
final class Globals {
    private Globals() {}

    static void define(Scope scope, Budget budget, InstantSource clock) {
        function(scope, "namespace", a -> new Value.Namespace(Methods.dictionary(a)));
        function(scope, "dict", a -> new Value.Members(Methods.dictionary(a)));
        function(scope, "range", a -> range(a, budget));
        function(
                scope,
                "raise_exception",
                a -> {
                    throw TemplateException.raisedBy(
                            Printer.print(a.get(0, "message", Value.of("")), budget));
                });
        function(
                scope,
                "strftime_now",
                a -> {
                    ZonedDateTime now = clock.instant().atZone(ZoneId.systemDefault());
                    return Value.of(Dates.format(a.text(0, "format"), now));
                });
    }

    private static void function(Scope scope, String name, Value.Function.Body body) {
        scope.set(name, new Value.Function(name, body));
    }

    private static Value range(Arguments arguments, Budget budget) {
        boolean one = arguments.positional().size() == 1;
        long from = one ? 0 : arguments.integer(0, "start", 0);
        long to = arguments.integer(one ? 0 : 1, "stop", 0);
        long step = arguments.integer(2, "step", 1);
        if (step == 0) {
            throw TemplateException.of("a range with a step of 0");
        }
        List<Value> values = new ArrayList<>();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            budget.spend(8);
            if (values.size() == 100_000) {
                throw TemplateException.of("a range of more than 100000 numbers");
            }
            values.add(Value.of(i));
        }
        return new Value.Items(values);
    }
}

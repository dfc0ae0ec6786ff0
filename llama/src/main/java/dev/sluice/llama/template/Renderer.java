package dev.sluice.llama.template;

import dev.sluice.llama.template.Statement.Signature;
import dev.sluice.llama.template.Statement.Target;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the statements of one rendering. */
final class Renderer {
    /** What follows a statement. */
    private enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    private final Evaluator evaluator;
    private final Budget budget;
    private StringBuilder out = new StringBuilder();

    Renderer(Evaluator evaluator) {
        this.evaluator = evaluator;
        this.budget = evaluator.budget();
    }

    String render(List<Statement> template, Scope scope) {
        run(template, scope);
        return out.toString();
    }

    private Flow run(List<Statement> statements, Scope scope) {
        for (Statement statement : statements) {
            Flow flow = run(statement, scope);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    private Flow run(Statement statement, Scope scope) {
        budget.spend(0);
        switch (statement) {
            case Statement.Text text -> print(text.text());
            case Statement.Print print -> print(printed(print.value(), scope));
            case Statement.If choice -> {
                return choice(choice, scope);
            }
            case Statement.For loop -> loop(loop, scope);
            case Statement.Set set ->
                    assign(set.target(), evaluator.value(set.value(), scope), scope);
            case Statement.SetBlock set ->
                    assign(
                            set.target(),
                            filtered(set.filters(), captured(set.body(), new Scope(scope)), scope),
                            scope);
            case Statement.Macro macro -> scope.set(macro.name(), macro(macro, scope));
            case Statement.CallBlock call -> call(call, scope);
            case Statement.FilterBlock filter ->
                    print(
                            Printer.print(
                                    filtered(
                                            filter.filters(),
                                            captured(filter.body(), new Scope(scope)),
                                            scope),
                                    budget));
            case Statement.With with -> {
                Scope inner = new Scope(scope);
                for (int i = 0; i < with.targets().size(); i++) {
                    assign(
                            with.targets().get(i),
                            evaluator.value(with.values().get(i), scope),
                            inner);
                }
                return run(with.body(), inner);
            }
            case Statement.Break _ -> {
                return Flow.BREAK;
            }
            case Statement.Continue _ -> {
                return Flow.CONTINUE;
            }
        }
        return Flow.NEXT;
    }

    private void print(String text) {
        budget.growing((long) out.length() + text.length());
        budget.text(text.length());
        out.append(text);
    }

    private String printed(Expression expression, Scope scope) {
        Value value = evaluator.value(expression, scope);
        try {
            return Printer.print(value, budget);
        } catch (TemplateException error) {
            throw evaluator.placed(error, expression.at());
        }
    }

    /** What the body prints. */
    private String captured(List<Statement> body, Scope scope) {
        StringBuilder around = out;
        out = new StringBuilder();
        try {
            run(body, scope);
            return out.toString();
        } finally {
            out = around;
        }
    }

    private Value filtered(List<Statement.FilterCall> filters, String text, Scope scope) {
        Value value = Value.of(text);
        for (Statement.FilterCall filter : filters) {
            try {
                value =
                        Filters.apply(
                                filter.name(),
                                value,
                                evaluator.arguments(filter.arguments(), scope),
                                budget);
            } catch (TemplateException error) {
                throw evaluator.placed(error, filter.at());
            }
        }
        return value;
    }

    private Flow choice(Statement.If choice, Scope scope) {
        for (int i = 0; i < choice.conditions().size(); i++) {
            if (Types.truth(evaluator.value(choice.conditions().get(i), scope))) {
                return run(choice.bodies().get(i), scope);
            }
        }
        return run(choice.otherwise(), scope);
    }

    private void loop(Statement.For loop, Scope scope) {
        List<Value> elements = elements(loop, scope);
        Loop state = new Loop(elements, budget);
        for (int i = 0; i < elements.size(); i++) {
            Scope turn = new Scope(scope);
            assign(loop.target(), elements.get(i), turn);
            turn.set("loop", state.at(i));
            if (run(loop.body(), turn) == Flow.BREAK) {
                break;
            }
        }
        if (elements.isEmpty()) {
            run(loop.otherwise(), new Scope(scope));
        }
    }

    private List<Value> elements(Statement.For loop, Scope scope) {
        Value iterable = evaluator.value(loop.iterable(), scope);
        try {
            List<Value> all = Types.elements(iterable);
            budget.spend(all.size());
            Expression condition = loop.condition();
            return condition == null ? all : passing(all, loop.target(), condition, scope);
        } catch (TemplateException error) {
            throw evaluator.placed(error, loop.iterable().at());
        }
    }

    private List<Value> passing(List<Value> all, Target target, Expression condition, Scope scope) {
        List<Value> passing = new ArrayList<>();
        for (Value element : all) {
            Scope turn = new Scope(scope);
            assign(target, element, turn);
            if (Types.truth(evaluator.value(condition, turn))) {
                passing.add(element);
            }
        }
        return passing;
    }

    private void assign(Target target, Value value, Scope scope) {
        switch (target) {
            case Target.Variable variable -> scope.set(variable.name(), value);
            case Target.Member member -> assign(member, value, scope);
            case Target.Several several -> {
                List<Value> parts = value instanceof Value.Items items ? items.values() : List.of();
                if (parts.size() != several.targets().size()) {
                    throw evaluator.placed(
                            TemplateException.of(
                                    "expected "
                                            + several.targets().size()
                                            + " elements, found "
                                            + Types.words(value)),
                            several.at());
                }
                for (int i = 0; i < parts.size(); i++) {
                    assign(several.targets().get(i), parts.get(i), scope);
                }
            }
        }
    }

    private void assign(Target.Member member, Value value, Scope scope) {
        if (!(scope.get(member.namespace()) instanceof Value.Namespace namespace)) {
            throw evaluator.placed(
                    TemplateException.of("`" + member.namespace() + "` is no namespace"),
                    member.at());
        }
        namespace.values().put(member.name(), value);
    }

    private Value macro(Statement.Macro macro, Scope scope) {
        return new Value.Function(
                macro.name(),
                arguments ->
                        Value.of(
                                invoke(
                                        macro.signature(),
                                        macro.body(),
                                        arguments,
                                        scope,
                                        macro.at())));
    }

    private void call(Statement.CallBlock block, Scope scope) {
        Value caller =
                new Value.Function(
                        "caller",
                        arguments ->
                                Value.of(
                                        invoke(
                                                block.signature(),
                                                block.body(),
                                                arguments,
                                                scope,
                                                block.at())));
        try {
            Value value = evaluator.call(block.call(), List.of(Map.entry("caller", caller)), scope);
            print(Printer.print(value, budget));
        } catch (TemplateException error) {
            throw evaluator.placed(error, block.at());
        }
    }

    private String invoke(
            Signature signature, List<Statement> body, Arguments arguments, Scope around, int at) {
        budget.enter();
        Scope scope = new Scope(around);
        bind(signature, arguments, scope, at);
        String text = captured(body, scope);
        budget.leave();
        return text;
    }

    private void bind(Signature signature, Arguments arguments, Scope scope, int at) {
        List<String> names = signature.names();
        if (arguments.positional().size() > names.size()) {
            throw evaluator.placed(
                    TemplateException.of(
                            "expected at most "
                                    + names.size()
                                    + " arguments, found "
                                    + arguments.positional().size()),
                    at);
        }
        int required = names.size() - signature.defaults().size();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Value value =
                    arguments.has(i, name)
                            ? arguments.get(i, name)
                            : i >= required
                                    ? evaluator.value(signature.defaults().get(i - required), scope)
                                    : new Value.Missing("`" + name + "`");
            scope.set(name, value);
        }
        @Nullable Value caller = arguments.named().get("caller");
        if (caller != null) {
            scope.set("caller", caller);
        }
    }

    /** What a loop tells of itself. */
    private static final class Loop {
        private final List<Value> elements;
        private final Budget budget;
        private final List<Value> changed = new ArrayList<>();

        Loop(List<Value> elements, Budget budget) {
            this.elements = elements;
            this.budget = budget;
        }

        Value at(int index) {
            int size = elements.size();
            Map<String, Value> values = LinkedHashMap.newLinkedHashMap(12);
            values.put("index", Value.of(index + 1));
            values.put("index0", Value.of(index));
            values.put("revindex", Value.of(size - index));
            values.put("revindex0", Value.of(size - index - 1));
            values.put("first", Value.of(index == 0));
            values.put("last", Value.of(index == size - 1));
            values.put("length", Value.of(size));
            values.put("previtem", neighbour(index - 1));
            values.put("nextitem", neighbour(index + 1));
            values.put("cycle", new Value.Function("cycle", arguments -> cycle(arguments, index)));
            values.put("changed", new Value.Function("changed", this::changed));
            return new Value.Namespace(values);
        }

        private Value neighbour(int index) {
            return index >= 0 && index < elements.size()
                    ? elements.get(index)
                    : new Value.Missing("the element beside the first or last one");
        }

        private static Value cycle(Arguments arguments, int index) {
            if (arguments.positional().isEmpty()) {
                throw TemplateException.of("expected something to cycle through");
            }
            return arguments.positional().get(index % arguments.positional().size());
        }

        private Value changed(Arguments arguments) {
            budget.spend(0);
            boolean same =
                    Types.equal(new Value.Items(changed), new Value.Items(arguments.positional()));
            boolean first = changed.isEmpty();
            changed.clear();
            changed.addAll(arguments.positional());
            return Value.of(first || !same);
        }
    }
}

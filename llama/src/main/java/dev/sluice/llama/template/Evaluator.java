package dev.sluice.llama.template;

import dev.sluice.llama.template.Expression.CallArguments;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the values of expressions. */
final class Evaluator {
    private final String source;
    private final Budget budget;

    Evaluator(String source, Budget budget) {
        this.source = source;
        this.budget = budget;
    }

    Budget budget() {
        return budget;
    }

    /** An error with the place of what was worked on. */
    TemplateException placed(TemplateException error, int at) {
        return error.placed(source, at);
    }

    Value value(Expression expression, Scope scope) {
        try {
            budget.spend(0);
            return evaluate(expression, scope);
        } catch (TemplateException error) {
            throw placed(error, expression.at());
        }
    }

    private Value evaluate(Expression expression, Scope scope) {
        return switch (expression) {
            case Expression.Constant constant -> constant.value();
            case Expression.Name name -> scope.get(name.name());
            case Expression.ListOf list -> new Value.Items(values(list.items(), scope));
            case Expression.Dictionary dictionary -> dictionary(dictionary, scope);
            case Expression.Member member ->
                    Methods.member(value(member.object(), scope), member.name(), budget);
            case Expression.Item item ->
                    Methods.item(value(item.object(), scope), value(item.key(), scope), budget);
            case Expression.Slice slice ->
                    Operators.slice(
                            value(slice.object(), scope),
                            bound(slice.from(), scope),
                            bound(slice.to(), scope),
                            bound(slice.step(), scope),
                            budget);
            case Expression.Call call -> call(call, List.of(), scope);
            case Expression.Filter filter ->
                    Filters.apply(
                            filter.name(),
                            value(filter.input(), scope),
                            arguments(filter.arguments(), scope),
                            budget);
            case Expression.Check check ->
                    Value.of(
                            Checks.holds(
                                    check.name(),
                                    value(check.input(), scope),
                                    arguments(check.arguments(), scope)));
            case Expression.Unary unary ->
                    Operators.unary(unary.operator(), value(unary.operand(), scope));
            case Expression.Binary binary ->
                    Operators.apply(
                            binary.operator(),
                            value(binary.left(), scope),
                            value(binary.right(), scope),
                            budget);
            case Expression.Comparison comparison -> Value.of(holds(comparison, scope));
            case Expression.Logic logic -> logic(logic, scope);
            case Expression.Choice choice -> choice(choice, scope);
        };
    }

    private Value bound(@Nullable Expression expression, Scope scope) {
        return expression == null ? Value.NONE : value(expression, scope);
    }

    private List<Value> values(List<Expression> expressions, Scope scope) {
        List<Value> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(value(expression, scope));
        }
        return values;
    }

    private Value dictionary(Expression.Dictionary dictionary, Scope scope) {
        Map<String, Value> values = new LinkedHashMap<>();
        for (int i = 0; i < dictionary.keys().size(); i++) {
            String name = Types.text(value(dictionary.keys().get(i), scope));
            values.put(name, value(dictionary.values().get(i), scope));
        }
        return new Value.Members(values);
    }

    /** Calls what the expression names; {@code extra} arguments by name are on top. */
    Value call(Expression.Call call, List<Map.Entry<String, Value>> extra, Scope scope) {
        Value callee = value(call.callee(), scope);
        if (!(callee instanceof Value.Function function)) {
            throw placed(TemplateException.of("cannot call " + Types.words(callee)), call.at());
        }
        Arguments arguments = arguments(call.arguments(), scope);
        if (!extra.isEmpty()) {
            Map<String, Value> named = new LinkedHashMap<>(arguments.named());
            extra.forEach(entry -> named.put(entry.getKey(), entry.getValue()));
            arguments = new Arguments(arguments.positional(), named);
        }
        return function.body().call(arguments);
    }

    Arguments arguments(CallArguments written, Scope scope) {
        if (written.named().isEmpty() && written.more() == null && written.moreNamed() == null) {
            return written.positional().isEmpty()
                    ? Arguments.NONE
                    : new Arguments(values(written.positional(), scope), Map.of());
        }
        List<Value> positional = values(written.positional(), scope);
        if (written.more() != null) {
            positional.addAll(Types.elements(value(written.more(), scope)));
        }
        Map<String, Value> named = new LinkedHashMap<>();
        for (int i = 0; i < written.names().size(); i++) {
            named.put(written.names().get(i), value(written.named().get(i), scope));
        }
        if (written.moreNamed() != null) {
            named.putAll(Types.members(value(written.moreNamed(), scope)).values());
        }
        return new Arguments(positional, named);
    }

    private boolean holds(Expression.Comparison comparison, Scope scope) {
        Value left = value(comparison.first(), scope);
        for (int i = 0; i < comparison.operators().size(); i++) {
            Value right = value(comparison.others().get(i), scope);
            if (!Operators.compare(comparison.operators().get(i), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Value logic(Expression.Logic logic, Scope scope) {
        Value left = value(logic.left(), scope);
        return Types.truth(left) == logic.and() ? value(logic.right(), scope) : left;
    }

    private Value choice(Expression.Choice choice, Scope scope) {
        if (Types.truth(value(choice.condition(), scope))) {
            return value(choice.then(), scope);
        }
        return choice.otherwise() == null
                ? new Value.Missing("the other side of an `if`")
                : value(choice.otherwise(), scope);
    }
}

package dev.sluice.llama.template;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What has a value. {@code at} is the offset in the source. */
sealed interface Expression {
    int at();

    /** A string, number, truth value or none. */
    record Constant(Value value, int at) implements Expression {}

    /** A variable. */
    record Name(String name, int at) implements Expression {}

    /** {@code [a, b]}, or a tuple. */
    record ListOf(List<Expression> items, int at) implements Expression {}

    /** <code>{a: b}</code>. */
    record Dictionary(List<Expression> keys, List<Expression> values, int at)
            implements Expression {}

    /** {@code object.name}. */
    record Member(Expression object, String name, int at) implements Expression {}

    /** {@code object[key]}. */
    record Item(Expression object, Expression key, int at) implements Expression {}

    /** {@code object[from:to:step]}. */
    record Slice(
            Expression object,
            @Nullable Expression from,
            @Nullable Expression to,
            @Nullable Expression step,
            int at)
            implements Expression {}

    /** {@code callee(…)}. */
    record Call(Expression callee, CallArguments arguments, int at) implements Expression {}

    /** {@code input|name(…)}. */
    record Filter(Expression input, String name, CallArguments arguments, int at)
            implements Expression {}

    /** {@code input is name(…)}. */
    record Check(Expression input, String name, CallArguments arguments, int at)
            implements Expression {}

    /** {@code not operand}, {@code -operand}, {@code +operand}. */
    record Unary(String operator, Expression operand, int at) implements Expression {}

    /** An operator that needs both of its sides. */
    record Binary(String operator, Expression left, Expression right, int at)
            implements Expression {}

    /** {@code a < b < c}: each pair must hold. */
    record Comparison(Expression first, List<String> operators, List<Expression> others, int at)
            implements Expression {}

    /** {@code and}, {@code or}: the right side counts if the left does not settle it. */
    record Logic(boolean and, Expression left, Expression right, int at) implements Expression {}

    /** {@code then if condition else otherwise}. */
    record Choice(Expression condition, Expression then, @Nullable Expression otherwise, int at)
            implements Expression {}

    /** The arguments of a call, as they are written. */
    record CallArguments(
            List<Expression> positional,
            List<String> names,
            List<Expression> named,
            @Nullable Expression more,
            @Nullable Expression moreNamed) {
        static final CallArguments NONE =
                new CallArguments(List.of(), List.of(), List.of(), null, null);
    }
}

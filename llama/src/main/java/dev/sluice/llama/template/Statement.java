package dev.sluice.llama.template;

import dev.sluice.llama.template.Expression.CallArguments;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What a template does. */
sealed interface Statement {
    /** Prints text. */
    record Text(String text) implements Statement {}

    /** Prints a value. */
    record Print(Expression value) implements Statement {}

    /** The body of the first condition that holds, or the last body. */
    record If(List<Expression> conditions, List<List<Statement>> bodies, List<Statement> otherwise)
            implements Statement {}

    /** A body for each element that passes the condition; another if there was none. */
    record For(
            Target target,
            Expression iterable,
            @Nullable Expression condition,
            List<Statement> body,
            List<Statement> otherwise,
            int at)
            implements Statement {}

    /** Sets a variable. */
    record Set(Target target, Expression value, int at) implements Statement {}

    /** Sets a variable to what the body prints, filtered. */
    record SetBlock(Target target, List<FilterCall> filters, List<Statement> body, int at)
            implements Statement {}

    /** Names a body that can be called. */
    record Macro(String name, Signature signature, List<Statement> body, int at)
            implements Statement {}

    /** Calls a macro that may call the body back. */
    record CallBlock(Expression.Call call, Signature signature, List<Statement> body, int at)
            implements Statement {}

    /** Prints what the body prints, filtered. */
    record FilterBlock(List<FilterCall> filters, List<Statement> body, int at)
            implements Statement {}

    /** A body with variables of its own. */
    record With(List<Target> targets, List<Expression> values, List<Statement> body, int at)
            implements Statement {}

    /** Leaves the loop. */
    record Break() implements Statement {}

    /** Goes on with the loop's next element. */
    record Continue() implements Statement {}

    /** Parameters and the defaults of the last of them. */
    record Signature(List<String> names, List<Expression> defaults) {
        static final Signature NONE = new Signature(List.of(), List.of());
    }

    /** A filter that waits for its input. */
    record FilterCall(String name, CallArguments arguments, int at) {}

    /** What is assigned to. */
    sealed interface Target {
        /** A variable. */
        record Variable(String name) implements Target {}

        /** A member of a namespace. */
        record Member(String namespace, String name, int at) implements Target {}

        /** Several targets for the elements of one value. */
        record Several(List<Target> targets, int at) implements Target {}
    }
}

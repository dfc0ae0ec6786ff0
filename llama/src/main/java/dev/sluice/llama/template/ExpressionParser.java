package dev.sluice.llama.template;

import dev.sluice.llama.template.Expression.CallArguments;
import dev.sluice.llama.template.Token.Kind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads expressions. From loose to tight: if, or, and, not, comparison, +, ~, *, **, sign. */
final class ExpressionParser {
    /** Deeper nesting is no template but an attack on the stack. */
    private static final int DEEPEST = 100;

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");
    private static final Set<String> SUMS = Set.of("+", "-");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");

    private final String source;
    private final List<Token> tokens;
    private final Set<String> names = new HashSet<>();
    private int at;
    private int depth;

    ExpressionParser(String source, List<Token> tokens) {
        this.source = source;
        this.tokens = tokens;
    }

    /** All names of variables and members, and all strings, that were read. */
    Set<String> names() {
        return names;
    }

    Token peek() {
        return tokens.get(at);
    }

    /** The token behind the next one; the end where there is none. */
    Token peekBehind() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        return tokens.get(at++);
    }

    boolean skipOperator(String operator) {
        if (peek().isOperator(operator)) {
            at++;
            return true;
        }
        return false;
    }

    boolean skipName(String name) {
        if (peek().isName(name)) {
            at++;
            return true;
        }
        return false;
    }

    Token expect(Kind kind, String what) {
        if (peek().kind() != kind) {
            throw error(peek(), "expected " + what + ", found " + peek().words());
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw error(peek(), "expected `" + operator + "`, found " + peek().words());
        }
    }

    TemplateException error(Token token, String problem) {
        return TemplateException.at(source, token.at(), problem);
    }

    void enter() {
        depth++;
        if (depth > DEEPEST) {
            throw error(peek(), "the template nests deeper than " + DEEPEST);
        }
    }

    void leave() {
        depth--;
    }

    /** An expression, or several with commas between them, which are a tuple. */
    Expression tuple() {
        return tuple(true);
    }

    Expression tuple(boolean choices) {
        int start = peek().at();
        Expression first = choices ? expression() : or();
        if (!peek().isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (skipOperator(",")) {
            if (endsTuple()) {
                break;
            }
            items.add(choices ? expression() : or());
        }
        return new Expression.ListOf(items, start);
    }

    private boolean endsTuple() {
        Token token = peek();
        return token.kind() == Kind.BLOCK_END
                || token.kind() == Kind.PRINT_END
                || token.isOperator(")");
    }

    Expression expression() {
        enter();
        Expression value = or();
        while (peek().isName("if")) {
            int start = next().at();
            Expression condition = or();
            Expression otherwise = skipName("else") ? expression() : null;
            value = new Expression.Choice(condition, value, otherwise, start);
        }
        leave();
        return value;
    }

    Expression or() {
        Expression left = and();
        while (peek().isName("or")) {
            int start = next().at();
            left = new Expression.Logic(false, left, and(), start);
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (peek().isName("and")) {
            int start = next().at();
            left = new Expression.Logic(true, left, not(), start);
        }
        return left;
    }

    private Expression not() {
        if (!peek().isName("not")) {
            return comparison();
        }
        enter();
        int start = next().at();
        Expression value = new Expression.Unary("not", not(), start);
        leave();
        return value;
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        int start = peek().at();
        for (String operator = comparisonOperator();
                !operator.isEmpty();
                operator = comparisonOperator()) {
            operators.add(operator);
            others.add(sum());
        }
        return operators.isEmpty()
                ? first
                : new Expression.Comparison(first, operators, others, start);
    }

    private String comparisonOperator() {
        Token token = peek();
        if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
            return next().text();
        }
        if (skipName("in")) {
            return "in";
        }
        if (token.isName("not") && peekBehind().isName("in")) {
            at += 2;
            return "not in";
        }
        return "";
    }

    private boolean isOneOf(Set<String> operators) {
        return peek().kind() == Kind.OPERATOR && operators.contains(peek().text());
    }

    private Expression sum() {
        Expression left = concatenation();
        while (isOneOf(SUMS)) {
            Token operator = next();
            left = new Expression.Binary(operator.text(), left, concatenation(), operator.at());
        }
        return left;
    }

    private Expression concatenation() {
        Expression left = product();
        while (peek().isOperator("~")) {
            int start = next().at();
            left = new Expression.Binary("~", left, product(), start);
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (isOneOf(PRODUCTS)) {
            Token operator = next();
            left = new Expression.Binary(operator.text(), left, power(), operator.at());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (peek().isOperator("**")) {
            int start = next().at();
            left = new Expression.Binary("**", left, unary(true), start);
        }
        return left;
    }

    private Expression unary(boolean filters) {
        Expression value;
        if (isOneOf(SUMS)) {
            enter();
            Token sign = next();
            value = new Expression.Unary(sign.text(), unary(false), sign.at());
            leave();
        } else {
            value = primary();
        }
        value = postfix(value);
        return filters ? filters(value) : value;
    }

    private Expression primary() {
        Token token = next();
        return switch (token.kind()) {
            case NAME -> name(token);
            case STRING -> strings(token);
            case INTEGER -> integer(token);
            case FLOAT ->
                    new Expression.Constant(
                            new Value.Real(Double.parseDouble(token.text())), token.at());
            case OPERATOR -> group(token);
            case TEXT, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END ->
                    throw error(token, "expected a value, found " + token.words());
        };
    }

    private Expression name(Token token) {
        return switch (token.text()) {
            case "true", "True" -> new Expression.Constant(Value.TRUE, token.at());
            case "false", "False" -> new Expression.Constant(Value.FALSE, token.at());
            case "none", "None" -> new Expression.Constant(Value.NONE, token.at());
            default -> {
                names.add(token.text());
                yield new Expression.Name(token.text(), token.at());
            }
        };
    }

    /** Strings that stand side by side are one. */
    private Expression strings(Token first) {
        StringBuilder text = new StringBuilder(first.text());
        while (peek().kind() == Kind.STRING) {
            text.append(next().text());
        }
        names.add(text.toString());
        return new Expression.Constant(Value.of(text.toString()), first.at());
    }

    private Expression integer(Token token) {
        try {
            return new Expression.Constant(Value.of(Long.parseLong(token.text())), token.at());
        } catch (NumberFormatException _) {
            throw error(token, "expected a number of at most 64 bits");
        }
    }

    private Expression group(Token open) {
        enter();
        Expression value =
                switch (open.text()) {
                    case "(" -> parenthesis(open);
                    case "[" -> new Expression.ListOf(items("]"), open.at());
                    case "{" -> dictionary(open);
                    default -> throw error(open, "expected a value, found " + open.words());
                };
        leave();
        return value;
    }

    private Expression parenthesis(Token open) {
        if (skipOperator(")")) {
            return new Expression.ListOf(List.of(), open.at());
        }
        Expression value = tuple();
        expectOperator(")");
        return value;
    }

    private List<Expression> items(String close) {
        List<Expression> items = new ArrayList<>();
        while (!skipOperator(close)) {
            if (!items.isEmpty()) {
                expectOperator(",");
                if (skipOperator(close)) {
                    break;
                }
            }
            items.add(expression());
        }
        return items;
    }

    private Expression dictionary(Token open) {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!skipOperator("}")) {
            if (!keys.isEmpty()) {
                expectOperator(",");
                if (skipOperator("}")) {
                    break;
                }
            }
            keys.add(expression());
            expectOperator(":");
            values.add(expression());
        }
        return new Expression.Dictionary(keys, values, open.at());
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            Token token = peek();
            if (skipOperator(".")) {
                value = member(value, token);
            } else if (skipOperator("[")) {
                value = subscript(value, token.at());
            } else if (token.isOperator("(")) {
                value = new Expression.Call(value, arguments(), token.at());
            } else {
                return value;
            }
        }
    }

    private Expression member(Expression object, Token dot) {
        if (peek().kind() == Kind.INTEGER) {
            return new Expression.Item(object, integer(next()), dot.at());
        }
        Token name = expect(Kind.NAME, "a name");
        names.add(name.text());
        return new Expression.Member(object, name.text(), name.at());
    }

    private Expression subscript(Expression object, int start) {
        Expression from = peek().isOperator(":") ? null : tuple();
        if (from != null && skipOperator("]")) {
            return new Expression.Item(object, from, start);
        }
        expectOperator(":");
        Expression to = bound();
        Expression step = skipOperator(":") ? bound() : null;
        expectOperator("]");
        return new Expression.Slice(object, from, to, step, start);
    }

    private @Nullable Expression bound() {
        return peek().isOperator(":") || peek().isOperator("]") ? null : expression();
    }

    /** Filters, tests and calls that follow a value. */
    private Expression filters(Expression start) {
        Expression value = start;
        while (true) {
            Token token = peek();
            if (skipOperator("|")) {
                value = filter(value);
            } else if (skipName("is")) {
                value = check(value, token.at());
            } else if (token.isOperator("(")) {
                value = new Expression.Call(value, arguments(), token.at());
            } else {
                return value;
            }
        }
    }

    private Expression filter(Expression input) {
        Statement.FilterCall call = filterCall();
        return new Expression.Filter(input, call.name(), call.arguments(), call.at());
    }

    /** The name and the arguments of a filter. */
    Statement.FilterCall filterCall() {
        Token name = expect(Kind.NAME, "a filter");
        if (!Filters.known(name.text())) {
            throw error(name, "no filter is called `" + name.text() + "`");
        }
        CallArguments arguments = peek().isOperator("(") ? arguments() : CallArguments.NONE;
        return new Statement.FilterCall(name.text(), arguments, name.at());
    }

    private Expression check(Expression input, int start) {
        boolean negated = skipName("not");
        Token name = expect(Kind.NAME, "a test");
        if (!Checks.known(name.text())) {
            throw error(name, "no test is called `" + name.text() + "`");
        }
        CallArguments arguments = CallArguments.NONE;
        if (peek().isOperator("(")) {
            arguments = arguments();
        } else if (startsArgument()) {
            Expression argument = postfix(primary());
            arguments = new CallArguments(List.of(argument), List.of(), List.of(), null, null);
        }
        Expression check = new Expression.Check(input, name.text(), arguments, start);
        return negated ? new Expression.Unary("not", check, start) : check;
    }

    private boolean startsArgument() {
        Token token = peek();
        return switch (token.kind()) {
            case NAME ->
                    !Set.of("else", "or", "and", "if", "is", "in", "not").contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.isOperator("[") || token.isOperator("{");
            case TEXT, PRINT_BEGIN, PRINT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
        };
    }

    private CallArguments arguments() {
        expectOperator("(");
        enter();
        List<Expression> positional = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        List<Expression> named = new ArrayList<>();
        Expression more = null;
        Expression moreNamed = null;
        while (!skipOperator(")")) {
            if (peek().isOperator(",")) {
                throw error(peek(), "expected an argument, found `,`");
            }
            if (skipOperator("*")) {
                more = expression();
            } else if (skipOperator("**")) {
                moreNamed = expression();
            } else if (peek().kind() == Kind.NAME && peekBehind().isOperator("=")) {
                keys.add(next().text());
                at++;
                named.add(expression());
            } else if (keys.isEmpty()) {
                positional.add(expression());
            } else {
                throw error(peek(), "an argument without a name behind one with a name");
            }
            if (!peek().isOperator(")")) {
                expectOperator(",");
            }
        }
        leave();
        return new CallArguments(positional, keys, named, more, moreNamed);
    }
}

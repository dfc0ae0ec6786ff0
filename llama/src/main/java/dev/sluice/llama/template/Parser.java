package dev.sluice.llama.template;

import dev.sluice.llama.template.Statement.Signature;
import dev.sluice.llama.template.Statement.Target;
import dev.sluice.llama.template.Token.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the statements of a template. */
final class Parser {
    private final ExpressionParser in;

    /** How many loops the statement stands in, so that a stray {@code break} is found here. */
    private int loops;

    Parser(String source) {
        this.in = new ExpressionParser(source, Lexer.read(source));
    }

    /** All names and strings of the template. */
    Set<String> names() {
        return in.names();
    }

    List<Statement> template() {
        List<Statement> statements = body();
        if (in.peek().kind() != Kind.END) {
            throw in.error(in.peek(), "`" + tagName() + "` without its beginning");
        }
        return statements;
    }

    private String tagName() {
        in.next();
        return in.peek().text();
    }

    /** Statements up to a tag that only ends or divides another, which is left to the caller. */
    private List<Statement> body() {
        in.enter();
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = in.peek();
            switch (token.kind()) {
                case END -> {
                    in.leave();
                    return statements;
                }
                case TEXT -> statements.add(new Statement.Text(in.next().text()));
                case PRINT_BEGIN -> statements.add(print());
                case BLOCK_BEGIN -> {
                    if (endsBody()) {
                        in.leave();
                        return statements;
                    }
                    in.next();
                    tag(statements);
                }
                case PRINT_END, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
                        throw in.error(token, "unexpected " + token.words());
            }
        }
    }

    private boolean endsBody() {
        String name = in.peekBehind().text();
        return name.startsWith("end") || name.equals("else") || name.equals("elif");
    }

    private Statement print() {
        in.next();
        Expression value = in.tuple();
        in.expect(Kind.PRINT_END, "`}}`");
        return new Statement.Print(value);
    }

    private void endTag() {
        in.expect(Kind.BLOCK_END, "`%}`");
    }

    private void expectTag(String name, Token opening) {
        if (in.peek().kind() == Kind.END) {
            throw in.error(opening, "`" + opening.text() + "` has no `" + name + "`");
        }
        in.expect(Kind.BLOCK_BEGIN, "`{% " + name + " %}`");
        if (!in.skipName(name)) {
            throw in.error(in.peek(), "expected `" + name + "`, found " + in.peek().words());
        }
    }

    /** A body with its end tag. */
    private List<Statement> bodyUntil(String end, Token opening) {
        List<Statement> body = body();
        expectTag(end, opening);
        endTag();
        return body;
    }

    private void tag(List<Statement> into) {
        Token name = in.expect(Kind.NAME, "the name of a tag");
        switch (name.text()) {
            case "if" -> into.add(choice(name));
            case "for" -> into.add(loop(name));
            case "set" -> into.add(set(name));
            case "macro" -> into.add(macro(name));
            case "call" -> into.add(call(name));
            case "filter" -> into.add(filter(name));
            case "with" -> into.add(with(name));
            case "break", "continue" -> into.add(jump(name));
            // Marks of what a model is trained on: they say nothing about the text.
            case "generation" -> {
                endTag();
                into.addAll(bodyUntil("endgeneration", name));
            }
            default -> throw in.error(name, "the tag `" + name.text() + "` is not supported");
        }
    }

    private Statement choice(Token opening) {
        List<Expression> conditions = new ArrayList<>();
        List<List<Statement>> bodies = new ArrayList<>();
        List<Statement> otherwise = List.of();
        boolean more = true;
        while (more) {
            conditions.add(in.tuple());
            endTag();
            bodies.add(body());
            more = in.peekBehind().isName("elif") && in.peek().kind() == Kind.BLOCK_BEGIN;
            if (more) {
                in.next();
                in.next();
            }
        }
        if (in.peek().kind() == Kind.BLOCK_BEGIN && in.peekBehind().isName("else")) {
            expectTag("else", opening);
            endTag();
            otherwise = body();
        }
        expectTag("endif", opening);
        endTag();
        return new Statement.If(conditions, bodies, otherwise);
    }

    private Statement loop(Token opening) {
        Target target = targets();
        if (!in.skipName("in")) {
            throw in.error(in.peek(), "expected `in`, found " + in.peek().words());
        }
        Expression iterable = in.tuple(false);
        Expression condition = in.skipName("if") ? in.expression() : null;
        if (in.peek().isName("recursive")) {
            throw in.error(in.peek(), "a recursive loop is not supported");
        }
        endTag();
        loops++;
        List<Statement> body = body();
        loops--;
        List<Statement> otherwise = List.of();
        if (in.peek().kind() == Kind.BLOCK_BEGIN && in.peekBehind().isName("else")) {
            expectTag("else", opening);
            endTag();
            otherwise = body();
        }
        expectTag("endfor", opening);
        endTag();
        return new Statement.For(target, iterable, condition, body, otherwise, opening.at());
    }

    private Target targets() {
        int start = in.peek().at();
        boolean enclosed = in.skipOperator("(");
        List<Target> targets = new ArrayList<>(List.of(target()));
        while (in.skipOperator(",")) {
            targets.add(target());
        }
        if (enclosed) {
            in.expectOperator(")");
        }
        return targets.size() == 1 ? targets.getFirst() : new Target.Several(targets, start);
    }

    private Target target() {
        if (in.peek().isOperator("(")) {
            in.enter();
            Target several = targets();
            in.leave();
            return several;
        }
        Token name = in.expect(Kind.NAME, "the name of a variable");
        if (!in.skipOperator(".")) {
            return new Target.Variable(name.text());
        }
        Token member = in.expect(Kind.NAME, "a name");
        return new Target.Member(name.text(), member.text(), name.at());
    }

    private Statement set(Token opening) {
        Target target = targets();
        if (in.skipOperator("=")) {
            Expression value = in.tuple();
            endTag();
            return new Statement.Set(target, value, opening.at());
        }
        List<Statement.FilterCall> filters = new ArrayList<>();
        while (in.skipOperator("|")) {
            filters.add(in.filterCall());
        }
        endTag();
        return new Statement.SetBlock(target, filters, bodyUntil("endset", opening), opening.at());
    }

    private Signature signature() {
        List<String> names = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        in.expectOperator("(");
        while (!in.skipOperator(")")) {
            if (!names.isEmpty()) {
                in.expectOperator(",");
            }
            Token name = in.expect(Kind.NAME, "the name of a parameter");
            names.add(name.text());
            if (in.skipOperator("=")) {
                defaults.add(in.expression());
            } else if (!defaults.isEmpty()) {
                throw in.error(name, "a parameter without a default behind one with a default");
            }
        }
        return new Signature(names, defaults);
    }

    private Statement macro(Token opening) {
        Token name = in.expect(Kind.NAME, "the name of the macro");
        Signature signature = signature();
        endTag();
        List<Statement> body = outsideOfLoops("endmacro", opening);
        return new Statement.Macro(name.text(), signature, body, name.at());
    }

    private List<Statement> outsideOfLoops(String end, Token opening) {
        int around = loops;
        loops = 0;
        List<Statement> body = bodyUntil(end, opening);
        loops = around;
        return body;
    }

    private Statement call(Token opening) {
        Signature signature = in.peek().isOperator("(") ? signature() : Signature.NONE;
        Token start = in.peek();
        if (!(in.expression() instanceof Expression.Call call)) {
            throw in.error(start, "expected the call of a macro");
        }
        endTag();
        List<Statement> body = outsideOfLoops("endcall", opening);
        return new Statement.CallBlock(call, signature, body, opening.at());
    }

    private Statement filter(Token opening) {
        List<Statement.FilterCall> filters = new ArrayList<>(List.of(in.filterCall()));
        while (in.skipOperator("|")) {
            filters.add(in.filterCall());
        }
        endTag();
        return new Statement.FilterBlock(filters, bodyUntil("endfilter", opening), opening.at());
    }

    private Statement with(Token opening) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (in.peek().kind() != Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                in.expectOperator(",");
            }
            targets.add(target());
            in.expectOperator("=");
            values.add(in.expression());
        }
        endTag();
        return new Statement.With(targets, values, bodyUntil("endwith", opening), opening.at());
    }

    private Statement jump(Token name) {
        if (loops == 0) {
            throw in.error(name, "`" + name.text() + "` outside of a loop");
        }
        endTag();
        return name.text().equals("break") ? new Statement.Break() : new Statement.Continue();
    }
}

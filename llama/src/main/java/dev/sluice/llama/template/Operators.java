package dev.sluice.llama.template;

import java.util.ArrayList;
import java.util.List;

/** What the operators between two values do. */
final class Operators {
    private Operators() {}

    static Value apply(String operator, Value left, Value right, Budget budget) {
        if (left instanceof Value.Text text && operator.equals("*")) {
            return repeated(text, right, budget);
        }
        if (left instanceof Value.Text text && operator.equals("%")) {
            return StringMethods.formatted(text.value(), right, budget);
        }
        return switch (operator) {
            case "~" -> text(Printer.print(left, budget) + Printer.print(right, budget), budget);
            case "+" -> sum(left, right, budget);
            case "-", "*", "/", "//", "%", "**" -> arithmetic(operator, left, right);
            default -> throw TemplateException.of("unknown operator `" + operator + "`");
        };
    }

    static Value text(String text, Budget budget) {
        budget.text(text.length());
        return Value.of(text);
    }

    private static Value sum(Value left, Value right, Budget budget) {
        if (left instanceof Value.Text a && right instanceof Value.Text b) {
            return text(a.value().concat(b.value()), budget);
        }
        if (left instanceof Value.Items a && right instanceof Value.Items b) {
            budget.spend(8L * (a.values().size() + b.values().size()));
            List<Value> all = new ArrayList<>(a.values());
            all.addAll(b.values());
            return new Value.Items(all);
        }
        return arithmetic("+", left, right);
    }

    private static Value repeated(Value.Text text, Value times, Budget budget) {
        if (!(Types.integer(times) instanceof Value.Int count)) {
            throw unfit("*", text, times);
        }
        int repeats = (int) Math.clamp(count.value(), 0L, Integer.MAX_VALUE);
        budget.text((long) repeats * text.value().length());
        return Value.of(text.value().repeat(repeats));
    }

    private static Value arithmetic(String operator, Value left, Value right) {
        if (!Types.isNumber(left) || !Types.isNumber(right)) {
            throw unfit(operator, left, right);
        }
        if (Types.integer(left) instanceof Value.Int a
                && Types.integer(right) instanceof Value.Int b
                && !operator.equals("/")
                && !(operator.equals("**") && b.value() < 0)) {
            return whole(operator, a.value(), b.value());
        }
        return new Value.Real(real(operator, Types.number(left), Types.number(right)));
    }

    private static Value whole(String operator, long a, long b) {
        if (b == 0 && (operator.equals("//") || operator.equals("%"))) {
            throw TemplateException.of("division by zero");
        }
        try {
            return Value.of(
                    switch (operator) {
                        case "+" -> Math.addExact(a, b);
                        case "-" -> Math.subtractExact(a, b);
                        case "*" -> Math.multiplyExact(a, b);
                        case "//" -> Math.floorDiv(a, b);
                        case "%" -> Math.floorMod(a, b);
                        default -> power(a, b);
                    });
        } catch (ArithmeticException _) {
            throw TemplateException.of("a whole number of more than 64 bits");
        }
    }

    private static long power(long base, long exponent) {
        long result = 1;
        for (long i = 0; i < exponent && result != 0 && (result != 1 || i == 0); i++) {
            result = Math.multiplyExact(result, base);
        }
        return base == -1 ? exponent % 2 == 0 ? 1 : -1 : result;
    }

    private static double real(String operator, double a, double b) {
        if (b == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw TemplateException.of("division by zero");
        }
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "//" -> Math.floor(a / b);
            case "%" -> a - b * Math.floor(a / b);
            default -> Math.pow(a, b);
        };
    }

    static Value unary(String operator, Value operand) {
        if (operator.equals("not")) {
            return Value.of(!Types.truth(operand));
        }
        if (operator.equals("+") && Types.isNumber(operand)) {
            return Types.integer(operand);
        }
        return arithmetic("-", Value.of(0), operand);
    }

    static boolean compare(String operator, Value left, Value right) {
        return switch (operator) {
            case "==" -> Types.equal(left, right);
            case "!=" -> !Types.equal(left, right);
            case "in" -> Types.contains(right, left);
            case "not in" -> !Types.contains(right, left);
            case "<" -> Types.order(left, right) < 0;
            case "<=" -> Types.order(left, right) <= 0;
            case ">" -> Types.order(left, right) > 0;
            default -> Types.order(left, right) >= 0;
        };
    }

    private static TemplateException unfit(String operator, Value left, Value right) {
        return TemplateException.of(
                "`"
                        + operator
                        + "` does not fit "
                        + Types.words(left)
                        + " and "
                        + Types.words(right));
    }

    /** The part of a string or list that a slice takes, as Python counts it. */
    static Value slice(Value value, Value from, Value to, Value step, Budget budget) {
        long by = step instanceof Value.None ? 1 : bound(step);
        if (by == 0) {
            throw TemplateException.of("a slice with a step of 0");
        }
        int[] points =
                value instanceof Value.Text text ? text.value().codePoints().toArray() : new int[0];
        List<Value> items = value instanceof Value.Items list ? list.values() : List.of();
        if (!(value instanceof Value.Text) && !(value instanceof Value.Items)) {
            throw TemplateException.of("cannot take a slice of " + Types.words(value));
        }
        int size = Math.max(points.length, items.size());
        budget.spend(size);
        long start = place(from, by > 0 ? 0 : size - 1, size, by);
        long end = place(to, by > 0 ? size : -1, size, by);
        StringBuilder characters = new StringBuilder();
        List<Value> taken = new ArrayList<>();
        for (long i = start; by > 0 ? i < end : i > end; i += by) {
            if (value instanceof Value.Text) {
                characters.appendCodePoint(points[(int) i]);
            } else {
                taken.add(items.get((int) i));
            }
        }
        return value instanceof Value.Text
                ? Value.of(characters.toString())
                : new Value.Items(taken);
    }

    private static long bound(Value value) {
        if (Types.integer(value) instanceof Value.Int number) {
            return Math.clamp(number.value(), -(1L << 40), 1L << 40);
        }
        throw TemplateException.of("expected a whole number, found " + Types.words(value));
    }

    private static long place(Value value, long otherwise, int size, long by) {
        if (value instanceof Value.None) {
            return otherwise;
        }
        long place = bound(value);
        place = place < 0 ? place + size : place;
        return by > 0 ? Math.clamp(place, 0L, (long) size) : Math.clamp(place, -1L, size - 1L);
    }
}

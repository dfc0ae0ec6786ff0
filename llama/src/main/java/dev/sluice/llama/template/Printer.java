package dev.sluice.llama.template;

import java.math.BigDecimal;

/**
 * Writes values as templates print them: strings as they are, everything else as Python writes it,
 * since models were trained on what Python wrote.
 */
final class Printer {
    private Printer() {}

    /** The value as {@code {{ value }}} prints it. */
    static String print(Value value, Budget budget) {
        return switch (value) {
            case Value.Text text -> text.value();
            case Value.Missing _ -> "";
            case Value other -> {
                StringBuilder out = new StringBuilder();
                represent(other, out, budget);
                yield out.toString();
            }
        };
    }

    private static void represent(Value value, StringBuilder out, Budget budget) {
        budget.growing(out.length());
        budget.spend(0);
        switch (value) {
            case Value.Text text -> quoted(text.value(), out);
            case Value.Int number -> out.append(number.value());
            case Value.Real number -> out.append(real(number.value()));
            case Value.Bool bool -> out.append(bool.value() ? "True" : "False");
            case Value.None _ -> out.append("None");
            case Value.Missing _ -> out.append("Undefined");
            case Value.Items items -> {
                budget.enter();
                out.append('[');
                String separator = "";
                for (Value item : items.values()) {
                    out.append(separator);
                    represent(item, out, budget);
                    separator = ", ";
                }
                out.append(']');
                budget.leave();
            }
            case Value.Members members -> {
                budget.enter();
                out.append('{');
                String separator = "";
                for (var member : members.values().entrySet()) {
                    out.append(separator);
                    quoted(member.getKey(), out);
                    out.append(": ");
                    represent(member.getValue(), out, budget);
                    separator = ", ";
                }
                out.append('}');
                budget.leave();
            }
            case Value.Namespace _ -> out.append("<Namespace>");
            case Value.Function function ->
                    out.append("<function ").append(function.name()).append('>');
        }
    }

    private static void quoted(String text, StringBuilder out) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(c);
                    } else if (c < ' ' || c == 0x7f) {
                        out.append("\\x").append(hex(c >> 4)).append(hex(c & 0xf));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append(quote);
    }

    private static char hex(int digit) {
        return Character.forDigit(digit, 16);
    }

    /** A number as Python writes it: the shortest digits that mean it, an exponent from 1e16 on. */
    static String real(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = exact.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = exact.unscaledValue().abs().toString();
        return (value < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}

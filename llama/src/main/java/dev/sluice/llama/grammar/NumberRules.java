package dev.sluice.llama.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Numbers between bounds. Whole numbers are held to their bounds exactly; numbers with a fraction
 * to the whole numbers around their bounds.
 */
final class NumberRules {
    /** Whole numbers of more digits are not told apart from a double's neighbours. */
    private static final long LARGEST = 999_999_999_999_999L;

    private NumberRules() {}

    static String integer(Schema schema, JsonTokens tokens) {
        OptionalDouble least = bound(schema, "minimum", "exclusiveMinimum", 1);
        OptionalDouble most = bound(schema, "maximum", "exclusiveMaximum", -1);
        if (least.isEmpty() && most.isEmpty()) {
            return tokens.integer();
        }
        return whole(
                least.isPresent() ? clamp(Math.ceil(least.getAsDouble())) : -LARGEST,
                most.isPresent() ? clamp(Math.floor(most.getAsDouble())) : LARGEST);
    }

    /** The tighter of the two bounds, where the exclusive one is {@code step} inside of itself. */
    private static OptionalDouble bound(Schema schema, String word, String exclusive, int step) {
        OptionalDouble bound = schema.number(word);
        OptionalDouble outside = schema.number(exclusive);
        if (outside.isEmpty() && schema.isTrue(exclusive)) {
            outside = bound;
        }
        if (outside.isEmpty()) {
            return bound;
        }
        double inside =
                step > 0
                        ? Math.floor(outside.getAsDouble()) + 1
                        : Math.ceil(outside.getAsDouble()) - 1;
        return OptionalDouble.of(
                bound.isEmpty()
                        ? inside
                        : step > 0
                                ? Math.max(inside, bound.getAsDouble())
                                : Math.min(inside, bound.getAsDouble()));
    }

    private static long clamp(double value) {
        return (long) Math.clamp(value, -LARGEST, LARGEST);
    }

    private static String whole(long least, long most) {
        if (least > most) {
            throw new GrammarException("`minimum` of the schema is more than `maximum`");
        }
        List<String> ways = new ArrayList<>();
        if (least < 0) {
            ways.add("\"-\" " + range(Math.max(1, -most), -least));
        }
        if (most >= 0) {
            ways.add(range(Math.max(0, least), most));
        }
        return Rules.oneOf(ways);
    }

    static String number(Schema schema, JsonTokens tokens) {
        OptionalDouble least = first(schema, "minimum", "exclusiveMinimum");
        OptionalDouble most = first(schema, "maximum", "exclusiveMaximum");
        if (least.isEmpty() && most.isEmpty()) {
            return tokens.number();
        }
        long from = least.isPresent() ? clamp(Math.floor(least.getAsDouble())) : -LARGEST;
        long to = most.isPresent() ? clamp(Math.ceil(most.getAsDouble())) : LARGEST;
        if (from > to) {
            throw new GrammarException("`minimum` of the schema is more than `maximum`");
        }
        List<String> ways = new ArrayList<>(List.of(whole(from, to)));
        String fraction = " \".\" [0-9]{1,16}";
        if (from < 0) {
            ways.add("\"-\" " + range(Math.max(0, -to), -from - 1) + fraction);
        }
        if (to > 0) {
            ways.add(range(Math.max(0, from), to - 1) + fraction);
        }
        return Rules.oneOf(ways);
    }

    private static OptionalDouble first(Schema schema, String word, String other) {
        OptionalDouble value = schema.number(word);
        return value.isPresent() ? value : schema.number(other);
    }

    /** The digits of a number from {@code least} to {@code most}, both of them not negative. */
    private static String range(long least, long most) {
        List<String> ways = new ArrayList<>();
        long from = least;
        while (from <= most) {
            String digits = Long.toString(from);
            long longest = (long) Math.pow(10, digits.length()) - 1;
            long to = Math.min(most, longest);
            ways.add(sameLength(digits, Long.toString(to)));
            from = to + 1;
        }
        return Rules.oneOf(ways);
    }

    private static String sameLength(String least, String most) {
        if (least.isEmpty()) {
            return "\"\"";
        }
        char low = least.charAt(0);
        char high = most.charAt(0);
        int rest = least.length() - 1;
        if (rest == 0) {
            return digit(low, high);
        }
        boolean fromStart = isAll(least, '0');
        boolean toEnd = isAll(most, '9');
        if (fromStart && toEnd) {
            return digit(low, high) + " [0-9]{" + rest + "}";
        }
        if (low == high) {
            return digit(low, low) + " " + sameLength(least.substring(1), most.substring(1));
        }
        List<String> ways = new ArrayList<>();
        char middleFrom = low;
        char middleTo = high;
        if (!fromStart) {
            ways.add(digit(low, low) + " " + sameLength(least.substring(1), "9".repeat(rest)));
            middleFrom++;
        }
        if (!toEnd) {
            middleTo--;
        }
        if (middleFrom <= middleTo) {
            ways.add(digit(middleFrom, middleTo) + " [0-9]{" + rest + "}");
        }
        if (!toEnd) {
            ways.add(digit(high, high) + " " + sameLength("0".repeat(rest), most.substring(1)));
        }
        return Rules.oneOf(ways);
    }

    private static boolean isAll(String digits, char digit) {
        for (int i = 1; i < digits.length(); i++) {
            if (digits.charAt(i) != digit) {
                return false;
            }
        }
        return true;
    }

    private static String digit(char low, char high) {
        return low == high ? "\"" + low + "\"" : "[" + low + "-" + high + "]";
    }
}

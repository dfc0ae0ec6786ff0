package dev.sluice.llama.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The methods of strings, as Python has them. */
final class StringMethods {
    /** What a method does. */
    @FunctionalInterface
    interface Method {
        Value call(String text, Arguments arguments, Budget budget);
    }

    private static final Map<String, Method> ALL = new HashMap<>();

    private StringMethods() {}

    static {
        ALL.put("strip", (text, a, _) -> Value.of(strip(text, characters(a), true, true)));
        ALL.put("lstrip", (text, a, _) -> Value.of(strip(text, characters(a), true, false)));
        ALL.put("rstrip", (text, a, _) -> Value.of(strip(text, characters(a), false, true)));
        ALL.put("upper", (text, _, _) -> Value.of(text.toUpperCase(Locale.ROOT)));
        ALL.put("lower", (text, _, _) -> Value.of(text.toLowerCase(Locale.ROOT)));
        ALL.put("title", (text, _, _) -> Value.of(title(text)));
        ALL.put("capitalize", (text, _, _) -> Value.of(capitalized(text)));
        ALL.put("startswith", (text, a, _) -> affix(text, a, true));
        ALL.put("endswith", (text, a, _) -> affix(text, a, false));
        ALL.put("removeprefix", (text, a, _) -> Value.of(without(text, a.text(0, "prefix"), true)));
        ALL.put(
                "removesuffix",
                (text, a, _) -> Value.of(without(text, a.text(0, "suffix"), false)));
        ALL.put(
                "replace",
                (text, a, budget) ->
                        replace(
                                text,
                                a.text(0, "old"),
                                a.text(1, "new"),
                                a.integer(2, "count", -1),
                                budget));
        ALL.put("split", (text, a, budget) -> split(text, a.text(0, "sep", ""), a, false, budget));
        ALL.put("rsplit", (text, a, budget) -> split(text, a.text(0, "sep", ""), a, true, budget));
        ALL.put("splitlines", (text, _, _) -> new Value.Items(lines(text)));
        ALL.put("find", (text, a, _) -> Value.of(text.indexOf(a.text(0, "sub"))));
        ALL.put("rfind", (text, a, _) -> Value.of(text.lastIndexOf(a.text(0, "sub"))));
        ALL.put("index", (text, a, _) -> index(text, a.text(0, "sub")));
        ALL.put("count", (text, a, _) -> Value.of(count(text, a.text(0, "sub"))));
        ALL.put("join", (text, a, budget) -> joined(text, a, budget));
        ALL.put("format", StringMethods::bracesFormatted);
        ALL.put("partition", (text, a, _) -> partition(text, a.text(0, "sep")));
        ALL.put("isdigit", (text, _, _) -> all(text, Character::isDigit));
        ALL.put("isalpha", (text, _, _) -> all(text, Character::isLetter));
        ALL.put("isalnum", (text, _, _) -> all(text, Character::isLetterOrDigit));
        ALL.put("isspace", (text, _, _) -> all(text, Character::isWhitespace));
        ALL.put(
                "isupper",
                (text, _, _) -> Value.of(Checks.holds("upper", Value.of(text), Arguments.NONE)));
        ALL.put(
                "islower",
                (text, _, _) -> Value.of(Checks.holds("lower", Value.of(text), Arguments.NONE)));
    }

    static boolean known(String name) {
        return ALL.containsKey(name);
    }

    static Value call(String name, String text, Arguments arguments, Budget budget) {
        Method method = ALL.get(name);
        if (method == null) {
            throw TemplateException.of("strings have no method `" + name + "`");
        }
        budget.spend(text.length());
        return method.call(text, arguments, budget);
    }

    private static String characters(Arguments arguments) {
        return arguments.text(0, "chars", "");
    }

    /** Takes {@code characters} off the ends; white space if there are none. */
    static String strip(String text, String characters, boolean start, boolean end) {
        int from = 0;
        int to = text.length();
        while (start && from < to && strips(text.charAt(from), characters)) {
            from++;
        }
        while (end && to > from && strips(text.charAt(to - 1), characters)) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean strips(char c, String characters) {
        return characters.isEmpty()
                ? Character.isWhitespace(c) || Character.isSpaceChar(c)
                : characters.indexOf(c) >= 0;
    }

    static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
            inWord = Character.isLetter(c);
        }
        return out.toString();
    }

    private static Value affix(String text, Arguments arguments, boolean start) {
        Value wanted = arguments.get(0, "prefix");
        List<Value> all = wanted instanceof Value.Items items ? items.values() : List.of(wanted);
        for (Value one : all) {
            String affix = Types.text(one);
            if (start ? text.startsWith(affix) : text.endsWith(affix)) {
                return Value.TRUE;
            }
        }
        return Value.FALSE;
    }

    private static String without(String text, String affix, boolean start) {
        if (start) {
            return text.startsWith(affix) ? text.substring(affix.length()) : text;
        }
        return text.endsWith(affix) ? text.substring(0, text.length() - affix.length()) : text;
    }

    static Value replace(String text, String old, String with, long count, Budget budget) {
        long left = count < 0 ? Long.MAX_VALUE : count;
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        for (int found = text.indexOf(old); found >= 0 && left > 0; found = text.indexOf(old, at)) {
            int end = old.isEmpty() ? Math.min(found + 1, text.length()) : found;
            out.append(text, at, found).append(with);
            budget.growing(out.length());
            left--;
            at = found + old.length();
            if (old.isEmpty()) {
                out.append(text, found, end);
                at = found + 1;
                if (at > text.length()) {
                    return Operators.text(out.toString(), budget);
                }
            }
        }
        return Operators.text(out.append(text, at, text.length()).toString(), budget);
    }

    private static Value split(
            String text, String separator, Arguments arguments, boolean fromEnd, Budget budget) {
        if (separator.isEmpty()
                && arguments.has(0, "sep")
                && arguments.get(0, "sep") instanceof Value.Text) {
            throw TemplateException.of("cannot split at an empty string");
        }
        long most = arguments.integer(1, "maxsplit", -1);
        long splits = most < 0 ? Long.MAX_VALUE : most;
        List<Value> parts =
                separator.isEmpty()
                        ? words(text, splits)
                        : fromEnd
                                ? splitFromEnd(text, separator, splits)
                                : splitFromStart(text, separator, splits);
        budget.spend(parts.size());
        return new Value.Items(parts);
    }

    private static List<Value> splitFromStart(String text, String separator, long most) {
        List<Value> parts = new ArrayList<>();
        int at = 0;
        for (int found = text.indexOf(separator);
                found >= 0 && parts.size() < most;
                found = text.indexOf(separator, at)) {
            parts.add(Value.of(text.substring(at, found)));
            at = found + separator.length();
        }
        parts.add(Value.of(text.substring(at)));
        return parts;
    }

    private static List<Value> splitFromEnd(String text, String separator, long most) {
        List<Value> parts = new ArrayList<>();
        int end = text.length();
        while (parts.size() < most) {
            int found = text.lastIndexOf(separator, end - separator.length());
            if (found < 0) {
                break;
            }
            parts.add(Value.of(text.substring(found + separator.length(), end)));
            end = found;
        }
        parts.add(Value.of(text.substring(0, end)));
        return parts.reversed();
    }

    private static List<Value> words(String text, long most) {
        List<Value> parts = new ArrayList<>();
        int at = 0;
        while (true) {
            while (at < text.length() && strips(text.charAt(at), "")) {
                at++;
            }
            if (at == text.length()) {
                return parts;
            }
            if (parts.size() == most) {
                parts.add(Value.of(text.substring(at)));
                return parts;
            }
            int from = at;
            while (at < text.length() && !strips(text.charAt(at), "")) {
                at++;
            }
            parts.add(Value.of(text.substring(from, at)));
        }
    }

    static List<Value> lines(String text) {
        List<Value> lines = new ArrayList<>();
        text.lines().forEach(line -> lines.add(Value.of(line)));
        return lines;
    }

    private static Value index(String text, String part) {
        int found = text.indexOf(part);
        if (found < 0) {
            throw TemplateException.of("the string to find is not there");
        }
        return Value.of(found);
    }

    private static long count(String text, String part) {
        if (part.isEmpty()) {
            return text.length() + 1L;
        }
        long count = 0;
        for (int i = text.indexOf(part); i >= 0; i = text.indexOf(part, i + part.length())) {
            count++;
        }
        return count;
    }

    private static Value joined(String separator, Arguments arguments, Budget budget) {
        StringBuilder out = new StringBuilder();
        String between = "";
        for (Value item : Types.elements(arguments.get(0, "iterable"))) {
            out.append(between).append(Types.text(item));
            budget.growing(out.length());
            between = separator;
        }
        return Operators.text(out.toString(), budget);
    }

    private static Value partition(String text, String separator) {
        int found = separator.isEmpty() ? -1 : text.indexOf(separator);
        return found < 0
                ? Value.Items.of(Value.of(text), Value.of(""), Value.of(""))
                : Value.Items.of(
                        Value.of(text.substring(0, found)),
                        Value.of(separator),
                        Value.of(text.substring(found + separator.length())));
    }

    private static Value all(String text, java.util.function.IntPredicate predicate) {
        return Value.of(!text.isEmpty() && text.codePoints().allMatch(predicate));
    }

    /** {@code "{} and {name}".format(…)}, without format specifications. */
    private static Value bracesFormatted(String text, Arguments arguments, Budget budget) {
        StringBuilder out = new StringBuilder();
        int next = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if ((c == '{' || c == '}') && at + 1 < text.length() && text.charAt(at + 1) == c) {
                out.append(c);
                at += 2;
            } else if (c == '{') {
                int close = text.indexOf('}', at);
                String field = close < 0 ? ":" : text.substring(at + 1, close);
                Value value =
                        field.isEmpty() ? arguments.get(next++, field) : field(field, arguments);
                out.append(Printer.print(value, budget));
                at = close + 1;
            } else {
                out.append(c);
                at++;
            }
            budget.growing(out.length());
        }
        return Operators.text(out.toString(), budget);
    }

    private static Value field(String field, Arguments arguments) {
        if (field.chars().allMatch(Character::isDigit) && field.length() < 6) {
            return arguments.get(Integer.parseInt(field), field);
        }
        if (field.chars().allMatch(Character::isUnicodeIdentifierPart)) {
            return arguments.get(Integer.MAX_VALUE, field);
        }
        throw TemplateException.of("the format `{" + field + "}` is not supported");
    }

    /** {@code "%s and %d" % values}. */
    static Value formatted(String text, Value values, Budget budget) {
        List<Value> left =
                new ArrayList<>(
                        values instanceof Value.Items items ? items.values() : List.of(values));
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%' || i + 1 == text.length()) {
                out.append(c);
                continue;
            }
            char kind = text.charAt(++i);
            if (kind == '%') {
                out.append('%');
            } else if (left.isEmpty() || "sdi".indexOf(kind) < 0) {
                throw TemplateException.of("the format `%" + kind + "` has no value for it");
            } else {
                out.append(Printer.print(left.removeFirst(), budget));
            }
            budget.growing(out.length());
        }
        return Operators.text(out.toString(), budget);
    }
}

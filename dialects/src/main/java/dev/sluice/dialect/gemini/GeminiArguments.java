package dev.sluice.dialect.gemini;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.Text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The arguments of a call that come in pieces. Each piece is a value with its path from the root,
 * such as {@code $.city} or {@code $.days[0].high}; a string may take several. Here they become the
 * text of one JSON object, as far as it is known with every piece.
 *
 * <p>Text that has gone out cannot be changed, so the pieces must come in the order of the
 * document: one that goes back to a place that is behind fails the answer. A string is closed by
 * what comes after it.
 */
final class GeminiArguments {
    /** Arguments of a function have no more levels than this. */
    private static final int DEEPEST = 64;

    /**
     * A value, or a piece of a string.
     *
     * @param string whether {@code value} is the inside of a string, and not JSON text
     */
    record Piece(String path, boolean string, Text value) {}

    /** A member of an object, or an element of an array. */
    private record Step(String name, int index) {
        boolean isElement() {
            return index >= 0;
        }
    }

    /** An object or array that is open. */
    private static final class Level {
        final Set<String> names = new HashSet<>(4);
        Step at;

        Level(Step first) {
            at = first;
            names.add(first.name);
        }

        /** Whether {@code next} may follow what was written last. */
        boolean goesOnAt(Step next) {
            return at.isElement()
                    ? next.index == at.index + 1
                    : !next.isElement() && names.add(next.name);
        }
    }

    private final List<Level> open = new ArrayList<>();
    private final ByteBuilder out = new ByteBuilder(64);

    /** The path of the string that is open, empty if none is. */
    private String openString = "";

    /** What {@code piece} adds to the text. */
    Text take(Piece piece) {
        out.clear();
        if (!piece.string || !piece.path.equals(openString)) {
            closeString();
            place(piece.path);
            out.add(piece.string ? "\"" : "");
        }
        openString = piece.string ? piece.path : "";
        out.content(piece.value);
        return Text.of(out.toString());
    }

    /** What ends the text; nothing if there was no piece. */
    Text end() {
        out.clear();
        closeString();
        close(0);
        return Text.of(out.toString());
    }

    private void closeString() {
        out.add(openString.isEmpty() ? "" : "\"");
        openString = "";
    }

    /** Closes what is open at this depth and deeper. */
    private void close(int depth) {
        for (int i = open.size() - 1; i >= depth; i--) {
            out.add(open.removeLast().at.isElement() ? ']' : '}');
        }
    }

    /** Writes all that stands between the last value and the one at {@code path}. */
    private void place(String path) {
        List<Step> steps = steps(path);
        int same = 0;
        while (same < steps.size()
                && same < open.size()
                && steps.get(same).equals(open.get(same).at)) {
            same++;
        }
        boolean inside = same == steps.size() || same == open.size() && same > 0;
        if (inside) {
            throw broken(path);
        }
        if (same < open.size()) {
            close(same + 1);
            Level level = open.get(same);
            Step next = steps.get(same);
            if (!level.goesOnAt(next)) {
                throw broken(path);
            }
            level.at = next;
            out.add(',');
            name(next);
            same++;
        }
        for (Step step : steps.subList(same, steps.size())) {
            if (step.index > 0 || open.isEmpty() && step.isElement()) {
                throw broken(path);
            }
            open.add(new Level(step));
            out.add(step.isElement() ? '[' : '{');
            name(step);
        }
    }

    private void name(Step step) {
        if (!step.isElement()) {
            out.quoted(step.name).add(':');
        }
    }

    private static List<Step> steps(String path) {
        List<Step> steps = new ArrayList<>(4);
        int at = path.startsWith("$") ? 1 : 0;
        while (at < path.length()) {
            int end = path.charAt(at) == '[' ? bracket(path, at) : name(path, at);
            if (end < 0 || steps.size() == DEEPEST) {
                throw broken(path);
            }
            steps.add(step(path.substring(at, end)));
            at = end;
        }
        return steps;
    }

    /** Where the step ends whose bracket opens at {@code from}; -1 if it does not. */
    private static int bracket(String path, int from) {
        boolean named = from + 1 < path.length() && "'\"".indexOf(path.charAt(from + 1)) >= 0;
        if (!named) {
            int close = path.indexOf(']', from);
            return close < 0 ? -1 : close + 1;
        }
        for (int i = from + 2; i + 1 < path.length(); i++) {
            if (path.charAt(i) == '\\') {
                i++;
            } else if (path.charAt(i) == path.charAt(from + 1)) {
                return path.charAt(i + 1) == ']' ? i + 2 : -1;
            }
        }
        return -1;
    }

    private static int name(String path, int from) {
        int end = from + 1;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        return path.charAt(from) == '.' && end > from + 1 ? end : -1;
    }

    private static Step step(String written) {
        if (written.charAt(0) == '.') {
            return new Step(written.substring(1), -1);
        }
        String inside = written.substring(1, written.length() - 1);
        if (inside.startsWith("'") || inside.startsWith("\"")) {
            return new Step(unescaped(inside.substring(1, inside.length() - 1)), -1);
        }
        return new Step("", index(inside));
    }

    private static String unescaped(String quoted) {
        StringBuilder name = new StringBuilder(quoted.length());
        for (int i = 0; i < quoted.length(); i++) {
            boolean escape = quoted.charAt(i) == '\\' && i + 1 < quoted.length();
            name.append(quoted.charAt(escape ? ++i : i));
        }
        return name.toString();
    }

    private static int index(String digits) {
        boolean number = !digits.isEmpty() && digits.length() < 9;
        int index = 0;
        for (int i = 0; i < digits.length() && number; i++) {
            number = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
            index = index * 10 + digits.charAt(i) - '0';
        }
        if (!number) {
            throw broken("[" + digits + "]");
        }
        return index;
    }

    private static RuntimeException broken(String path) {
        return Failure.of(
                        FailureCode.UPSTREAM_BROKEN,
                        "the upstream sent a piece of a call's arguments that has no place behind"
                                + " those before it (`"
                                + Lenient.shortened(path)
                                + "`)")
                .asException();
    }
}

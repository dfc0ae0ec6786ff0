package dev.sluice.cli;

import dev.sluice.gateway.config.InvalidValue;
import dev.sluice.gateway.config.NearestWord;

import java.util.Collection;
import java.util.function.Supplier;

/** The command line says something that cannot be done; the message is for whoever typed it. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 100;

    UsageException(String message) {
        super(message, null, false, false);
    }

    /** A word that is not known; names the nearest that is. */
    static UsageException unknown(String kind, String word, Collection<String> known) {
        String near =
                NearestWord.of(word, known)
                        .map(nearest -> "did you mean " + nearest + "?")
                        .orElse("there are " + String.join(", ", known));
        return new UsageException("there is no " + kind + " " + shown(word) + "; " + near);
    }

    /** What {@code make} makes of the value of {@code option}, whose objection names the option. */
    static <T> T of(String option, Supplier<T> make) {
        try {
            return make.get();
        } catch (InvalidValue invalid) {
            throw new UsageException(option + ": " + invalid.getMessage());
        }
    }

    /** A word of the command line on one line. */
    static String shown(String word) {
        StringBuilder shown = new StringBuilder();
        word.codePoints()
                .limit(LONGEST)
                .forEach(
                        point ->
                                shown.appendCodePoint(Character.isISOControl(point) ? '?' : point));
        return shown.toString();
    }
}

package dev.sluice.gateway.simulated;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;

/**
 * A model name, read: a script, or parts, or a script and parts, joined by hyphens, such as {@code
 * tool}, {@code n200-i20-t100}, {@code stall-n3-i0}. No script means {@link Script#TEXT}.
 *
 * @param tokens how many tokens of text, where the script has no fixed text
 * @param intervalMillis time between tokens
 * @param firstMillis time to the first token
 * @param usage whether token counts are told
 */
record ModelName(Script script, int tokens, int intervalMillis, int firstMillis, boolean usage) {
    static final int MOST_TOKENS = 1_000_000;
    static final int MOST_INTERVAL_MILLIS = 60_000;
    static final int MOST_FIRST_MILLIS = 600_000;
    private static final int NOT_SAID = -1;

    /**
     * Reads {@code name}.
     *
     * @throws FailureException when it is no name, with what would be one
     */
    static ModelName parse(String name) {
        return new Parser(name).parse();
    }

    /** Takes the parts off the end of a name, what is left is the script. */
    private static final class Parser {
        private final String name;
        private int tokens = NOT_SAID;
        private int interval = NOT_SAID;
        private int first = NOT_SAID;
        private int usage = NOT_SAID;

        Parser(String name) {
            this.name = name;
        }

        ModelName parse() {
            int end = name.length();
            while (end > 0) {
                int start = name.lastIndexOf('-', end - 1) + 1;
                if (!isPart(start, end)) {
                    return named(name.substring(0, end));
                }
                take(start, end);
                end = start - 1;
            }
            // All of it was parts; or there is nothing, or nothing before the first hyphen.
            return named(end < 0 ? Script.TEXT.word() : "");
        }

        private ModelName named(String word) {
            Script script = Script.of(word).orElseThrow(this::unknown);
            if (script.tokens() == 0 && tokens != NOT_SAID) {
                throw wrong(
                        "`"
                                + script.word()
                                + "` has text of its own and takes no number of tokens (n)");
            }
            return new ModelName(
                    script,
                    tokens == NOT_SAID ? script.tokens() : tokens,
                    interval == NOT_SAID ? script.intervalMillis() : interval,
                    first == NOT_SAID ? script.firstMillis() : first,
                    usage != 0);
        }

        private boolean isPart(int start, int end) {
            if (end - start < 2 || "nitu".indexOf(name.charAt(start)) < 0) {
                return false;
            }
            for (int i = start + 1; i < end; i++) {
                if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                    return false;
                }
            }
            return true;
        }

        private void take(int start, int end) {
            String digits = name.substring(start + 1, end);
            switch (name.charAt(start)) {
                case 'n' -> tokens = value(tokens, 'n', digits, 1, MOST_TOKENS, " tokens");
                case 'i' ->
                        interval =
                                value(
                                        interval,
                                        'i',
                                        digits,
                                        0,
                                        MOST_INTERVAL_MILLIS,
                                        " milliseconds between tokens");
                case 't' ->
                        first =
                                value(
                                        first,
                                        't',
                                        digits,
                                        0,
                                        MOST_FIRST_MILLIS,
                                        " milliseconds to the first token");
                default -> usage = value(usage, 'u', digits, 0, 1, ": 0 tells no token counts");
            }
        }

        private int value(
                int earlier, char letter, String digits, int least, int most, String what) {
            if (earlier != NOT_SAID) {
                throw wrong("`" + letter + "` is there twice");
            }
            // More digits than any bound has are out of bounds, and would not fit an int.
            int value = digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
            if (value < least || value > most) {
                throw wrong(
                        "`"
                                + letter
                                + "` is out of bounds (expected: "
                                + letter
                                + least
                                + " to "
                                + letter
                                + most
                                + what
                                + ")");
            }
            return value;
        }

        private FailureException wrong(String what) {
            return Failure.invalid("model", "the simulated model " + quoted() + ": " + what)
                    .asException();
        }

        private FailureException unknown() {
            StringBuilder message =
                    new StringBuilder("there is no simulated model ")
                            .append(quoted())
                            .append("; expected a number of tokens, milliseconds between them and")
                            .append(
                                    " milliseconds to the first, such as `n200-i20-t100`, or one of"
                                            + " ");
            for (Script script : Script.values()) {
                message.append(script == Script.TEXT ? "" : ", ").append(script.word());
            }
            message.append(", or both, such as `stall-n3-i0`");
            return new Failure(FailureCode.NOT_FOUND, message.toString(), "model", null, null, 0)
                    .asException();
        }

        /** The name as it may stand in a message: printable, and no longer than a name is. */
        private String quoted() {
            StringBuilder shown = new StringBuilder("`");
            for (int i = 0; i < Math.min(64, name.length()); i++) {
                char c = name.charAt(i);
                shown.append(c > ' ' && c < 0x7f && c != '`' ? c : '?');
            }
            return shown.append(name.length() > 64 ? "…`" : "`").toString();
        }
    }
}

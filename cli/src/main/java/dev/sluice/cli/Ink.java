package dev.sluice.cli;

import java.io.Console;
import java.util.Map;
import java.util.Optional;

/** Colours, on a terminal alone and only for those who want them (no-color.org). */
final class Ink {
    private static final String ESCAPE = "\u001b[";

    /** No colours. */
    static final Ink NONE = new Ink(false);

    private final boolean coloured;

    private Ink(boolean coloured) {
        this.coloured = coloured;
    }

    /** The ink for this process. */
    static Ink of(Map<String, String> env) {
        return of(
                env, Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent());
    }

    static Ink of(Map<String, String> env, boolean isTerminal) {
        boolean wanted =
                env.getOrDefault("NO_COLOR", "").isEmpty()
                        && !env.getOrDefault("TERM", "").equals("dumb");
        return new Ink(isTerminal && wanted);
    }

    /** Whether colours are shown. */
    boolean isColoured() {
        return coloured;
    }

    String bold(String text) {
        return in("1", text);
    }

    String dim(String text) {
        return in("2", text);
    }

    String good(String text) {
        return in("32", text);
    }

    String warning(String text) {
        return in("33", text);
    }

    private String in(String colour, String text) {
        return coloured ? ESCAPE + colour + "m" + text + ESCAPE + "0m" : text;
    }
}

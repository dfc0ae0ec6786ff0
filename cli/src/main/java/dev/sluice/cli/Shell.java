package dev.sluice.cli;

import dev.sluice.core.json.ByteBuilder;

/** Text in lines that people paste into a shell. */
final class Shell {
    private Shell() {}

    /** {@code word} as one word of a POSIX shell, whatever is in it. */
    static String quoted(String word) {
        return word.matches("[A-Za-z0-9._:/@+=,-]+")
                ? word
                : "'" + word.replace("'", "'\\''") + "'";
    }

    /** {@code text} as a JSON string. */
    static String json(String text) {
        return new ByteBuilder(text.length() + 2).quoted(text).toString();
    }
}

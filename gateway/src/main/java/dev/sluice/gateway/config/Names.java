package dev.sluice.gateway.config;

import java.util.regex.Pattern;

/** The names that people may give to things. */
enum Names {
    /** A provider, or the owner of a key. */
    SHORT("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}", "up to 64 letters, digits, and any of . _ @ -"),
    /** A route: like a model, and models have slashes and colons. */
    ROUTE(
            "[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,255}",
            "up to 256 letters, digits, and any of . _ : / @ + -"),
    /** A model of a provider: whatever can be seen. */
    MODEL("[^\\s\\p{C}]([^\\p{C}]{0,510}[^\\s\\p{C}])?", "up to 512 visible characters");

    private final Pattern pattern;
    private final String expected;

    Names(String pattern, String expected) {
        this.pattern = Pattern.compile(pattern);
        this.expected = expected;
    }

    /** What such a name is made of. */
    String expected() {
        return expected;
    }

    /** The name, or an objection without a subject. */
    String parse(String name) {
        if (!pattern.matcher(name).matches()) {
            throw InvalidValue.of("", name.isEmpty() ? "is empty" : "is not a name", expected);
        }
        return name;
    }

    /** The name that a record holds under {@code key}. */
    String check(String key, String name) {
        if (!pattern.matcher(name).matches()) {
            throw InvalidValue.of(key, Wording.quote(name) + " is not a name", expected);
        }
        return name;
    }
}

package dev.sluice.gateway.config;

import java.util.List;

/**
 * What the YAML parser objects to, in words for people. Its own sentences are matched and never
 * passed on: some of them repeat a piece of the file.
 */
final class YamlSyntax {

    /** A piece of the parser's sentence, and ours. */
    private record Objection(String piece, String what, String expected) {}

    private static final List<Objection> OBJECTIONS =
            List.of(
                    new Objection("TAB", "is indented with a tab", "spaces"),
                    new Objection("\\t", "is indented with a tab", "spaces"),
                    new Objection(
                            "mapping values are not allowed",
                            "has a `:` too many, or is indented too far",
                            "one `key: value` per line, and values that hold `: ` in quotes"),
                    new Objection(
                            "could not find expected ':'",
                            "is a key without its colon",
                            "a colon and a space after each key"),
                    new Objection(
                            "cannot start any token",
                            "starts with a character that means something to YAML",
                            "the value in quotes"),
                    new Objection(
                            "<block end>",
                            "does not line up with what is above it",
                            "the keys of one mapping below each other"),
                    new Objection(
                            "unexpected end of stream",
                            "is in a quote that is never closed",
                            "the same quote at its end"),
                    new Objection(
                            "but got",
                            "is in a bracket that is never closed, or a comma is missing before it",
                            "`,` between values, and `]` or `}` at the end"),
                    new Objection(
                            "escape",
                            "has a backslash that means nothing in double quotes",
                            "single quotes around text with backslashes"),
                    new Objection(
                            "sequence entries are not allowed",
                            "is an item of a list where none can be",
                            "`- ` at the start of a line of its own"));

    private YamlSyntax() {}

    /** Our sentence for the parser's. */
    static Problem explain(String problem) {
        return OBJECTIONS.stream()
                .filter(objection -> problem.contains(objection.piece))
                .findFirst()
                .map(
                        objection ->
                                Problem.of("", "this " + objection.what)
                                        .expecting(objection.expected))
                .orElseGet(() -> Problem.of("", "this cannot be read as YAML"));
    }
}

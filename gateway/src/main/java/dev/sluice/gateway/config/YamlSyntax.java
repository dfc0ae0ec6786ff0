package dev.sluice.gateway.config;

import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

import java.util.List;
import java.util.Optional;

/**
 * What the YAML parser objects to, in words for people. Its own sentences are matched and never
 * passed on: some of them repeat a piece of the file.
 */
final class YamlSyntax {

    /**
     * A piece of the parser's sentence, and ours.
     *
     * @param isAtStart whether it is better placed where the thing began than where the parser gave
     *     up
     */
    private record Objection(String piece, boolean isAtStart, String what, String expected) {}

    private static final List<Objection> OBJECTIONS =
            List.of(
                    new Objection("TAB", false, "this is indented with a tab", "spaces"),
                    new Objection("\\t", false, "this is indented with a tab", "spaces"),
                    new Objection(
                            "mapping values are not allowed",
                            false,
                            "this has a `:` too many, or is indented too far",
                            "one `key: value` per line, and values that hold `: ` in quotes"),
                    new Objection(
                            "could not find expected ':'",
                            true,
                            "this is a key without its colon",
                            "a colon and a space after each key"),
                    new Objection(
                            "cannot start any token",
                            false,
                            "this starts with a character that means something to YAML",
                            "the value in quotes"),
                    new Objection(
                            "<block end>",
                            false,
                            "this does not line up with what is above it",
                            "the keys of one mapping below each other"),
                    new Objection(
                            "unexpected end of stream",
                            true,
                            "this quote is never closed",
                            "the same quote at the end of the text"),
                    new Objection(
                            "but got",
                            false,
                            "this is in a bracket that is never closed, or a comma is missing"
                                    + " before it",
                            "`,` between values, and `]` or `}` at the end"),
                    new Objection(
                            "escape",
                            false,
                            "this backslash means nothing in double quotes",
                            "single quotes around text with backslashes"),
                    new Objection(
                            "sequence entries are not allowed",
                            false,
                            "this is an item of a list where none can be",
                            "`- ` at the start of a line of its own"));

    private static final Objection ANY =
            new Objection("", false, "this cannot be read as YAML", "");

    private YamlSyntax() {}

    /** Our sentence for the parser's, in {@code file}. */
    static Problem explain(MarkedYamlEngineException exception, String file) {
        String said = String.valueOf(exception.getProblem());
        Objection objection =
                OBJECTIONS.stream().filter(one -> said.contains(one.piece)).findFirst().orElse(ANY);
        Optional<Mark> mark =
                objection.isAtStart
                        ? exception.getContextMark().or(exception::getProblemMark)
                        : exception.getProblemMark();
        Problem problem = Problem.of("", objection.what).at(place(mark, file));
        return objection.expected.isEmpty() ? problem : problem.expecting(objection.expected);
    }

    /** Where a mark is. */
    static Place place(Optional<Mark> mark, String file) {
        return mark.map(at -> new Place(file, at.getLine() + 1, at.getColumn() + 1))
                .orElseGet(() -> new Place(file, 1, 1));
    }
}

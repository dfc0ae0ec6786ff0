package dev.sluice.gateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One file being read: what its reader needs to know, and everything found wrong so far. */
final class Reading {

    /** Nobody reads more at once, and a hostile file could have thousands. */
    private static final int MOST_PROBLEMS = 50;

    private final String file;
    private final Path folder;
    private final Map<String, String> env;
    private final Optional<Set<String>> quirks;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Node> nodes = new HashMap<>();
    private int unsaid;

    /**
     * Reads for {@code file}; its relative paths start at {@code folder}. Quirks may have any name
     * when {@code quirks} is empty.
     */
    Reading(String file, Path folder, Map<String, String> env, Optional<Set<String>> quirks) {
        this.file = file;
        this.folder = folder;
        this.env = Map.copyOf(env);
        this.quirks = quirks;
    }

    String file() {
        return file;
    }

    Path folder() {
        return folder;
    }

    Map<String, String> env() {
        return env;
    }

    Optional<Set<String>> quirks() {
        return quirks;
    }

    /** Takes a problem down. */
    void note(Problem problem) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(problem);
        } else {
            unsaid++;
        }
    }

    /** Takes down what is wrong with a node. */
    void note(Node node, Problem problem) {
        note(problem.under(node.path()).at(node.place()));
    }

    /** Takes down that a node is not what it should be; a broken one has been taken down before. */
    void noteShape(Node node, String expected) {
        switch (node) {
            case Node.Broken _ -> {}
            case Node.Nothing _ -> note(node, Problem.of("", "has no value").expecting(expected));
            case Node.Scalar _ -> note(node, found("a single value", expected));
            case Node.Listing _ -> note(node, found("a list", expected));
            case Node.Mapping _ -> note(node, found("a mapping", expected));
        }
    }

    private static Problem found(String kind, String expected) {
        return Problem.of("", "is " + kind).expecting(expected);
    }

    /** How many problems there are. */
    int count() {
        return problems.size() + unsaid;
    }

    /** Every problem, in the order of the file. */
    List<Problem> problems() {
        List<Problem> sorted = new ArrayList<>(problems);
        sorted.sort(Comparator.comparing(problem -> problem.place().orElse(new Place(file, 0, 0))));
        if (unsaid > 0) {
            sorted.add(
                    Problem.of(
                            "",
                            file + ": " + Wording.count(unsaid, "more problem") + " not shown"));
        }
        return sorted;
    }

    /** Remembers a node by its path; the first one, if there are two. */
    Node remember(Node node) {
        nodes.putIfAbsent(node.path(), node);
        return node;
    }

    /** The node at a path. */
    Optional<Node> node(String path) {
        return Optional.ofNullable(nodes.get(path));
    }
}

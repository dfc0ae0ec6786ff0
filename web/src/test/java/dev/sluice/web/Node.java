package dev.sluice.web;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testkit.NodePrograms;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The system's Node, which runs a script of this module. */
final class Node {
    private static final NodePrograms PROGRAMS =
            new NodePrograms(Path.of("").toAbsolutePath(), Duration.ofMinutes(9));

    private Node() {}

    /** Runs a script to its end. */
    static NodePrograms.Ran run(Map<String, String> environment, String... arguments) {
        assumeReady();
        return PROGRAMS.run(environment, List.of(arguments));
    }

    /** Compiles the tests, once. */
    static void compileTests() {
        assumeReady();
        NodePrograms.Ran compiled = Compiled.ONCE;
        if (compiled.status() != 0) {
            throw new AssertionError("the sources do not compile: " + compiled.out());
        }
    }

    private static void assumeReady() {
        Optional<String> missing = PROGRAMS.missing();
        assumeTrue(missing.isEmpty(), missing.orElse(""));
    }

    private static final class Compiled {
        static final NodePrograms.Ran ONCE = run(Map.of(), "build.mjs", "--tests");
    }
}

package dev.sluice.web;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.sluice.testkit.Json;
import dev.sluice.testkit.NodePrograms;

import org.junit.jupiter.api.DynamicTest;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;

/** Tests that Node has run, told as tests of JUnit. */
final class NodeTests {
    private NodeTests() {}

    /** Runs the compiled tests of a kind, {@code unit} or {@code browser}, that fit a pattern. */
    static List<DynamicTest> run(String kind, String pattern, Map<String, String> environment) {
        Node.compileTests();
        NodePrograms.Ran ran = Node.run(environment, "run-tests.mjs", kind, "--json", pattern);
        List<DynamicTest> tests =
                ran.out()
                        .lines()
                        .filter(line -> line.startsWith("{\"name\":"))
                        .map(Json::parse)
                        .map(NodeTests::told)
                        .toList();
        if (tests.isEmpty()) {
            throw new AssertionError("Node ran no test: " + ran.out());
        }
        return tests;
    }

    private static DynamicTest told(JsonNode test) {
        // Reports number dynamic tests, so what failed bears its name in its message.
        String name = test.path("name").stringValue();
        return DynamicTest.dynamicTest(
                name,
                () -> {
                    if (!test.path("ok").booleanValue()) {
                        throw new AssertionError(name + ": " + test.path("message").stringValue());
                    }
                    if (!test.path("skipped").isNull()) {
                        abort(test.path("skipped").asString());
                    }
                });
    }
}

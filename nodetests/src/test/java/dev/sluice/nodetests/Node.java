package dev.sluice.nodetests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testkit.Json;
import dev.sluice.testkit.NodePrograms;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The system's Node. A script has scenes; a scene is given an address and a JSON value, and what it
 * makes of them is told back in JSON: {@code {"value":…}}, or {@code {"error":{name, message,
 * status}}} when it threw.
 */
final class Node {
    private static final NodePrograms PROGRAMS =
            new NodePrograms(Path.of("").toAbsolutePath(), Duration.ofSeconds(50));

    private Node() {}

    /** Plays a scene that must end well. */
    static JsonNode play(String script, String scene, URI gateway, String json) {
        JsonNode told = tell(script, scene, gateway, json);
        if (told.has("error")) {
            throw new AssertionError(script + " " + scene + ": " + told.path("error"));
        }
        return told.path("value");
    }

    /** Plays a scene that must throw; what it threw. */
    static JsonNode fail(String script, String scene, URI gateway, String json) {
        JsonNode told = tell(script, scene, gateway, json);
        if (!told.has("error")) {
            throw new AssertionError(script + " " + scene + " threw nothing: " + told);
        }
        return told.path("error");
    }

    private static JsonNode tell(String script, String scene, URI gateway, String json) {
        Optional<String> missing = PROGRAMS.missing();
        assumeTrue(missing.isEmpty(), missing.orElse(""));
        List<String> arguments =
                List.of("src/test/node/" + script, scene, gateway.toString(), json);
        return lastLine(script, scene, PROGRAMS.run(Map.of(), arguments).out());
    }

    private static JsonNode lastLine(String script, String scene, String said) {
        List<String> lines = said.lines().toList();
        if (lines.isEmpty() || !lines.getLast().startsWith("{")) {
            throw new AssertionError(script + " " + scene + " said no JSON: " + said);
        }
        return Json.parse(lines.getLast());
    }
}

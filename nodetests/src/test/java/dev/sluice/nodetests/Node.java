package dev.sluice.nodetests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testkit.Json;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The system's Node. A script has scenes; a scene is given an address and a JSON value, and what it
 * makes of them is told back in JSON: {@code {"value":…}}, or {@code {"error":{name, message,
 * status}}} when it threw.
 */
final class Node {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path SCRIPTS = MODULE.resolve("src/test/node");
    private static final int PATIENCE_SECONDS = 50;

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
        assumeReady();
        Path said = MODULE.resolve("target").resolve(scene + "-" + System.nanoTime() + ".json");
        try {
            Process process =
                    new ProcessBuilder(
                                    "node",
                                    SCRIPTS.resolve(script).toString(),
                                    scene,
                                    gateway.toString(),
                                    json)
                            .directory(MODULE.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile())
                            .start();
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError(
                            script + " " + scene + " did not end: " + Files.readString(said));
                }
            } finally {
                process.destroyForcibly();
            }
            return lastLine(script, scene, Files.readString(said));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            said.toFile().delete();
        }
    }

    private static JsonNode lastLine(String script, String scene, String said) {
        List<String> lines = said.lines().toList();
        if (lines.isEmpty() || !lines.getLast().startsWith("{")) {
            throw new AssertionError(script + " " + scene + " said no JSON: " + said);
        }
        return Json.parse(lines.getLast());
    }

    private static void assumeReady() {
        assumeTrue(
                Ready.NODE, "there is no Node (20 or newer) on the PATH; install nodejs and npm");
        assumeTrue(
                Files.exists(MODULE.resolve("node_modules/.package-lock.json")),
                "the npm packages are not installed: ./check does, or `npm ci` in nodetests");
    }

    /** Found out once. */
    private static final class Ready {
        static final boolean NODE = isNewEnough();

        private static boolean isNewEnough() {
            try {
                Process process = new ProcessBuilder("node", "--version").start();
                String version =
                        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                String major = version.strip().replaceFirst("^v(\\d+)\\..*", "$1");
                return process.waitFor() == 0 && Integer.parseInt(major) >= 20;
            } catch (IOException | NumberFormatException none) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}

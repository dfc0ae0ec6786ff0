package dev.sluice.web;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The system's Node, which runs a script of this module. */
final class Node {
    /** What a script said, and how it ended. */
    record Ran(int status, String out) {}

    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final int PATIENCE_MINUTES = 9;

    private Node() {}

    /** Runs a script to its end. */
    static Ran run(Map<String, String> environment, String... arguments) {
        assumeReady();
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(arguments));
        Path said = MODULE.resolve("target").resolve("node-" + System.nanoTime() + ".log");
        try {
            Files.createDirectories(said.getParent());
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(MODULE.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                    throw new AssertionError(command + " did not end: " + Files.readString(said));
                }
            } finally {
                process.destroyForcibly();
            }
            return new Ran(process.exitValue(), Files.readString(said));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            said.toFile().delete();
        }
    }

    /** Compiles the tests, once. */
    static void compileTests() {
        assumeReady();
        Ran compiled = Compiled.ONCE;
        if (compiled.status != 0) {
            throw new AssertionError("the sources do not compile: " + compiled.out);
        }
    }

    private static void assumeReady() {
        assumeTrue(
                Ready.NODE, "there is no Node (20 or newer) on the PATH; install nodejs and npm");
        assumeTrue(
                Files.exists(MODULE.resolve("node_modules/.package-lock.json")),
                "the npm packages are not installed: ./check does, or `npm ci` in web");
    }

    private static final class Compiled {
        static final Ran ONCE = run(Map.of(), "build.mjs", "--tests");
    }

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

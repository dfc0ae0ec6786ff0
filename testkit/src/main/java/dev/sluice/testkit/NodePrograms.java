package dev.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Programs that the system's Node runs, with the npm packages of one module.
 *
 * @param module the module's folder
 * @param patience how long a program may take
 */
public record NodePrograms(Path module, Duration patience) {
    /** What a program said on both of its outputs, and how it ended. */
    public record Ran(int status, String out) {}

    /** What must be installed before any can run; empty if all is there. */
    public Optional<String> missing() {
        if (!Installed.NODE) {
            return Optional.of(
                    "there is no Node (20 or newer) on the PATH; install nodejs and npm");
        }
        return Files.exists(module.resolve("node_modules/.package-lock.json"))
                ? Optional.empty()
                : Optional.of(
                        "the npm packages are not installed: ./check does, or `npm ci` in "
                                + module.getFileName());
    }

    /** Runs {@code node ARGUMENTS} in the module's folder to its end. */
    public Ran run(Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(arguments);
        Path said = module.resolve("target/node-" + System.nanoTime() + ".log");
        try {
            Files.createDirectories(said.getParent());
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(module.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(said.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
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

    /** Found out once. */
    private static final class Installed {
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

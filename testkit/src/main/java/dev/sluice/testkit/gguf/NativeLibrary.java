package dev.sluice.testkit.gguf;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The libllama that the build fetches, for tests; fetched if it is not there. */
public final class NativeLibrary {
    private static final String CURRENT = "target/natives/current";

    private NativeLibrary() {}

    /**
     * The folder of libllama; empty where it cannot be had. On Linux with npm it always can: then
     * its absence is an error, and no reason to skip a test.
     */
    public static Optional<Path> find() {
        Path root = root();
        try {
            if (!Files.exists(root.resolve(CURRENT))) {
                fetch(root);
            }
            return Optional.of(root.resolve(Files.readString(root.resolve(CURRENT)).strip()));
        } catch (IOException failed) {
            if (isExpected()) {
                throw new UncheckedIOException(failed);
            }
            return Optional.empty();
        }
    }

    private static void fetch(Path root) throws IOException {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        root.resolve("tools/Natives.java").toString(),
                                        root.toString()))
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(said);
            }
        } catch (InterruptedException stopped) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopped);
        }
    }

    private static boolean isExpected() {
        boolean linux =
                System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
                        && System.getProperty("os.arch").equals("amd64");
        return linux
                && Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                        .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "npm")));
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("tools/Natives.java"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException(
                        Path.of("").toAbsolutePath() + " (expected: inside the repository)");
            }
        }
        return folder;
    }
}

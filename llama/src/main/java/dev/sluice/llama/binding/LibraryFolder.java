package dev.sluice.llama.binding;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A folder with libllama and the libraries that belong to it.
 *
 * @param folder where they are
 * @param llama the file of libllama
 */
public record LibraryFolder(Path folder, Path llama) {
    /** Names the folder that the build unpacked libllama into, and {@code --llama-lib} sets. */
    public static final String PROPERTY = "sluice.llama.lib";

    private static final Pattern LLAMA = named("llama");
    private static final Pattern GGML_BASE = named("ggml-base");
    private static final Pattern GGML = named("ggml");

    /** Where package managers put libraries. */
    private static final List<Path> SYSTEM =
            List.of(
                    Path.of("/usr/local/lib"),
                    Path.of("/opt/homebrew/lib"),
                    Path.of("/usr/lib64"),
                    Path.of("/usr/lib/x86_64-linux-gnu"),
                    Path.of("/usr/lib/aarch64-linux-gnu"),
                    Path.of("/usr/lib"));

    private static Pattern named(String name) {
        return Pattern.compile("(lib)?" + name + "(\\.[\\w.]*)?\\.(so|dylib|dll)[\\d.]*");
    }

    /**
     * The folder that was told, or that of the build, or the system's.
     *
     * @param told what the configuration says
     * @throws LibraryUnusable if there is none, or none in the folder that was told
     */
    public static LibraryFolder find(Optional<Path> told) {
        if (told.isPresent()) {
            return in(told.get())
                    .orElseThrow(
                            () ->
                                    new LibraryUnusable(
                                            "there is no libllama in "
                                                    + told.get()
                                                    + " (expected: a folder with libllama and"
                                                    + " libggml, such as a release of llama.cpp)"));
        }
        return usual().orElseThrow(
                        () ->
                                new LibraryUnusable(
                                        "local models need libllama, and there is none: install npm"
                                                + " and start again, which fetches it, or name the"
                                                + " folder of one with --llama-lib"));
    }

    /** That of the build, or the system's, if there is one. */
    public static Optional<LibraryFolder> usual() {
        String built = System.getProperty(PROPERTY, "");
        List<Path> places = new ArrayList<>();
        if (!built.isEmpty()) {
            places.add(Path.of(built));
        }
        places.addAll(SYSTEM);
        for (Path place : places) {
            Optional<LibraryFolder> found = in(place);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** The libllama in {@code folder}, if there is one. */
    static Optional<LibraryFolder> in(Path folder) {
        return file(folder, LLAMA).map(llama -> new LibraryFolder(folder, llama));
    }

    /** The files of libllama and of what it needs, those that are needed first. */
    List<Path> inOrder() {
        List<Path> files = new ArrayList<>();
        file(folder, GGML_BASE).ifPresent(files::add);
        file(folder, GGML).ifPresent(files::add);
        files.add(llama);
        return files;
    }

    private static Optional<Path> file(Path folder, Pattern name) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(
                        folder, file -> name.matcher(file.getFileName().toString()).matches())) {
            Path shortest = null;
            for (Path file : files) {
                if (shortest == null || file.toString().length() < shortest.toString().length()) {
                    shortest = file;
                }
            }
            return Optional.ofNullable(shortest);
        } catch (IOException unreadable) {
            throw new LibraryUnusable("cannot read the folder " + folder, unreadable);
        }
    }
}

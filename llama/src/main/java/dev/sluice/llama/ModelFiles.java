package dev.sluice.llama;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.llama.binding.LibraryFolder;
import dev.sluice.llama.binding.LibraryUnusable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the files of models are, and libllama, by what an environment says. */
final class ModelFiles {
    /** Names the folder of the models that are asked for by name. */
    static final String MODELS = "SLUICE_MODELS";

    /** Names the folder of libllama. */
    static final String LIBRARY = "SLUICE_LLAMA_LIB";

    private static final String GGUF = ".gguf";

    /** Names that a sentence may list. */
    private static final int MOST_LISTED = 20;

    private final Map<String, String> environment;

    ModelFiles(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * The model called {@code name}, which is a path, or a name in the folder of models.
     *
     * @throws FailureException if there is none, or no libllama, with a sentence that says what to
     *     do
     */
    ModelSettings find(String name) {
        Path file = name.endsWith(GGUF) ? ofPath(name) : ofName(name);
        return ModelSettings.of(plain(file), file).withLibrary(Optional.of(library()));
    }

    private static String plain(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(GGUF) ? name.substring(0, name.length() - GGUF.length()) : name;
    }

    private Path ofPath(String name) {
        Optional<Path> there = readable(Path.of(""), name);
        return there.or(() -> folder().flatMap(folder -> readable(folder, name)))
                .orElseThrow(
                        () ->
                                missing(
                                        "there is no file "
                                                + name
                                                + " that can be read (expected: a GGUF file, by its"
                                                + " path from "
                                                + Path.of("").toAbsolutePath()
                                                + ")"));
    }

    private Path ofName(String name) {
        Path folder =
                folder().orElseThrow(
                                () ->
                                        missing(
                                                "nothing says where the model `"
                                                        + name
                                                        + "` is: set "
                                                        + MODELS
                                                        + " to the folder of "
                                                        + name
                                                        + GGUF
                                                        + ", or ask for a file by its path, such as"
                                                        + " local/models/"
                                                        + name
                                                        + GGUF));
        return readable(folder, name + GGUF)
                .orElseThrow(
                        () ->
                                missing(
                                        "there is no "
                                                + name
                                                + GGUF
                                                + " in "
                                                + folder
                                                + " ("
                                                + MODELS
                                                + "); "
                                                + listed(folder)));
    }

    private static FailureException missing(String sentence) {
        return Failure.of(FailureCode.NOT_FOUND, sentence).asException();
    }

    /** By its real path, so that a model with several names is one. */
    private static Optional<Path> readable(Path folder, String name) {
        try {
            Path file = folder.resolve(name);
            return Files.isRegularFile(file) && Files.isReadable(file)
                    ? Optional.of(file.toRealPath())
                    : Optional.empty();
        } catch (InvalidPathException | IOException nowhere) {
            return Optional.empty();
        }
    }

    private static String listed(Path folder) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + GGUF)) {
            files.forEach(file -> names.add(plain(file)));
        } catch (IOException unreadable) {
            return "it is no folder that can be read";
        }
        if (names.isEmpty()) {
            return "no model is there";
        }
        List<String> first = names.stream().sorted().limit(MOST_LISTED).toList();
        return "there are " + String.join(", ", first) + (names.size() > MOST_LISTED ? ", …" : "");
    }

    private Optional<Path> folder() {
        return said(MODELS);
    }

    private Path library() {
        try {
            return said(LIBRARY)
                    .map(folder -> LibraryFolder.find(Optional.of(folder)))
                    .or(LibraryFolder::usual)
                    .orElseThrow(
                            () ->
                                    new LibraryUnusable(
                                            "local models need libllama, and there is none: set "
                                                    + LIBRARY
                                                    + " to a folder with libllama and libggml, such"
                                                    + " as a release of llama.cpp"))
                    .folder();
        } catch (LibraryUnusable unusable) {
            throw SharedModels.unusable(unusable);
        }
    }

    private Optional<Path> said(String variable) {
        String path = environment.getOrDefault(variable, "").strip();
        try {
            return path.isEmpty() ? Optional.empty() : Optional.of(Path.of(path));
        } catch (InvalidPathException invalid) {
            throw Failure.invalid(variable, variable + ": " + path + " is no path").asException();
        }
    }
}

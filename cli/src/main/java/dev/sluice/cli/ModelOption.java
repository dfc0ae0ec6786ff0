package dev.sluice.cli;

import dev.sluice.gateway.config.LocalConfig;
import dev.sluice.gateway.config.LocalModelConfig;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** {@code --model [NAME=]FILE} and {@code --llama-lib DIR}. */
final class ModelOption {
    private ModelOption() {}

    /** What the command line adds to {@code local}. */
    static LocalConfig added(Options.Typed typed, LocalConfig local) {
        LocalConfig all = local;
        for (String text : typed.all("model")) {
            LocalConfig before = all;
            all = UsageException.of("--model", () -> before.with(model(text)));
        }
        if (typed.last("llama-lib").isPresent()) {
            Path folder = path("--llama-lib", typed.last("llama-lib").get());
            if (!Files.isDirectory(folder)) {
                throw new UsageException(
                        "--llama-lib: "
                                + UsageException.shown(folder.toString())
                                + " is no folder");
            }
            all = all.withLibrary(folder);
        }
        return all;
    }

    /** A file may have an equals sign in its name: then it is there. */
    private static LocalModelConfig model(String text) {
        int equals = text.indexOf('=');
        Path whole = path("--model", text);
        if (equals <= 0 || Files.exists(whole)) {
            return LocalModelConfig.of(readable(whole));
        }
        return LocalModelConfig.of(
                text.substring(0, equals), readable(path("--model", text.substring(equals + 1))));
    }

    private static Path readable(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new UsageException(
                    "--model: "
                            + UsageException.shown(file.toString())
                            + " is not a file that can be read (expected: a GGUF file)");
        }
        return file;
    }

    private static Path path(String option, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException invalid) {
            throw new UsageException(option + ": " + UsageException.shown(text) + " is no path");
        }
    }
}

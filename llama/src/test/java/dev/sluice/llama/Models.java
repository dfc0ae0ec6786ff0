package dev.sluice.llama;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.llama.binding.Libllama;
import dev.sluice.llama.binding.LibraryFolder;
import dev.sluice.llama.binding.Log;
import dev.sluice.testkit.gguf.NativeLibrary;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What tests of models share: the library, opened once, and a story. */
final class Models {
    private static final class Opened {
        static final Libllama LIBRARY = open();

        private static Libllama open() {
            Optional<Path> folder = NativeLibrary.find();
            assumeTrue(folder.isPresent(), "libllama cannot be had for this kind of machine");
            return Libllama.open(LibraryFolder.find(folder), new Log());
        }
    }

    private Models() {}

    static Libllama library() {
        return Opened.LIBRARY;
    }

    static Engine engine(ModelSettings settings) {
        return Engine.load(library(), settings.withThreads(1), _ -> {});
    }

    /** {@code count} words that are all different. */
    static List<String> words(int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(" w" + i);
        }
        return words;
    }
}

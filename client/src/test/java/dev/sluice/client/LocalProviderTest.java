package dev.sluice.client;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.llama.LocalSource;
import dev.sluice.testkit.gguf.NativeLibrary;
import dev.sluice.testkit.gguf.TestModel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models of files do what every provider inside the process must do. */
class LocalProviderTest extends ProviderContract {
    private final LocalSource source = new LocalSource();
    @TempDir private Path folder;
    private String library = "";

    @BeforeEach
    void findLibrary() {
        Optional<Path> found = NativeLibrary.find();
        assumeTrue(found.isPresent(), "libllama cannot be had for this kind of machine");
        library = found.get().toString();
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Override
    Adapter adapter() {
        return new SourceAdapter(
                source, Map.of("SLUICE_MODELS", folder.toString(), "SLUICE_LLAMA_LIB", library));
    }

    @Override
    String briefModel() {
        return model("brief", -1);
    }

    @Override
    String lengthyModel() {
        return model("lengthy", 0);
    }

    /**
     * Of 64 that are on their way at most, twice: a turn of the loop that ran, and one that waited.
     */
    @Override
    int mostAfterPause() {
        return 130;
    }

    private String model(String name, int again) {
        TestModel.story(folder.resolve(name + ".gguf"), List.of("a", "b"), again, 1024);
        return name;
    }
}

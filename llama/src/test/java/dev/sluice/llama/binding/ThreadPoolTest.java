package dev.sluice.llama.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testkit.gguf.NativeLibrary;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Optional;

/** The threads that compute, in the real library. */
class ThreadPoolTest {
    @Test
    void theLibraryThatTheBuildFetchesKeepsThreadsFromStepToStep() {
        Optional<Path> folder = NativeLibrary.find();
        assumeTrue(folder.isPresent(), "libllama cannot be had for this kind of machine");
        Libllama library = Libllama.open(LibraryFolder.find(folder), new Log());
        Optional<ThreadPool> pool = ThreadPool.of(library.calls(), 2);
        assertThat(pool).isPresent();
        pool.orElseThrow().close();
    }
}

package dev.sluice.llama.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

class LibraryFolderTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "libllama.so, libggml.so, libggml-base.so",
        "libllama.v0.5.0.so, libggml.v0.5.0.so, libggml-base.so",
        "libllama.so.0, libggml.so.0, libggml-base.so.0",
        "libllama.metal.v0.4.0.dylib, libggml.metal.v0.4.0.dylib, libggml-base.dylib",
        "llama.v0.4.0.dll, ggml.v0.4.0.dll, ggml-base.dll"
    })
    void findsTheLibraryAndWhatItNeedsByAllTheirNames(String llama, String ggml, String base)
            throws IOException {
        for (String name :
                new String[] {
                    llama, ggml, base, "libllama-common.so", "llama-addon.node", "ggml-cpu-x64.dll"
                }) {
            Files.createFile(folder.resolve(name));
        }
        LibraryFolder found = LibraryFolder.find(Optional.of(folder));
        assertThat(found.inOrder())
                .extracting(file -> file.getFileName().toString())
                .containsExactly(base, ggml, llama);
    }

    @Test
    void saysWhereThereIsNoneAndWhatToDo() {
        assertThatThrownBy(() -> LibraryFolder.find(Optional.of(folder)))
                .isInstanceOf(LibraryUnusable.class)
                .hasMessageContaining("there is no libllama in " + folder)
                .hasMessageContaining("expected: a folder with libllama");
    }

    @Test
    void aFileThatIsNoLibraryIsSaidToBeSo() throws IOException {
        Files.writeString(folder.resolve("libllama.so"), "no library");
        LibraryFolder found = LibraryFolder.find(Optional.of(folder));
        assertThatThrownBy(() -> Libllama.open(found, new Log()))
                .isInstanceOf(LibraryUnusable.class)
                .hasMessageContaining("cannot open");
    }

    @ParameterizedTest
    @CsvSource({"0.4.0, 0.4.0", "0.5.0, 0.5.0", "v0.5.12, 0.5.12"})
    void aReleaseThatIsKnownIsTaken(String told, String release) {
        assertThat(Libllama.known(told, folder)).isEqualTo(release);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.3.9", "0.50.0", "0.6.0", "v1.0.5.", ""})
    void aReleaseThatIsNotKnownIsRefusedWithThoseThatAre(String told) {
        assertThatThrownBy(() -> Libllama.known(told, folder))
                .isInstanceOf(LibraryUnusable.class)
                .hasMessage(
                        folder
                                + " is of the release "
                                + told
                                + ", which is not known (expected: 0.4.x or 0.5.x)");
    }
}

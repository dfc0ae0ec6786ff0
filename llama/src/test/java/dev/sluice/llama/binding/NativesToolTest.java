package dev.sluice.llama.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What fetches libllama, with an npm that brings something else, or nothing. */
class NativesToolTest {
    /**
     * Brings an archive of the name that is asked for; the shell alone, since nothing is on PATH.
     */
    private static final String BRINGS_SOMETHING_ELSE =
            """
            #!/bin/sh
            while [ $# -gt 0 ]; do
                case $1 in
                --pack-destination) into=$2 ;;
                @node-llama-cpp/*) pack=${1#@node-llama-cpp/} ;;
                esac
                shift
            done
            echo 'something else' >"$into/node-llama-cpp-${pack%@*}-${pack#*@}.tgz"
            """;

    @TempDir private Path folder;

    @BeforeEach
    void hasAShell() {
        assumeTrue(File.separatorChar == '/', "the npm of these tests is a shell script");
    }

    private void npm(String script) throws IOException {
        Path npm = Files.writeString(folder.resolve("npm"), script);
        assertThat(npm.toFile().setExecutable(true)).isTrue();
    }

    /** What it says when it fails. */
    private String failure() throws IOException, InterruptedException {
        ProcessBuilder starting =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                Path.of("../tools/Natives.java").toString(),
                                folder.toString())
                        .redirectErrorStream(true);
        starting.environment().put("PATH", folder.toString());
        Process process = starting.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(1);
        assumeTrue(!said.contains("among those known here"), "no libllama for this machine");
        return said;
    }

    private Stream<String> brought() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("target/natives"))) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }

    @Test
    void whatIsNotWhatWasCheckedIsThrownAwayAndNeverUnpacked()
            throws IOException, InterruptedException {
        npm(BRINGS_SOMETHING_ELSE);
        assertThat(failure()).contains("is not what was checked (SHA-512 ");
        assertThat(brought()).containsExactlyInAnyOrder("failed", "lock", "npm.log");
    }

    @Test
    void anNpmThatFailsAndOneThatIsNotThereAreSaidToBeSo()
            throws IOException, InterruptedException {
        assertThat(failure()).contains("npm is not installed");
        npm("#!/bin/sh\nexit 1\n");
        assertThat(failure()).contains("npm could not bring libllama");
    }
}

package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

class ShellTest {
    @Test
    void leavesPlainWordsAlone() {
        assertThat(Shell.quoted("qwen/qwen3-8b:latest")).isEqualTo("qwen/qwen3-8b:latest");
    }

    @Test
    void aShellReadsBackWhatWasQuoted() throws IOException, InterruptedException {
        for (String word :
                new String[] {
                    "it's", "$HOME `id` \\ \"x\"", "a b\tc", "ü€𝄞", "'", "''", "!;&|*?~#", ""
                }) {
            Process shell =
                    new ProcessBuilder("sh", "-c", "printf %s " + Shell.quoted(word)).start();
            String read = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(shell.waitFor()).isZero();
            assertThat(read).isEqualTo(word);
        }
    }

    @Test
    void coloursAreForTerminalsAndThoseWhoWantThem() {
        assertThat(Ink.of(Map.of(), true).bold("x")).isEqualTo("\u001b[1mx\u001b[0m");
        assertThat(Ink.of(Map.of(), false).bold("x")).isEqualTo("x");
        assertThat(Ink.of(Map.of("NO_COLOR", "1"), true).bold("x")).isEqualTo("x");
        assertThat(Ink.of(Map.of("NO_COLOR", ""), true).bold("x")).isNotEqualTo("x");
        assertThat(Ink.of(Map.of("TERM", "dumb"), true).warning("x")).isEqualTo("x");
    }
}

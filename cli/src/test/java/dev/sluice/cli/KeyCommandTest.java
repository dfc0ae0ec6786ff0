package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.ConfigFile;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

@Tag("S3")
class KeyCommandTest {
    private static List<String> shown(String name) {
        Typed typed = Typed.run("key", name);
        assertThat(typed.code()).isZero();
        return typed.out()
                .lines()
                .filter(line -> line.startsWith("  "))
                .map(String::strip)
                .toList();
    }

    @Test
    void theLineLetsTheKeyInAndDoesNotHoldIt(@TempDir Path folder) throws IOException {
        List<String> shown = shown("alice");
        String key = shown.getFirst();
        String line = shown.getLast();

        assertThat(shown).hasSize(2);
        assertThat(line).startsWith("alice: {hash: \"sha256:").doesNotContain(key);
        Path file = Files.writeString(folder.resolve("c.yaml"), "keys:\n  " + line + "\n");
        assertThat(ConfigFile.read(file, Map.of()).keys().authenticate(key).orElseThrow().name())
                .isEqualTo("alice");
    }

    @Test
    void eachKeyIsAnother() {
        assertThat(shown("alice").getFirst())
                .hasSizeGreaterThan(50)
                .isNotEqualTo(shown("alice").getFirst());
    }

    @Test
    void wantsANameThatTheConfigurationTakes() {
        assertThat(Typed.run("key").err())
                .isEqualTo("sluice: key needs the name of its owner: sluice key NAME\n");
        assertThat(Typed.run("key", "a b").code()).isEqualTo(2);
        assertThat(Typed.run("key", "--help").out()).isEqualTo("sluice key NAME\n");
    }
}

package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class ConfigDocumentTest {

    @TempDir Path folder;

    @Test
    void theDocumentSaysWhatTheSchemaSays() throws IOException {
        Path document = Path.of("..", "docs", "config.md");
        String written = ConfigDocument.markdown(folder);
        if (System.getProperty("write") != null) {
            Files.writeString(document, written);
        }
        assertThat(document)
                .as(
                        "docs/config.md is not what the schema says; write it anew with\n  "
                                + ConfigDocument.REGENERATE
                                + "\n")
                .hasContent(written);
    }
}

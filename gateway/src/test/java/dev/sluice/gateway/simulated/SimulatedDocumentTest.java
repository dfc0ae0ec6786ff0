package dev.sluice.gateway.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

class SimulatedDocumentTest {
    @Test
    void documentListsTheModelsThatThereAre() throws IOException {
        String table =
                SimulatedProvider.models().stream()
                        .map(
                                model ->
                                        "| `simulated/"
                                                + model.name()
                                                + "` | "
                                                + model.sentence()
                                                + " |\n")
                        .collect(
                                Collectors.joining(
                                        "", "| Model | What it does |\n|---|---|\n", ""));

        assertThat(Files.readString(Path.of("../docs/simulated.md"))).contains(table);
    }

    @Test
    void documentTellsTheBoundsOfNames() throws IOException {
        assertThat(Files.readString(Path.of("../docs/simulated.md")))
                .contains(
                        "`n` | tokens of text, 1 to " + ModelName.MOST_TOKENS,
                        "`i` | milliseconds between tokens, 0 to "
                                + ModelName.MOST_INTERVAL_MILLIS
                                + " | "
                                + Script.DEFAULT_INTERVAL_MILLIS,
                        "`t` | milliseconds to the first token, 0 to "
                                + ModelName.MOST_FIRST_MILLIS
                                + " | "
                                + Script.DEFAULT_FIRST_MILLIS);
    }

    @Test
    void everyListedModelCanBeAskedFor() {
        for (SimulatedModel model : SimulatedProvider.models()) {
            assertThat(SimulatedProvider.check(model.name())).isEmpty();
            assertThat(model.sentence()).endsWith(".").doesNotContain("|", "\n");
        }
    }
}

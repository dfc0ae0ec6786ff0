package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Files that want more than to be read. */
final class HostileFileTest {

    private static final Duration QUICKLY = Duration.ofSeconds(20);

    @TempDir Path folder;

    @Test
    void tagsMakeNoObjects() throws IOException {
        assertThat(problems("strict: !!java.net.URL [\"http://h\"]"))
                .containsExactly(
                        "sluice.yaml:1:9: strict: tags (!) are not read (expected: the value"
                                + " itself, in quotes if it starts with !)");
        assertThat(problems("strict: !!str true")).hasSize(1);
        assertThat(problems("!!map {strict: true}")).hasSize(1);
        assertThat(problems("!x strict: true")).hasSize(1);
    }

    @Test
    void aliasesMakeNothingLarge() throws IOException {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, "*a%d, ".formatted(i - 1).repeat(9)));
        }
        List<String> problems =
                Assertions.assertTimeoutPreemptively(QUICKLY, () -> problems(bomb.toString()));
        assertThat(problems)
                .contains(
                        "sluice.yaml:1:5: a0: anchors (&) and aliases (*) are not read (expected:"
                                + " the value itself, in quotes if it starts with & or *)");
        assertThat(problems("keys: {alice: {key: *secret}}"))
                .containsExactly(
                        "sluice.yaml:1:21: keys.alice.key: anchors (&) and aliases (*) are not read"
                            + " (expected: the value itself, in quotes if it starts with & or *)");
        assertThat(problems("<<: *a\n&b strict: true")).hasSize(3);
    }

    @Test
    void nestingIsBounded() {
        for (String open : List.of("[", "{a: ", "- ", "? ")) {
            String deep = open.repeat((1 << 19) / open.length());
            assertThat(Assertions.assertTimeoutPreemptively(QUICKLY, () -> problems(deep)))
                    .isNotEmpty()
                    .last()
                    .asString()
                    .containsAnyOf("nested too deep", "cannot be a key");
        }
    }

    @Test
    void keysAreWords() throws IOException {
        assertThat(problems("[a, b]: c"))
                .containsExactly(
                        "sluice.yaml:1:1: a list or a mapping cannot be a key (expected: a word)");
        assertThat(problems("listen:\n  {a: b}: c"))
                .containsExactly(
                        "sluice.yaml:2:3: listen: a list or a mapping cannot be a key (expected: a"
                                + " word)");
    }

    @Test
    void sizeIsBounded() throws IOException {
        Path large = Files.writeString(folder.resolve("large.yaml"), "#".repeat((1 << 20) + 1));
        assertThat(new Written(large, java.util.Map.of()).problems())
                .containsExactly("large.yaml: is too large (expected: at most 1MiB)");
        Path fits = Files.writeString(folder.resolve("fits.yaml"), "#".repeat(1 << 20));
        assertThat(new Written(fits, java.util.Map.of()).problems()).isEmpty();
    }

    @Test
    void manyProblemsTakeNoTime() {
        for (String line :
                List.of("zebra%d: 1\n", "strict: ${NOPE%d}\n", "routes%d: [a/b, *x]\n")) {
            StringBuilder yaml = new StringBuilder();
            for (int i = 0; yaml.length() < (1 << 17); i++) {
                yaml.append(line.formatted(i));
            }
            assertThat(
                            Assertions.assertTimeoutPreemptively(
                                    QUICKLY, () -> problems(yaml.toString())))
                    .hasSize(51);
        }
    }

    private List<String> problems(String yaml) throws IOException {
        return Written.in(folder, yaml).problems();
    }
}

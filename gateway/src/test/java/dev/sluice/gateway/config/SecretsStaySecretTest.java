package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A canary sits wherever a secret can, and no problem and no {@code toString} may sing it. */
@Tag("S5")
final class SecretsStaySecretTest {

    private static final List<String> CANARIES =
            List.of(
                    "canary-7f3a",
                    "canary-7f3a/canary-7f3a",
                    "canary 7f3a canary-7f3a",
                    "http://canary-7f3a:x",
                    "canary-7f3a\n");

    @TempDir Path folder;

    @Test
    void aVariableInAnyKeyOfTheSchemaIsNeverShown() throws IOException {
        for (Schema.Row row : Schema.rows()) {
            for (String canary : CANARIES) {
                for (String form :
                        List.of(
                                "'${CANARY}'",
                                "['${CANARY}']",
                                "{'a': '${CANARY}'}",
                                "'x${CANARY}'")) {
                    String yaml = nested(row.path(), form);
                    Written file = Written.in(folder, yaml).with(Map.of("CANARY", canary));
                    assertThat(String.join("\n", file.problems()))
                            .as(yaml)
                            .doesNotContain("canary");
                }
            }
        }
    }

    @Test
    void aSecretWrittenIntoTheFileIsNeverShown() throws IOException {
        List<String> files =
                List.of(
                        "keys: {a: canary-7f3a}",
                        "keys: {a: [canary-7f3a]}",
                        "keys: {a: {key: canary-7f3a é}}",
                        "keys: {a: {key: canary-7f3a}, b: {key: canary-7f3a}}",
                        "keys: {a: {hash: canary-7f3a}}",
                        "keys: {a: {kye: canary-7f3a}}",
                        "keys: {a: {key: *canary-7f3a}}",
                        "keys: {a: {key: &canary-7f3a x}}",
                        "keys: {a: {key: !canary-7f3a x}}",
                        "keys: {a: {key: @canary-7f3a}}",
                        "keys: {a: {key: %canary-7f3a}}",
                        "keys: {a: {key: \"canary-7f3a}}",
                        "keys: {a: {key: 'canary-7f3a' canary}}",
                        "keys: {a: {key: canary-7f3a: x}}",
                        "keys:\n  a:\n    key: canary-7f3a\n   hash: canary",
                        "keys:\n  a:\n    key: \"\\xcanary\"",
                        "keys:\n  a:\n    key: >canary\n",
                        "keys:\n  a:\n    key: |canary\n",
                        "keys:\n  a:\n    key: `canary`",
                        "keys: {a: {key: '${canary-7f3a}'}}",
                        "keys: {a: {key: '${canary-7f3a'}}",
                        "providers: {a: {url: http://h, key: 'canary 7f3a'}}",
                        "providers: {a: {url: http://h, headers: {x: \"canary\\n7f3a\"}}}",
                        "providers: {a: {url: http://h, headers: {host: canary}}}",
                        "providers: {a: {url: 'http://u:canary@h'}}",
                        "providers: {a: {url: 'u:canary@h'}}",
                        "providers: {a: {url: 'ftp://u:canary@h'}}",
                        "providers: {a: {url: 'http://h?key=canary'}}",
                        "providers: {a: {url: 'http://h/#canary'}}");
        for (String yaml : files) {
            String outcome = outcome(Written.in(folder, yaml));
            assertThat(outcome).as(yaml).startsWith("sluice.yaml:").doesNotContain("canary");
        }
    }

    @Test
    void aConfigurationThatIsPrintedShowsNone() {
        Config config =
                Config.defaults()
                        .withKey("alice", Secret.of("canary"))
                        .withProvider(
                                ProviderConfig.builder("a", "http://h")
                                        .key(Secret.of("canary"))
                                        .header("x-key", "canary")
                                        .build());
        assertThat(config.toString()).contains("alice", "x-key", "***").doesNotContain("canary");
    }

    private static String outcome(Written file) {
        try {
            return file.read().toString();
        } catch (ConfigException problems) {
            return String.join("\n", file.sentences(problems.problems()));
        }
    }

    /** {@code a.b} and a value as YAML in one line. */
    private static String nested(String path, String value) {
        int dot = path.indexOf('.');
        return dot < 0
                ? "{" + path + ": " + value + "}"
                : "{"
                        + path.substring(0, dot)
                        + ": "
                        + nested(path.substring(dot + 1), value)
                        + "}";
    }
}

package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

final class CheckReportTest {

    @TempDir Path folder;

    @Test
    void saysWhatWouldBeStarted() throws IOException {
        String yaml =
                """
                providers:
                  local: {url: "https://h", tls: {verify: false}}
                routes: {fast: [local/x, openai/y], big: [local/y]}
                """;
        CheckReport report = report(yaml, Map.of("OPENAI_API_KEY", "k", "SLUICE_API_KEY", "s"));
        assertThat(report.isGood()).isTrue();
        assertThat(report.text().replace(folder + "/", ""))
                .isEqualTo(
                        """
                        sluice.yaml is good
                        2 providers: local, openai
                        2 routes: fast, big
                        1 client key: default
                        WARNING: the certificate of provider `local` (https://h) is NOT verified: whoever is in between can read and change everything. Remove `tls.verify: false`, or name its authority in `tls.ca`.\
                        """);
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        CheckReport report = report("strict: ture\nzebra: 1", Map.of("OPENAI_API_KEY", "a b"));
        assertThat(report.isGood()).isFalse();
        assertThat(report.summary()).isEmpty();
        assertThat(report.problems()).hasSize(3);
        assertThat(report.text())
                .contains("did you mean `true`?", "zebra: unknown key", "OPENAI_API_KEY: ")
                .endsWith("\n3 problems");
    }

    @Test
    @Tag("S2")
    void refusesWhatAStartWouldRefuseAtItsPlace() throws IOException {
        CheckReport open = report("listen: {host: 0.0.0.0}", Map.of());
        assertThat(open.text().replace(folder + "/", ""))
                .startsWith("sluice.yaml:1:16: listen.host: `0.0.0.0` lets other machines in");
        assertThat(open.text()).endsWith("\n1 problem");
        CheckReport hidden = report("listen: {host: '${HOST}'}", Map.of("HOST", "canary.example"));
        assertThat(hidden.text()).contains("listen.host: `${HOST}` lets").doesNotContain("canary");
        assertThat(report("listen: {host: 0.0.0.0}", Map.of("SLUICE_API_KEY", "k")).isGood())
                .isTrue();
        assertThat(report("listen: {host: 0.0.0.0}\nkeys: {a: {key: k}}", Map.of()).isGood())
                .isTrue();
    }

    private CheckReport report(String yaml, Map<String, String> env) throws IOException {
        return CheckReport.of(Written.in(folder, yaml).file(), env, Written.QUIRKS);
    }
}

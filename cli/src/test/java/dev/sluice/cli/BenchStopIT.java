package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code sluice bench} as a program that is stopped by Ctrl-C. */
class BenchStopIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String CTRL_C = "\u0003";
    private static final String QUICK = "simulated/n3-i0-t0";
    private static final String ENDLESS = "simulated/count-n100000-i5-t0";

    private static Served served;

    @TempDir private Path folder;

    @BeforeAll
    static void serve() {
        served = QuietGateway.start();
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    private static String url() {
        return "http://127.0.0.1:" + served.port();
    }

    @Test
    void onATerminalWhatWasMeasuredIsShown() throws IOException, InterruptedException {
        assumeTrue(TerminalProgram.isPossible(), "there is no pseudo-terminal");
        String[] args = {"bench", "--url", url(), QUICK, ENDLESS, "never/asked", "--runs=4"};
        try (TerminalProgram bench = new TerminalProgram(120, 24, "", args)) {
            bench.shows("Ctrl-C stops").shows(ENDLESS).type(CTRL_C);
            assertThat(bench.ends()).isEqualTo(130);
            bench.shows("TTFT").shows("0/4");
            assertThat(bench.screen().lines().filter(line -> line.startsWith(QUICK)))
                    .as(bench.screen())
                    .hasSize(1);
            assertThat(bench.screen()).doesNotContain("never/asked");
        }
        Eventually.within(LIMIT, "nothing runs on", () -> served.running() == 0);
    }

    @Test
    void intoAFileWhatWasMeasuredIsWritten() throws IOException, InterruptedException {
        Path file = folder.resolve("measured.json");
        List<String> command = new ArrayList<>(HeardSignals.INT.prefix());
        command.addAll(
                List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "dev.sluice.cli.Main",
                        "bench",
                        "--url",
                        url(),
                        QUICK,
                        ENDLESS,
                        "--runs=2",
                        "--warmup=0",
                        "--json"));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(file.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process bench = builder.start();
        try {
            // The quick one is over when one stream lasts.
            Eventually.passes(
                    LIMIT,
                    () ->
                            Eventually.stays(
                                    Duration.ofMillis(500),
                                    "an answer lasts",
                                    () -> served.running() == 1));
            Process kill = new ProcessBuilder("kill", "-INT", Long.toString(bench.pid())).start();
            assertThat(kill.waitFor()).isZero();
            assertThat(bench.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(bench.exitValue()).isEqualTo(130);
        } finally {
            bench.destroyForcibly();
        }
        JsonNode json = Json.parse(Files.readString(file));
        assertThat(json.at("/subjects/0/samples").size()).isEqualTo(2);
        assertThat(json.at("/subjects/1/samples").size()).isZero();
        Eventually.within(LIMIT, "nothing runs on", () -> served.running() == 0);
    }
}

package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.SseReader;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program as a process: what a shell, a service manager and a container see of it. */
class ServeIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern PORT = Pattern.compile(" on http://127\\.0\\.0\\.1:([0-9]+),");

    /** A running {@code sluice serve}. */
    private static final class Program implements AutoCloseable {
        private final Process process;
        private final ProgramOutput output;

        Program(String... args) throws IOException {
            List<String> command = new ArrayList<>(HeardSignals.HUP.prefix());
            command.addAll(
                    List.of(
                            System.getProperty("java.home") + "/bin/java",
                            "-XX:TieredStopAtLevel=1",
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "dev.sluice.cli.Main"));
            command.addAll(Arrays.asList(args));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
            builder.environment()
                    .keySet()
                    .removeAll(List.of("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "SLUICE_API_KEY"));
            process = builder.start();
            output = new ProgramOutput(process);
        }

        String said() {
            return output.said();
        }

        int port() {
            Eventually.within(
                    LIMIT,
                    "the banner is complete",
                    () -> said().contains("OPENAI_API_KEY=") || !process.isAlive());
            Matcher matcher = PORT.matcher(said());
            assertThat(matcher.find()).as(said()).isTrue();
            return Integer.parseInt(matcher.group(1));
        }

        /** As {@code kill PID}, {@code docker stop} and systemd do it. */
        void terminate() {
            // The process itself would close its pipes too.
            process.toHandle().destroy();
        }

        /** As {@code kill -HUP PID} does it. */
        void hangUp() throws IOException, InterruptedException {
            Process kill = new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start();
            assertThat(kill.waitFor()).isZero();
        }

        /** Waits until it has said {@code text}. */
        void awaitSaid(String text) {
            Eventually.within(LIMIT, "it says: " + text, () -> said().contains(text));
        }

        int exitCode() throws InterruptedException {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("the process ends; it said: %s", said())
                    .isTrue();
            output.awaitEnd();
            return process.exitValue();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static String hello(String model) {
        return "{\"model\":\""
                + model
                + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    }

    @Test
    void aTermSignalLetsStreamsFinishAndEndsWellWithZero() throws Exception {
        try (Program program = new Program("serve", "--port", "0");
                RawClient client = RawClient.connect(program.port())) {
            SseReader events =
                    client.post("/v1/chat/completions", hello("simulated/n40-i50-t0")).events();
            events.take(2);
            program.terminate();

            assertThat(events.rest().getLast().data()).isEqualTo("[DONE]");
            assertThat(program.exitCode()).isZero();
            assertThat(program.said())
                    .contains("stopping: 1 stream may go on for 30 s\n")
                    .contains(" outcome=complete ")
                    .endsWith("stopped after 1 exchange: 1 complete, 0 failed, 0 cancelled\n");
        }
    }

    @Test
    void saysNothingButItsBannerAndItsLines() throws Exception {
        try (Program program = new Program("serve", "--port=0", "--access-log=json");
                RawClient client = RawClient.connect(program.port())) {
            assertThat(
                            client.post(
                                            "/v1/messages",
                                            hello("simulated/text")
                                                    .replace(
                                                            "\"stream\"",
                                                            "\"max_tokens\":50,\"stream\""))
                                    .text())
                    .contains("message_stop");
            program.terminate();

            assertThat(program.exitCode()).isZero();
            String after = program.said().substring(program.said().indexOf("OPENAI_API_KEY="));
            assertThat(after.lines().skip(2).toList())
                    .hasSize(2)
                    .satisfies(lines -> assertThat(lines.getFirst()).startsWith("{\"time\":"))
                    .satisfies(
                            lines ->
                                    assertThat(lines.getLast())
                                            .startsWith("stopped after 1 exchange"));
        }
    }

    @Test
    @Tag("R23")
    void aHangUpSignalHasTheFileReadAgainAndStreamsGoOn(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("sluice.yaml"), "keys: {a: {key: one}}\n");
        try (Program program = new Program("serve", "--port", "0", "--config", file.toString());
                RawClient client = RawClient.connect(program.port());
                RawClient other = RawClient.connect(program.port())) {
            SseReader events = client.exchange(ask("n40-i50-t0", "one")).events();
            events.take(2);
            Files.writeString(file, "keys: {a: {key: two}}\n");
            program.hangUp();
            program.awaitSaid("was read again, changed: keys (changed: a)");
            assertThat(status(other, "one")).isEqualTo(401);
            assertThat(status(other, "two")).isEqualTo(200);

            Files.writeString(file, "kees: {a: {key: three}}\n");
            program.hangUp();
            program.awaitSaid("kees: unknown key; did you mean `keys`?");
            program.awaitSaid("what was in force stays");
            assertThat(status(other, "two")).isEqualTo(200);

            assertThat(events.rest().getLast().data()).isEqualTo("[DONE]");
            program.terminate();
            assertThat(program.exitCode()).isZero();
        }
    }

    @Test
    @Tag("R23")
    void aFileThatIsWatchedIsReadAgainWithoutASignal(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("sluice.yaml"), "keys: {a: {key: one}}\n");
        try (Program program =
                        new Program(
                                "serve", "--port", "0", "--watch", "--config", file.toString());
                RawClient client = RawClient.connect(program.port())) {
            Files.writeString(file, "keys: {a: {key: two, }}\n");
            program.awaitSaid("was read again, changed: keys (changed: a)");
            assertThat(status(client, "two")).isEqualTo(200);
        }
    }

    private static RawRequest ask(String model, String key) {
        return RawRequest.post("/v1/chat/completions", hello("simulated/" + model))
                .header("authorization", "Bearer " + key);
    }

    private static int status(RawClient client, String key) {
        RawResponse response = client.exchange(ask("n1-i0-t0", key));
        response.body();
        return response.status();
    }

    @Test
    void wrongUseEndsWithTwo() throws Exception {
        try (Program program = new Program("serve", "--prot", "0")) {
            assertThat(program.exitCode()).isEqualTo(2);
            assertThat(program.said()).contains("did you mean --port?");
        }
    }
}

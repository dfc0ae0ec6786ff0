package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Gate;
import dev.sluice.testkit.LogCapture;
import dev.sluice.testkit.Ports;
import dev.sluice.testkit.Splits;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a running gateway makes of another configuration, on real sockets. */
@Tag("R23")
class ReloadTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-r", "m");
    private static final String CHAT_PATH = "/v1/chat/completions";

    @TempDir Path folder;
    private Path file;
    private final FakeUpstream first = upstream("from the first");
    private final FakeUpstream second = upstream("from the second");

    private static FakeUpstream upstream(String answer) {
        return FakeUpstream.start()
                .models(Script.openAiModels("m"))
                .on(CHAT_PATH, Script.stream().send(CHAT.answer(answer)));
    }

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("sluice.yaml");
    }

    @AfterEach
    void closeUpstreams() {
        first.close();
        second.close();
    }

    private void write(String... lines) {
        try {
            Files.writeString(file, String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String provider(FakeUpstream upstream, String key) {
        return "providers: {up: {url: \"%s/v1\", dialect: openai-chat, key: %s}}"
                .formatted(upstream.uri(), key);
    }

    /** A gateway by the file, with what {@code sluice serve} does when it is to read it again. */
    private final class Running implements AutoCloseable {
        private final Served served;
        private final Reload reload;

        Running() {
            Options.Typed typed =
                    ServeOptions.OPTIONS.read(List.of("--config", file.toString(), "--port", "0"));
            served =
                    Served.start(
                            ServeOptions.config(typed, Map.of()),
                            new PrintStream(
                                    new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
            reload = new Reload(file, () -> ServeOptions.config(typed, Map.of()), served);
        }

        String reloaded() {
            try (LogCapture log = LogCapture.start()) {
                reload.run();
                return log.text();
            }
        }

        String ask(String key) {
            return ask("m", key);
        }

        String ask(String model, String key) {
            try (RawClient client = RawClient.connect(served.port())) {
                return client.exchange(request(model, key)).text();
            }
        }

        int status(String model, String key) {
            try (RawClient client = RawClient.connect(served.port())) {
                RawResponse response = client.exchange(request(model, key));
                response.body();
                return response.status();
            }
        }

        @Override
        public void close() {
            served.close();
        }
    }

    private static RawRequest request(String model, String key) {
        String body =
                "{\"model\":\"%s\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                        .formatted(model);
        return RawRequest.post(CHAT_PATH, body).header("authorization", "Bearer " + key);
    }

    @Test
    void aStreamGoesOnByteForByteWhileItsProviderAndItsKeysAreChanged() {
        Gate gate = Gate.closed();
        String whole = CHAT.answer("one", " two", " three", " four");
        int half = whole.length() / 2;
        first.on(
                CHAT_PATH,
                Script.stream()
                        .send(whole.substring(0, half))
                        .await(gate)
                        .send(
                                Splits.sized(
                                        whole.substring(half).getBytes(StandardCharsets.UTF_8), 7)),
                Script.stream().send(CHAT.answer("from the first")));
        write(provider(first, "old-key"), "keys: {alice: {key: alice-1}}");
        try (Running running = new Running();
                RawClient client = RawClient.connect(running.served.port())) {
            RawResponse stream = client.exchange(request("m", "alice-1"));
            assertThat(stream.status()).isEqualTo(200);
            first.request(1);
            write(provider(first, "new-key"), "keys: {alice: {key: alice-2}}");
            running.reloaded();
            assertThat(running.ask("alice-2")).contains("from the first");
            write(provider(second, "new-key"), "keys: {alice: {key: alice-3}}");
            running.reloaded();
            assertThat(running.ask("alice-3")).contains("from the second");
            gate.open();

            assertThat(stream.text()).isEqualTo(whole);
            assertThat(first.request(1).header("authorization")).contains("Bearer old-key");
            assertThat(first.request(2).header("authorization")).contains("Bearer new-key");
            assertThat(second.request(1).header("authorization")).contains("Bearer new-key");
            Eventually.within(
                    LIMIT,
                    "connections to the first are closed with the last stream",
                    () -> first.openConnections() == 0);
        }
    }

    @Test
    void connectionsToAProviderThatStaysAreKept() {
        write(provider(first, "a"), "keys: {alice: {key: alice-1}}");
        try (Running running = new Running()) {
            assertThat(running.ask("alice-1")).contains("from the first");
            write(provider(first, "a"), "keys: {bob: {key: bob-1}}", "strict: true");
            running.reloaded();
            int before = first.request(1).connection();
            assertThat(running.ask("bob-1")).contains("from the first");
            assertThat(first.requests(CHAT_PATH).getLast().connection()).isEqualTo(before);
        }
    }

    @Test
    void aNewKeyIsTakenAndAnOldOneRefused() {
        write(provider(first, "a"), "keys: {alice: {key: alice-1}}");
        try (Running running = new Running()) {
            assertThat(running.status("m", "alice-1")).isEqualTo(200);
            assertThat(running.status("m", "alice-2")).isEqualTo(401);
            write(provider(first, "a"), "keys: {alice: {key: alice-2}, bob: {key: bob-1}}");

            assertThat(running.reloaded())
                    .contains("was read again, changed: keys (new: bob; changed: alice)")
                    .doesNotContain("alice-2", "bob-1");
            assertThat(running.status("m", "alice-1")).isEqualTo(401);
            assertThat(running.status("m", "alice-2")).isEqualTo(200);
            assertThat(running.status("m", "bob-1")).isEqualTo(200);
        }
    }

    @Test
    void routesAndLimitsAreThoseOfTheNewFile() {
        write(provider(first, "a"));
        try (Running running = new Running()) {
            write(
                    provider(first, "a"),
                    "routes: {fast: [up/m]}",
                    "limits: {body: 1KiB}",
                    "simulated: false");

            assertThat(running.reloaded())
                    .contains("changed: routes (new: fast), limits, simulated");
            assertThat(running.status("fast", "")).isEqualTo(200);
            assertThat(running.status("m".repeat(1500), "")).isEqualTo(413);
            assertThat(running.ask("simulated/text", "")).contains("from the first");
        }
    }

    @Test
    void aBrokenFileChangesNothingAndItsMistakesAreSaid() {
        write(provider(first, "a"), "keys: {alice: {key: alice-1}}");
        try (Running running = new Running()) {
            write(
                    provider(second, "a"),
                    "keys: {alice: {key: alice-2}}",
                    "timeouts: {conect: 5s}",
                    "routes: {fast: [op/m]}");
            assertThat(running.reloaded())
                    .contains(
                            file + ":3:12: timeouts.conect: unknown key; did you mean `connect`?",
                            file + ":4:17: routes.fast[0]: no provider `op`; did you mean `up`?",
                            "nothing of it is taken: what was in force stays");
            Files.delete(file);
            assertThat(running.reloaded()).contains("no such file", "what was in force stays");
            assertThat(running.ask("alice-1")).contains("from the first");
            assertThat(running.status("m", "alice-2")).isEqualTo(401);
            assertThat(second.requests(CHAT_PATH)).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatAStartDecidesStaysAndIsNamed() {
        write(provider(first, "a"));
        try (Running running = new Running()) {
            int port = running.served.port();
            write(
                    provider(first, "a"),
                    "listen: {host: \"::1\"}",
                    "workers: 7",
                    "access-log: json",
                    "limits: {header: 1MiB}");

            assertThat(running.reloaded())
                    .contains(
                            "nothing changes; not before the next start: listen, limits.header,"
                                    + " access-log, workers");
            assertThat(running.served.port()).isEqualTo(port);
            assertThat(running.ask("")).contains("from the first");
        }
    }

    /** The new file alone would be good, were the old address not open to everybody. */
    @Test
    @Tag("S2")
    void theKeysOfAnAddressThatOthersReachAreNotTakenAway() {
        write(provider(first, "a"), "listen: {host: 0.0.0.0}", "keys: {alice: {key: alice-1}}");
        try (Running running = new Running()) {
            write(provider(first, "a"), "listen: {host: 127.0.0.1}");

            assertThat(running.reloaded())
                    .contains("`0.0.0.0` lets other machines in", "what was in force stays");
            assertThat(running.status("m", "")).isEqualTo(401);
            assertThat(running.status("m", "alice-1")).isEqualTo(200);
        }
    }

    @Test
    void aProviderThatIsSilentAtTheMomentIsNotForgotten() {
        write("providers: {up: {url: \"%s\"}}".formatted(first.uri()));
        try (Running running = new Running()) {
            assertThat(running.ask("")).contains("from the first");
            first.models(Script.resetAtOnce());
            write("providers: {up: {url: \"%s\", retries: 1}}".formatted(first.uri()));

            assertThat(running.reloaded()).contains("changed: providers (changed: up)");
            assertThat(running.ask("")).contains("from the first");
            first.forgiveFailures();
        }
    }

    @Test
    void aProviderThatIsThereNoMoreIsNamedInTheAnswer() {
        write(provider(first, "a"));
        try (Running running = new Running()) {
            write("providers: {other: {url: \"http://127.0.0.1:%d\"}}".formatted(Ports.refusing()));
            assertThat(running.reloaded()).contains("changed: providers (new: other; gone: up)");
            assertThat(running.ask("")).contains("provider `other` cannot be asked yet");
        }
    }
}

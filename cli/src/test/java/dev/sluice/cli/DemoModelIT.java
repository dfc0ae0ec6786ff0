package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.gateway.config.Config;
import dev.sluice.testkit.gguf.NativeLibrary;
import dev.sluice.testkit.gguf.TestModel;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawResponse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The model that lies beside the program, there and not there. */
class DemoModelIT {
    @TempDir private Path folder;

    private Path story() {
        Path file = folder.resolve("sluice-demo.gguf");
        TestModel.story(file, List.of("Hel", "lo", " there"), -1, 1024);
        return file;
    }

    private static Config config(Optional<Path> file, String... args) {
        Options.Typed typed = ServeOptions.OPTIONS.read(List.of(args));
        return DemoModel.added(file, typed, ServeOptions.config(typed, Map.of()));
    }

    private static Served serve(Optional<Path> file, String... more) {
        List<String> args = new ArrayList<>(List.of("--port=0", "--access-log=off"));
        args.addAll(Arrays.asList(more));
        return QuietGateway.start(config(file, args.toArray(String[]::new)));
    }

    private static Served serveStory(Path file) {
        Optional<Path> library = NativeLibrary.find();
        assumeTrue(library.isPresent(), "libllama cannot be had for this kind of machine");
        return serve(Optional.of(file), "--llama-lib=" + library.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sluice-demo", "local/sluice-demo"})
    void answersUnderBothOfItsNames(String model) {
        try (Served served = serveStory(story());
                RawClient client = RawClient.connect(served.port())) {
            String body =
                    "{\"model\":\"%s\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
                            .formatted(model);
            RawResponse answer = client.post("/v1/chat/completions", body);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().at("/choices/0/message/content").asString())
                    .isEqualTo("Hello there");
        }
    }

    /** The real one, as a client of each dialect asks for it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    /v1/chat/completions                      | /choices/0/message/content           | {"model":"sluice-demo","messages":[{"role":"user","content":"Hello!"}]}
                    /v1/responses                             | /output/0/content/0/text             | {"model":"sluice-demo","input":"Hello!"}
                    /v1/messages                              | /content/0/text                      | {"model":"sluice-demo","max_tokens":100,"messages":[{"role":"user","content":"Hello!"}]}
                    /model/sluice-demo/converse               | /output/message/content/0/text       | {"messages":[{"role":"user","content":[{"text":"Hello!"}]}]}
                    /api/chat                                 | /message/content                     | {"model":"sluice-demo","stream":false,"messages":[{"role":"user","content":"Hello!"}]}
                    /v1beta/models/sluice-demo:generateContent| /candidates/0/content/parts/0/text   | {"contents":[{"role":"user","parts":[{"text":"Hello!"}]}]}
                    """)
    void answersInEveryDialect(String path, String text, String body) {
        try (Served served = serveStory(Path.of("../demo-model/sluice-demo.gguf"));
                RawClient client = RawClient.connect(served.port())) {
            RawResponse answer = client.post(path, body);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().at(text).asString()).isNotBlank();
        }
    }

    @Test
    void theLinesOfTheBannerAskForItAndTheHintOfOthersStays() {
        try (Served served = serveStory(story());
                RawClient client = RawClient.connect(served.port())) {
            assertThat(served.banner(Ink.NONE))
                    .contains("  local       llama.cpp in this process\n")
                    .contains("              local/sluice-demo\n")
                    .contains(
                            "\"model\":\"sluice-demo\"",
                            " ANTHROPIC_MODEL=sluice-demo ",
                            "No model server yet: add --upstream")
                    .doesNotContain("\"model\":\"simulated");
            assertThat(client.get("/v1/models").text()).contains("\"sluice-demo\"");
        }
    }

    @Test
    void nothingChangesWhereItIsNot() {
        assertThat(config(Optional.empty(), "--port=0")).isEqualTo(Config.defaults().withPort(0));
        try (Served served = serve(Optional.empty());
                RawClient client = RawClient.connect(served.port())) {
            assertThat(served.banner(Ink.NONE))
                    .contains("No model server yet: add --upstream", "\"model\":\"simulated")
                    .doesNotContain(DemoModel.NAME, "llama.cpp in this process");
            assertThat(client.get("/v1/models").text()).doesNotContain(DemoModel.NAME);
        }
    }

    @Test
    void isNotServedBesideWhatACommandLineNames() throws IOException {
        Optional<Path> file = Optional.of(story());
        Path other = Files.createFile(folder.resolve("other.gguf"));
        Path yaml = Files.writeString(folder.resolve("sluice.yaml"), "strict: true\n");

        assertThat(config(file, "--model=" + other).local().models())
                .singleElement()
                .matches(model -> model.name().equals("other"));
        assertThat(config(file, "--upstream=http://127.0.0.1:1").local().models()).isEmpty();
        assertThat(config(file, "--config=" + yaml).local().models()).isEmpty();
    }

    @Test
    void withoutLibllamaTheBannerSaysSoAndTheSimulatedModelIsAskedFor() {
        try (Served served = serve(Optional.of(story()), "--llama-lib=" + folder)) {
            assertThat(served.banner(Ink.NONE))
                    .contains("there is no libllama in " + folder, "\"model\":\"simulated");
        }
    }
}

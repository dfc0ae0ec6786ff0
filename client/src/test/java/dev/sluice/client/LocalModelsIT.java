package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.core.event.StopReason;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.gguf.NativeLibrary;
import dev.sluice.testkit.gguf.TestModel;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models of files, asked by their names and nothing else. */
class LocalModelsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path DEMO = Path.of("../demo-model");
    private static final StreamConfig LONG =
            StreamConfig.builder().maxTokens(1_000_000).timeout(LIMIT).build();

    /** Answers that a model writes at once. */
    private static final int AT_ONCE = 4;

    @TempDir private Path folder;
    private String library = "";

    @BeforeEach
    void findLibrary() {
        Optional<Path> found = NativeLibrary.find();
        assumeTrue(found.isPresent(), "libllama cannot be had for this kind of machine");
        library = found.get().toString();
    }

    private SluiceClient client(Path models) {
        return Sluice.builder()
                .environment(
                        Map.of("SLUICE_MODELS", models.toString(), "SLUICE_LLAMA_LIB", library))
                .config(StreamConfig.builder().temperature(0).timeout(LIMIT).build())
                .build();
    }

    private void story(String name, int again) {
        TestModel.story(
                folder.resolve(name + ".gguf"), List.of("Hel", "lo", " there"), again, 8192);
    }

    private static long decoders(String model) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(model + " decoder"))
                .count();
    }

    private static SluiceException failure(SluiceClient client, String model) {
        return catchThrowableOfType(
                SluiceException.class,
                () -> {
                    try (TokenStream stream = client.stream(model, "Hello!")) {
                        stream.text();
                    }
                });
    }

    @Test
    @Tag("R44")
    void theDemoModelAnswersByItsName() {
        try (SluiceClient client = client(DEMO);
                TokenStream stream = client.stream("local/sluice-demo", "What is Sluice?")) {
            assertThat(stream.text()).contains("Sluice");
            assertThat(stream.stopReason()).contains(StopReason.END_TURN);
            assertThat(stream.finalMessage().model()).isEqualTo("sluice-demo");
            assertThat(stream.usage().output()).isPositive();
            assertThat(stream.usage().estimated()).isFalse();
            assertThat(stream.warnings()).isEmpty();
        }
    }

    @Test
    void aFileAnswersByItsPathFromWhereTheProgramRunsAndFromTheRoot() {
        Path file = DEMO.resolve("sluice-demo.gguf");
        try (SluiceClient client = client(folder);
                TokenStream near = client.stream("local/" + file, "Hello!");
                TokenStream far = client.stream("local/" + file.toAbsolutePath(), "Hello!")) {
            assertThat(near.text()).isNotBlank();
            assertThat(far.text()).isNotBlank();
            assertThat(decoders("sluice-demo")).isEqualTo(1);
        }
    }

    @Test
    void aModelIsReadOnceForAllWhoAskAndPutAwayWithTheLast() {
        story("shared", -1);
        SluiceClient one = client(folder);
        try (SluiceClient two = client(folder)) {
            List<TokenStream> streams = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                streams.add(one.stream("local/shared", "Hi."));
                streams.add(two.stream("local/shared.gguf", "Hi."));
            }
            assertThat(streams).allSatisfy(s -> assertThat(s.text()).isEqualTo("Hello there"));
            assertThat(decoders("shared")).isEqualTo(1);
            one.close();
            assertThat(two.stream("local/shared", "Hi.").text()).isEqualTo("Hello there");
            assertThat(failure(one, "local/shared")).isInstanceOf(SluiceException.Cancelled.class);
        }
        assertThat(decoders("shared")).isZero();
    }

    @Test
    @Tag("R22")
    void aStreamOfAClientThatIsClosedBreaksOffAndKeepsWhatCame() {
        story("endless", 0);
        SluiceClient client = client(folder);
        TokenStream stream = client.stream("local/endless", Prompt.of("Hi."), LONG);
        Iterator<Token> tokens = stream.iterator();
        assertThat(tokens.next().text() + tokens.next() + tokens.next()).isEqualTo("Hello there");
        client.close();
        SluiceException broken =
                catchThrowableOfType(SluiceException.class, () -> tokens.forEachRemaining(_ -> {}));
        assertThat(broken).hasMessageContaining("is being put away");
        assertThat(broken.partialText()).startsWith("Hello there");
    }

    @Test
    @Tag("R16")
    void aCancelFreesThePlaceOfAnAnswer() {
        story("cancelled", 0);
        try (SluiceClient client = client(folder)) {
            List<TokenStream> streams = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                TokenStream stream = client.stream("local/cancelled", Prompt.of("Hi."), LONG);
                streams.add(stream);
                assertThat(stream.iterator().next().text()).isEqualTo("Hel");
            }
            streams.forEach(TokenStream::cancel);
            for (TokenStream stream : streams) {
                assertThatThrownBy(stream::text).isInstanceOf(SluiceException.Cancelled.class);
            }
            StreamConfig three = StreamConfig.builder().maxTokens(3).timeout(LIMIT).build();
            assertThat(client.stream("local/cancelled", Prompt.of("Hi."), three).text())
                    .isEqualTo("Hello there");
        }
    }

    @Test
    @Tag("R16")
    void aStreamThatIsCancelledWhileItsModelIsReadIsNotWritten() {
        story("early", 0);
        try (SluiceClient client = client(folder)) {
            TokenStream stream = client.stream("local/early", Prompt.of("Hi."), LONG);
            stream.cancel();
            assertThatThrownBy(stream::text).isInstanceOf(SluiceException.Cancelled.class);
            Eventually.within(LIMIT, "it is read", () -> decoders("early") == 1);
            for (int i = 0; i < AT_ONCE; i++) {
                assertThat(client.stream("local/early", Prompt.of("Hi."), LONG).iterator().next())
                        .hasToString("Hel");
            }
        }
    }

    @Test
    void whoAsksForAModelThatIsNotThereIsToldWhichAre() {
        story("small", -1);
        story("other", -1);
        try (SluiceClient client = client(folder)) {
            assertThat(failure(client, "local/smal"))
                    .isInstanceOf(SluiceException.BadRequest.class)
                    .hasMessage(
                            "there is no smal.gguf in "
                                    + folder
                                    + " (SLUICE_MODELS); there are other, small");
            assertThat(failure(client, "local/models/none.gguf"))
                    .isInstanceOf(SluiceException.BadRequest.class)
                    .hasMessageStartingWith("there is no file models/none.gguf that can be read")
                    .hasMessageContaining(Path.of("").toAbsolutePath().toString());
        }
        try (SluiceClient client = client(folder.resolve("nowhere"))) {
            assertThat(failure(client, "local/small"))
                    .hasMessageEndingWith("it is no folder that can be read");
        }
    }

    @Test
    void whereNothingSaysWhereModelsAreTheFailureSaysHowToSayIt() {
        try (SluiceClient client = Sluice.builder().environment(Map.of()).build()) {
            assertThat(failure(client, "local/small"))
                    .isInstanceOf(SluiceException.BadRequest.class)
                    .hasMessage(
                            "nothing says where the model `small` is: set SLUICE_MODELS to the"
                                    + " folder of small.gguf, or ask for a file by its path, such"
                                    + " as local/models/small.gguf");
        }
    }

    @Test
    void aFileThatIsNoModelAndAFolderWithoutLibllamaAreSaidToBeSo() throws IOException {
        Files.writeString(folder.resolve("broken.gguf"), "no model");
        try (SluiceClient client = client(folder)) {
            SluiceException unreadable = failure(client, "local/broken");
            assertThat(unreadable)
                    .isInstanceOf(SluiceException.Generation.class)
                    .hasMessageContaining("cannot read the model")
                    .hasMessageContaining("broken.gguf");
            story("broken", -1);
            assertThat(client.stream("local/broken", "Hi.").text()).isEqualTo("Hello there");
        }
        library = folder.toString();
        try (SluiceClient client = client(folder)) {
            assertThat(failure(client, "local/broken"))
                    .isInstanceOf(SluiceException.Generation.class)
                    .hasMessageStartingWith("there is no libllama in " + folder);
        }
    }
}

package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.cli.chat.Answerer;
import dev.sluice.client.TokenStream;
import dev.sluice.gateway.config.DialectKind;
import dev.sluice.llama.binding.LibraryFolder;
import dev.sluice.testkit.Ports;
import dev.sluice.testkit.gguf.NativeLibrary;
import dev.sluice.testkit.gguf.TestModel;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class AnswerersTest {
    private static final String NOBODY = "http://127.0.0.1:" + Ports.refusing();

    @TempDir private Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private static Answerers.Wish model(String name) {
        return wish(Optional.empty(), Optional.of(name));
    }

    private static Answerers.Wish wish(Optional<String> url, Optional<String> model) {
        return new Answerers.Wish(url, Optional.empty(), model, Optional.empty());
    }

    private static Answerers.Wish nothing() {
        return wish(Optional.empty(), Optional.empty());
    }

    private Answerer find(Map<String, String> env, String gateway, Answerers.Wish wish) {
        PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
        return new Answerers(env, err, gateway).find(wish);
    }

    private static String ask(Answerer answerer) {
        String model = answerer.prefix() + answerer.model();
        try (TokenStream stream = answerer.client().stream(model, "Hello")) {
            return stream.text();
        }
    }

    @Test
    void whereNobodyRunsTheModelsOfThisProcessAnswer() {
        try (Answerer here = find(Map.of(), NOBODY, nothing())) {
            assertThat(here.where()).isEqualTo("in this process");
            assertThat(here.model()).isEqualTo("simulated/text");
            assertThat(here.models()).contains("simulated/echo", "simulated/n200-i20-t100");
        }
        try (Answerer here = find(Map.of(), NOBODY, model("simulated/echo-i0-t0"))) {
            assertThat(ask(here)).isEqualTo("Hello");
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void theGatewayThatRunsIsAsked() {
        try (Served served = QuietGateway.start()) {
            String url = "http://127.0.0.1:" + served.port();
            try (Answerer found = find(Map.of(), url, model("simulated/echo-i0-t0"))) {
                assertThat(found.where()).isEqualTo("Sluice at " + url + "/v1 (openai-chat)");
                assertThat(found.models()).contains("simulated/text");
                assertThat(ask(found)).isEqualTo("Hello");
            }
            try (Answerer found = find(Map.of("SLUICE_BASE_URL", url), NOBODY, nothing())) {
                assertThat(found.where()).contains(url);
                assertThat(found.model()).isEqualTo("simulated/text");
            }
        }
    }

    @Test
    void whoeverElseIsOnThePortOfTheGatewayIsNotAsked() {
        try (FakeUpstream page = FakeUpstream.start().models(Script.html(200));
                Answerer here = find(Map.of(), page.uri().toString(), nothing())) {
            assertThat(here.where()).isEqualTo("in this process");
        }
    }

    @Test
    void whoIsNamedAndDoesNotAnswerIsAnError() {
        assertThatThrownBy(() -> find(Map.of("SLUICE_BASE_URL", NOBODY), NOBODY, nothing()))
                .isInstanceOf(NobodyAnswers.class)
                .hasMessageContaining("nothing listens on 127.0.0.1:");
        assertThatThrownBy(
                        () -> find(Map.of(), NOBODY, wish(Optional.of(NOBODY), Optional.of("m"))))
                .isInstanceOf(NobodyAnswers.class);
    }

    @Test
    void aDialectThatIsSaidIsSpoken() {
        try (Served served = QuietGateway.start()) {
            String url = "http://127.0.0.1:" + served.port();
            Answerers.Wish wish =
                    new Answerers.Wish(
                            Optional.of(url),
                            Optional.of(DialectKind.ANTHROPIC),
                            Optional.of("simulated/echo-i0-t0"),
                            Optional.empty());
            try (Answerer found = find(Map.of(), NOBODY, wish)) {
                assertThat(found.where()).isEqualTo("Sluice at " + url + " (anthropic)");
                assertThat(ask(found)).isEqualTo("Hello");
            }
        }
    }

    @Test
    void aFileIsReadAndAnswersHere() {
        Optional<Path> library = NativeLibrary.find();
        assumeTrue(library.isPresent(), "libllama cannot be had for this kind of machine");
        Path file = folder.resolve("story.gguf");
        TestModel.story(file, List.of("Hel", "lo", " there"), -1, 1024);
        String before = System.getProperty(LibraryFolder.PROPERTY, "");
        System.setProperty(LibraryFolder.PROPERTY, library.get().toString());
        try (Answerer here = find(Map.of(), NOBODY, model(file.toString()))) {
            assertThat(here.model()).isEqualTo("local/story");
            assertThat(ask(here)).isEqualTo("Hello there");
        } finally {
            if (before.isEmpty()) {
                System.clearProperty(LibraryFolder.PROPERTY);
            } else {
                System.setProperty(LibraryFolder.PROPERTY, before);
            }
        }
    }

    @Test
    void aFileThatIsNotThereIsAMistake() {
        assertThatThrownBy(() -> find(Map.of(), NOBODY, model("none.gguf")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("none.gguf is not a file that can be read");
    }
}

package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.client.examples.Examples;
import dev.sluice.core.event.Event;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.llama.ModelSettings;
import dev.sluice.testkit.gguf.NativeLibrary;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The examples do what they say, and the document shows them as they are. */
class ExamplesTest {
    private static final Pattern REGION =
            Pattern.compile(" +// @start region=(\\w+)\n(.*?) +// @end\n", Pattern.DOTALL);
    private static final Pattern SHOWN =
            Pattern.compile("<!-- Examples: (\\w+) -->\n```java\n(.*?)```\n", Pattern.DOTALL);

    private final TellingAdapter ollama = new TellingAdapter("ollama");
    private final TellingAdapter openai = new TellingAdapter("openai");
    private final TellingAdapter anthropic = new TellingAdapter("anthropic");
    private final SluiceClient client =
            Sluice.builder()
                    .environment(Map.of())
                    .adapter(ollama)
                    .adapter(openai)
                    .adapter(anthropic)
                    .build();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Examples examples =
            new Examples(client, new PrintStream(printed, true, StandardCharsets.UTF_8));

    @AfterEach
    void close() {
        client.close();
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private void ollamaSays(String... tokens) {
        ollama.story("llama3.2", Told.message(tokens));
    }

    private static Supplier<Iterator<Event>> inTurn(List<List<Event>> messages) {
        AtomicInteger turn = new AtomicInteger();
        return () -> messages.get(turn.getAndIncrement()).iterator();
    }

    @Test
    void tokens() {
        ollamaSays("Because", " of", " Rayleigh.");
        examples.tokens();
        assertThat(printed()).isEqualTo("Because of Rayleigh.");
    }

    @Test
    void callback() {
        ollamaSays("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
        examples.callback();
        assertThat(printed()).isEqualTo("12345678910");
    }

    @Test
    void publisher() throws InterruptedException {
        ollamaSays("Because", " of", " Rayleigh.");
        examples.publisher();
        assertThat(printed()).isEqualTo("Because of Rayleigh.");
    }

    @Test
    void whole() {
        ollamaSays("Because", " of", " Rayleigh.");
        examples.whole();
        assertThat(printed())
                .startsWith("Because of Rayleigh.\nEND_TURN\n7 + 3\nTTFT ")
                .contains("TBT ", "TPS ");
    }

    @Test
    void conversation() {
        openai.story(
                "gpt-5-mini", inTurn(List.of(Told.message("A cat."), Told.message("A sofa."))));
        examples.conversation(new byte[] {1});
        assertThat(printed()).isEqualTo("A sofa.\n");
        assertThat(openai.calls().get(1).request().messages()).hasSize(3);
    }

    @Test
    void tools() {
        anthropic.story(
                "claude-sonnet-4-5",
                inTurn(
                        List.of(
                                Told.toolCall("call-1", "weather", "{\"city\":", "\"Cologne\"}"),
                                Told.message("Yes", ", take one."))));
        examples.tools();
        assertThat(printed()).isEqualTo("asked for {\"city\":\"Cologne\"}\nYes, take one.\n");
    }

    @Test
    void events() {
        anthropic.story("claude-sonnet-4-5", Told.message("Done."));
        examples.events();
        assertThat(printed()).isEqualTo("[TEXT]\nDone.\nEND_TURN\n");
    }

    @Test
    void failures() {
        openai.story(
                "gpt-5-mini",
                inTurn(
                        List.of(
                                Told.failing(FailureCode.UPSTREAM_BROKEN, "Once ", "upon"),
                                Told.failing(FailureCode.CONTEXT_TOO_LONG))));
        examples.failures();
        examples.failures();
        assertThat(printed())
                .isEqualTo(
                        "Once upon … and here it broke off\nCONTEXT_TOO_LONG: the model tripped\n");
    }

    @Test
    void config() {
        ollamaSays("Rhine, ", "Nile, ", "Amur.");
        examples.config();
        assertThat(printed()).startsWith("Rhine, Nile, Amur.\n").endsWith(" tokens are left\n");
        assertThat(ollama.calls().getFirst().request().maxOutput()).isEqualTo(500);
    }

    @Test
    void cancel() throws InterruptedException {
        ollama.story("llama3.2", Told.cut("1", "2"));
        examples.cancel();
        assertThat(printed()).endsWith(" … cancelled\n");
    }

    @Test
    void clientOfOnesOwn() {
        try (FakeUpstream upstream = FakeUpstream.start();
                SluiceClient own = Examples.client(URI.create(upstream.uri() + "/v1"))) {
            upstream.on(Remote.CHAT, Script.stream().send(Remote.CHAT_EVENTS.answer("Hi.")));
            assertThat(own.stream("lmstudio/any", "Hi.").text()).isEqualTo("Hi.");
            assertThat(upstream.request().json().path("max_tokens").intValue()).isEqualTo(1000);
        }
    }

    @Test
    void local() {
        Optional<Path> library = NativeLibrary.find();
        assumeTrue(library.isPresent(), "libllama cannot be had for this kind of machine");
        Map<String, String> environment =
                Map.of(
                        "SLUICE_MODELS",
                        "../demo-model",
                        "SLUICE_LLAMA_LIB",
                        library.get().toString());
        try (SluiceClient own = Sluice.builder().environment(environment).build()) {
            new Examples(own, new PrintStream(printed, true, StandardCharsets.UTF_8)).local();
        }
        assertThat(printed()).isNotBlank();
    }

    @Test
    void localModel() {
        Optional<Path> library = NativeLibrary.find();
        assumeTrue(library.isPresent(), "libllama cannot be had for this kind of machine");
        Path file = Path.of("../demo-model/sluice-demo.gguf");
        Examples.localModel(
                ModelSettings.of("demo", file).withLibrary(library).withContext(256),
                new PrintStream(printed, true, StandardCharsets.UTF_8));
        assertThat(printed()).isNotBlank();
    }

    @Test
    void inProcess() {
        ollamaSays("Hi.");
        try (SluiceClient own = Examples.inProcess(ollama::provider)) {
            assertThat(own.stream("local/llama3.2", "Hi.").text()).isEqualTo("Hi.");
        }
    }

    @Test
    void theDocumentShowsThemAsTheyAre() throws IOException {
        String source =
                Files.readString(Path.of("src/test/java/dev/sluice/client/examples/Examples.java"));
        String document = Files.readString(Path.of("../docs/java.md"));
        assertThat(found(SHOWN, document)).isEqualTo(found(REGION, source));
    }

    private static Map<String, String> found(Pattern pattern, String text) {
        return pattern.matcher(text.replace("\r\n", "\n"))
                .results()
                .collect(
                        Collectors.toMap(
                                match -> match.group(1),
                                ExamplesTest::code,
                                (first, _) -> first,
                                TreeMap::new));
    }

    private static String code(MatchResult match) {
        return match.group(2).stripTrailing().stripIndent();
    }
}

package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.event.BlockKind;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.BedrockEvents;
import dev.sluice.testkit.stream.GeminiEvents;
import dev.sluice.testkit.stream.OllamaEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** Who answers, and where its key and its address come from. */
class VendorsTest {
    private static final String KEY = "sk-canary-0123456789";

    private static HttpAdapter adapter(String vendor, Map<String, String> environment) {
        return (HttpAdapter) new Vendors(environment, Map.of(), Map.of()).adapter(vendor);
    }

    @ParameterizedTest
    @CsvSource({
        "'',                        http://127.0.0.1:11434",
        "localhost,                 http://localhost:11434",
        "0.0.0.0,                   http://127.0.0.1:11434",
        "0.0.0.0:8000,              http://127.0.0.1:8000",
        ":8000,                     http://127.0.0.1:8000",
        "10.1.2.3:8000,             http://10.1.2.3:8000",
        "[::1]:8000,                http://[::1]:8000",
        "[::],                      http://127.0.0.1:11434",
        "http://ollama.test,        http://ollama.test:80",
        "https://ollama.test,       https://ollama.test:443",
        "https://ollama.test:8443/, https://ollama.test:8443",
    })
    void readsTheHostOfOllamaAsOllamaDoes(String said, String base) {
        assertThat(OllamaHost.base(said)).isEqualTo(base);
        assertThat(adapter("ollama", Map.of("OLLAMA_HOST", said)).base().toString())
                .isEqualTo(base);
    }

    @Test
    void looksForAddressesInTheEnvironment() {
        assertThat(adapter("openai", Map.of()).base())
                .isEqualTo(URI.create("https://api.openai.com/v1"));
        assertThat(adapter("anthropic", Map.of()).base())
                .isEqualTo(URI.create("https://api.anthropic.com"));
        assertThat(adapter("openai", Map.of("OPENAI_BASE_URL", "http://127.0.0.1:1/v1/")).base())
                .isEqualTo(URI.create("http://127.0.0.1:1/v1"));
    }

    @Test
    void sendsTheKeyOfTheEnvironmentToTheAddressOfTheEnvironment() {
        try (FakeUpstream upstream = FakeUpstream.start()) {
            upstream.on(Remote.CHAT, Script.stream().send(Remote.CHAT_EVENTS.answer("Hi")));
            Map<String, String> environment =
                    Map.of("OPENAI_API_KEY", KEY, "OPENAI_BASE_URL", upstream.uri() + "/v1");
            try (SluiceClient client = Sluice.builder().environment(environment).build();
                    TokenStream stream = client.stream("openai/gpt-5-mini", "Hi.")) {
                assertThat(stream.text()).isEqualTo("Hi");
                assertThat(upstream.request().header("authorization")).contains("Bearer " + KEY);
            }
        }
    }

    @Test
    void asksOllamaInItsOwnDialectWithoutAKeyAndTellsItHowToSample() {
        OllamaEvents lines = OllamaEvents.of("llama3.2");
        try (FakeUpstream upstream = FakeUpstream.start()) {
            upstream.on(
                    "/api/chat",
                    Script.status(200)
                            .header("content-type", "application/x-ndjson")
                            .send(lines.thinking("Hm."))
                            .send(lines.text("Hi"))
                            .send(lines.end("stop")));
            Map<String, String> environment = Map.of("OLLAMA_HOST", "127.0.0.1:" + upstream.port());
            try (SluiceClient client = Sluice.builder().environment(environment).build();
                    TokenStream stream = client.stream("ollama/llama3.2", "Hi.")) {
                assertThat(stream.text()).isEqualTo("Hi");
                assertThat(stream.finalMessage().blocks().getFirst().kind())
                        .isEqualTo(BlockKind.THINKING);
                assertThat(stream.usage().output()).isEqualTo(5);
                assertThat(upstream.request().header("authorization")).isEmpty();
                JsonNode options = upstream.request().json().path("options");
                assertThat(options.path("temperature").doubleValue()).isEqualTo(1.0);
                assertThat(options.path("top_p").doubleValue()).isEqualTo(0.9);
                assertThat(options.path("top_k").intValue()).isEqualTo(40);
                assertThat(options.path("num_predict").intValue()).isEqualTo(256);
                assertThat(stream.warnings()).isEmpty();
            }
        }
    }

    @Test
    void asksGeminiForEventsWithItsOwnFieldForKeys() {
        GeminiEvents pieces = GeminiEvents.of("gemini-2.5-flash");
        try (FakeUpstream upstream = FakeUpstream.start()) {
            upstream.on(
                    "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
                    Script.stream()
                            .send(pieces.thought("Hm."))
                            .send(pieces.text("Hi"))
                            .send(pieces.end("STOP")));
            Map<String, String> environment =
                    Map.of(
                            "GEMINI_API_KEY",
                            KEY,
                            "GOOGLE_GEMINI_BASE_URL",
                            upstream.uri().toString());
            try (SluiceClient client = Sluice.builder().environment(environment).build();
                    TokenStream stream = client.stream("gemini/gemini-2.5-flash", "Hi.")) {
                assertThat(stream.text()).isEqualTo("Hi");
                assertThat(stream.usage().output()).isEqualTo(5);
                assertThat(upstream.request().target()).endsWith("?alt=sse");
                assertThat(upstream.request().header("x-goog-api-key")).contains(KEY);
                assertThat(upstream.request().header("authorization")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a.test", "http://a.test/", "http://a.test/v1beta"})
    void addsTheVersionToTheAddressOfGeminiAsItsOwnLibrariesDo(String said) {
        assertThat(adapter("gemini", Map.of("GOOGLE_GEMINI_BASE_URL", said)).base())
                .isEqualTo(URI.create("http://a.test/v1beta"));
    }

    @Test
    void asksBedrockWithABearerKeyInThePlaceThatTheEnvironmentSays() {
        try (FakeUpstream upstream = FakeUpstream.start()) {
            upstream.on(
                    "/model/amazon.nova-lite-v1%3A0/converse-stream",
                    Script.status(200)
                            .header("content-type", "application/vnd.amazon.eventstream")
                            .send(BedrockEvents.start())
                            .send(BedrockEvents.text("Hi"))
                            .send(BedrockEvents.stop("end_turn"))
                            .send(BedrockEvents.metadata()));
            Map<String, String> environment =
                    Map.of(
                            "AWS_BEARER_TOKEN_BEDROCK",
                            KEY,
                            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
                            upstream.uri().toString());
            try (SluiceClient client = Sluice.builder().environment(environment).build();
                    TokenStream stream = client.stream("bedrock/amazon.nova-lite-v1:0", "Hi.")) {
                assertThat(stream.text()).isEqualTo("Hi");
                assertThat(stream.usage().output()).isEqualTo(5);
                assertThat(upstream.request().header("authorization")).contains("Bearer " + KEY);
            }
        }
        assertThat(adapter("bedrock", Map.of("AWS_REGION", "eu-west-1")).base())
                .isEqualTo(URI.create("https://bedrock-runtime.eu-west-1.amazonaws.com"));
        for (Map<String, String> nowhere :
                List.of(Map.<String, String>of(), Map.of("AWS_REGION", "evil.test/"))) {
            assertThatThrownBy(() -> adapter("bedrock", nowhere))
                    .hasMessageContaining("AWS_REGION");
        }
    }

    @Test
    void leavesItToAGatewayHowItsModelsAreDrawnFrom() {
        try (FakeUpstream upstream = FakeUpstream.start()) {
            upstream.on(Remote.CHAT, Script.stream().send(Remote.CHAT_EVENTS.answer("Hi")));
            Map<String, String> environment = Map.of("SLUICE_BASE_URL", upstream.uri() + "/v1");
            try (SluiceClient client = Sluice.builder().environment(environment).build();
                    TokenStream stream = client.stream("sluice/local/demo", "Hi.")) {
                assertThat(stream.text()).isEqualTo("Hi");
                assertThat(upstream.request().json().has("temperature")).isFalse();
                assertThat(upstream.request().json().has("top_p")).isFalse();
            }
        }
    }

    @Test
    void wantsAKeyWhereNothingAnswersWithoutOne() {
        try (SluiceClient client = Sluice.builder().environment(Map.of()).build()) {
            assertThatThrownBy(() -> client.stream("anthropic/claude-sonnet-4-5", "Hi."))
                    .isInstanceOf(SluiceException.Authentication.class)
                    .hasMessageContaining("ANTHROPIC_API_KEY");
        }
    }

    @Test
    @Tag("S5")
    void refusesAKeyThatNoHeaderCanCarryAndDoesNotRepeatIt() {
        Map<String, String> environment = Map.of("OPENAI_API_KEY", KEY + "\n" + KEY);
        try (SluiceClient client = Sluice.builder().environment(environment).build()) {
            assertThatThrownBy(() -> client.stream("openai/gpt-5-mini", "Hi."))
                    .isInstanceOf(SluiceException.Authentication.class)
                    .hasMessageContaining("OPENAI_API_KEY")
                    .hasMessageNotContaining(KEY)
                    .hasNoCause();
        }
        URI base = URI.create("http://127.0.0.1:1/v1");
        assertThatThrownBy(() -> HttpAdapter.builder("mine", "openai-chat", base).key(KEY + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(KEY);
    }

    @Test
    void namesThoseWhoAreThereWhenSomebodyElseIsAsked() {
        try (SluiceClient client = Sluice.builder().environment(Map.of()).build()) {
            assertThatThrownBy(() -> client.stream("nobody/model", "Hi."))
                    .isInstanceOf(SluiceException.BadRequest.class)
                    .hasMessageContaining("`nobody`")
                    .hasMessageContaining(
                            "anthropic, bedrock, found, gemini, local, ollama, openai, sluice");
            for (String name : new String[] {"llama3.2", "/llama3.2", "ollama/", ""}) {
                assertThatThrownBy(() -> client.stream(name, "Hi."))
                        .isInstanceOf(SluiceException.BadRequest.class)
                        .hasMessageContaining("who answers");
            }
        }
    }

    @Test
    void tellsWhichVariableIsNoUrl() {
        Map<String, String> environment =
                Map.of("OPENAI_API_KEY", KEY, "OPENAI_BASE_URL", "not a url");
        try (SluiceClient client = Sluice.builder().environment(environment).build()) {
            assertThatThrownBy(() -> client.stream("openai/gpt-5-mini", "Hi."))
                    .isInstanceOf(SluiceException.BadRequest.class)
                    .hasMessageContaining("OPENAI_BASE_URL");
        }
    }

    @Test
    void refusesABaseThatIsNoPlaceForRequests() {
        for (String base : new String[] {"ftp://127.0.0.1/", "127.0.0.1", "http://me:pw@host/"}) {
            assertThatThrownBy(() -> HttpAdapter.builder("mine", "openai-chat", URI.create(base)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("pw");
        }
        assertThatThrownBy(() -> HttpAdapter.builder("mine", "esperanto", URI.create("http://a/")))
                .hasMessageContaining("openai-chat");
    }

    @Test
    void prefersWhatTheBuilderIsGiven() {
        TellingAdapter mine = new TellingAdapter("openai").story("m", Told.message("mine"));
        try (SluiceClient client = Sluice.builder().environment(Map.of()).adapter(mine).build()) {
            assertThat(client.stream("openai/m", "Hi.").text()).isEqualTo("mine");
        }
    }

    @Test
    void findsAdaptersOnTheClassPath() {
        try (SluiceClient client = Sluice.builder().environment(Map.of()).build()) {
            assertThat(client.stream("found/m", "Hi.").text()).isEqualTo("found");
        }
    }

    @Test
    void asksModelsWhoseNamesHaveSlashes() {
        TellingAdapter mine = new TellingAdapter("mine").story("org/model:7b", Told.message("a"));
        try (SluiceClient client = Sluice.builder().adapter(mine).build()) {
            assertThat(client.stream("mine/org/model:7b", "Hi.").text()).isEqualTo("a");
        }
    }

    @Test
    void saysNoKeyOfAnAdapter() {
        HttpAdapter adapter =
                HttpAdapter.builder("mine", "openai-chat", URI.create("http://127.0.0.1:1/v1"))
                        .key(KEY)
                        .build();
        assertThat(adapter.toString()).contains("127.0.0.1:1").doesNotContain(KEY);
        adapter.close();
    }
}

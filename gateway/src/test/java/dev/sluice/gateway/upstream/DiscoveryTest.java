package dev.sluice.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.ModelCard;
import dev.sluice.gateway.config.DialectKind;
import dev.sluice.gateway.config.ProviderBuilder;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.config.ServerKind;
import dev.sluice.gateway.config.UpstreamTls;
import dev.sluice.testkit.Ports;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.TlsIdentity;
import dev.sluice.testkit.http.UpstreamRequest;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class DiscoveryTest {
    /** Long enough for a busy machine: nothing here waits for its end unless it says so. */
    private static final Discovery PATIENT = new Discovery(Duration.ofSeconds(10));

    private static final Discovery HASTY = new Discovery(Duration.ofMillis(300));

    private static Finding find(String url) {
        return PATIENT.find(ProviderConfig.at("up", url));
    }

    private static List<String> ids(Finding finding) {
        return finding.models().stream().map(ModelCard::id).toList();
    }

    static Stream<Arguments> servers() {
        return Stream.of(
                server("ollama", Impostor::ollama, "llama3.2:latest", "mike/qwen3:8b"),
                server("ollama", Impostor::ollamaWithForeignModels, "mike/qwen3:8b"),
                server("sluice", Impostor::sluice, "up/qwen3"),
                server("llama.cpp", Impostor::llamaCpp, "qwen3.gguf"),
                server("vllm", Impostor::vllm, "Qwen/Qwen3-8B"),
                server("lm-studio", () -> Impostor.lmStudio("qwen/qwen3-8b"), "qwen/qwen3-8b"),
                server("mlx-lm", Impostor::mlxLm, "mlx-community/Qwen3-8B-4bit"),
                server("compatible", Impostor::koboldCpp, "koboldcpp/gemma"),
                server("compatible", Impostor::withBareList, "meta/Llama-4"));
    }

    private static Arguments server(String kind, Supplier<FakeUpstream> start, String... models) {
        return Arguments.of(kind, start, List.of(models));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("servers")
    void knowsEachServerByItsAnswers(
            String kind, Supplier<FakeUpstream> start, List<String> models) {
        try (FakeUpstream upstream = start.get()) {
            for (String path : List.of("", "/", "/v1", "/v1/", "/v1/chat/completions")) {
                Finding finding = find(upstream.uri() + path);

                boolean itself = kind.equals("ollama");
                assertThat(finding.dialect()).as(path).contains(itself ? "ollama" : "openai-chat");
                assertThat(finding.server()).as(path).isEqualTo(kind);
                assertThat(finding.base())
                        .as(path)
                        .isEqualTo(upstream.uri() + (itself ? "" : "/v1"));
                assertThat(ids(finding)).as(path).isEqualTo(models);
                assertThat(finding.problem()).as(path).isEmpty();
            }
        }
    }

    @Test
    void asksNothingStrangeOfAServerWhoseListTellsAll() {
        try (FakeUpstream upstream = Impostor.lmStudio("qwen/qwen3-8b")) {
            find(upstream.uri().toString());

            assertThat(paths(upstream)).containsExactly("/v1/models");
        }
    }

    private static Set<String> paths(FakeUpstream upstream) {
        return upstream.requests().stream().map(UpstreamRequest::path).collect(Collectors.toSet());
    }

    @Test
    void knowsServersThatHaveNoModelYet() {
        try (FakeUpstream ollama = Impostor.ollamaWithoutModels();
                FakeUpstream studio = Impostor.lmStudio()) {
            Finding first = find(ollama.uri().toString());
            assertThat(first.server()).isEqualTo("ollama");
            assertThat(first.dialect()).contains("ollama");
            assertThat(first.problem().orElseThrow())
                    .isEqualTo(
                            "GET "
                                    + ollama.uri()
                                    + "/v1/models answered 200, and the list of models is empty:"
                                    + " load or pull a model there");
            assertThat(find(studio.uri().toString()).server()).isEqualTo("lm-studio");
        }
    }

    @Test
    void speaksToOllamaInItsOwnDialectWhereItsPathsAreThere() {
        try (FakeUpstream proxied = Impostor.ollamaBehindAProxy();
                FakeUpstream bare = Impostor.ollamaWithoutChat()) {
            Finding first = find(proxied.uri().toString());
            assertThat(first.dialect()).contains("openai-chat");
            assertThat(first.server()).isEqualTo("ollama");
            assertThat(first.base()).isEqualTo(proxied.uri() + "/v1");
            for (String path : List.of("", "/api", "/api/chat", "/api/tags")) {
                Finding second = find(bare.uri() + path);
                assertThat(second.dialect()).as(path).contains("ollama");
                assertThat(second.server()).as(path).isEqualTo("ollama");
                assertThat(second.base()).as(path).isEqualTo(bare.uri().toString());
                assertThat(ids(second)).containsExactly("llama3.2:latest", "mike/qwen3:8b");
            }
        }
    }

    @Test
    void asksOllamaOnlyWhatTheConfigurationDoesNotSay() {
        try (FakeUpstream upstream = Impostor.ollama()) {
            Finding own =
                    PATIENT.find(
                            provider(upstream.uri().toString())
                                    .dialect(DialectKind.OLLAMA)
                                    .server(ServerKind.OLLAMA)
                                    .build());
            assertThat(own.base()).isEqualTo(upstream.uri().toString());
            assertThat(ids(own)).containsExactly("llama3.2:latest", "mike/qwen3:8b");
            assertThat(paths(upstream)).containsExactly("/api/tags");
            Finding chat =
                    PATIENT.find(
                            provider(upstream.uri().toString())
                                    .dialect(DialectKind.OPENAI_CHAT)
                                    .build());
            assertThat(chat.base()).isEqualTo(upstream.uri() + "/v1");
            assertThat(chat.server()).isEqualTo("ollama");
        }
    }

    @Test
    void findsTheModelsOfAServerThatIsSaidToSpeakResponses() {
        try (FakeUpstream atRoot = Impostor.ollama();
                FakeUpstream below = Impostor.withPathOfItsOwn()) {
            Finding first = findResponses(atRoot.uri() + "/v1/responses");
            assertThat(first.dialect()).contains("openai-responses");
            assertThat(first.base()).isEqualTo(atRoot.uri() + "/v1");
            assertThat(ids(first)).containsExactly("llama3.2:latest", "mike/qwen3:8b");
            assertThat(first.problem()).isEmpty();

            Finding second = findResponses(below.uri() + "/api/paas/v4");
            assertThat(second.base()).isEqualTo(below.uri() + "/api/paas/v4");
            assertThat(ids(second)).containsExactly("glm-5");
        }
    }

    private static Finding findResponses(String url) {
        return PATIENT.find(provider(url).dialect(DialectKind.OPENAI_RESPONSES).build());
    }

    @Test
    void findsAListRightBelowAPathOfItsOwn() {
        try (FakeUpstream upstream = Impostor.withPathOfItsOwn()) {
            String url = upstream.uri() + "/api/paas/v4";
            Finding finding = find(url);

            assertThat(finding.dialect()).contains("openai-chat");
            assertThat(finding.base()).isEqualTo(url);
            assertThat(ids(finding)).containsExactly("glm-5");
        }
    }

    @Test
    void knowsAnthropicWithAKeyAndWithout() {
        try (FakeUpstream upstream = Impostor.anthropic("sk-ant-canary")) {
            Finding open =
                    PATIENT.find(
                            provider(upstream.uri() + "/v1")
                                    .key(Secret.of("sk-ant-canary"))
                                    .build());
            assertThat(open.dialect()).contains("anthropic");
            assertThat(open.base()).isEqualTo(upstream.uri().toString());
            assertThat(ids(open)).containsExactly("claude-sonnet-4-5");
            assertThat(open.problem()).isEmpty();

            Finding locked = find(upstream.uri().toString());
            assertThat(locked.dialect()).contains("anthropic");
            assertThat(locked.problem().orElseThrow())
                    .contains(
                            "answered 401, so it wants a key: set ANTHROPIC_API_KEY and"
                                    + " ANTHROPIC_BASE_URL=")
                    .contains("providers.up.key");

            Finding wrong =
                    PATIENT.find(
                            provider(upstream.uri().toString())
                                    .key(Secret.of("sk-ant-other"))
                                    .build());
            assertThat(wrong.problem().orElseThrow())
                    .contains("so it refuses the key that provider `up` has")
                    .doesNotContain("sk-ant-other");
        }
    }

    private static ProviderBuilder provider(String url) {
        return ProviderConfig.builder("up", url);
    }

    @Test
    void saysThatAKeyIsWanted() {
        try (FakeUpstream upstream = Impostor.vllmWithKey("secret-canary")) {
            Finding locked = find(upstream.uri().toString());
            assertThat(locked.dialect()).contains("openai-chat");
            assertThat(locked.problem())
                    .contains(
                            "GET "
                                    + upstream.uri()
                                    + "/v1/models answered 401, so it wants a key: set"
                                    + " OPENAI_API_KEY and OPENAI_BASE_URL="
                                    + upstream.uri()
                                    + " instead of --upstream, or providers.up.key in a"
                                    + " configuration");

            Finding open =
                    PATIENT.find(
                            provider(upstream.uri().toString())
                                    .key(Secret.of("secret-canary"))
                                    .build());
            assertThat(ids(open)).containsExactly("Qwen/Qwen3-8B");
        }
    }

    @Test
    void believesTheConfigurationAndAsksOnlyTheRest() {
        try (FakeUpstream upstream = Impostor.vllm()) {
            Finding finding =
                    PATIENT.find(
                            provider(upstream.uri().toString())
                                    .dialect(DialectKind.ANTHROPIC)
                                    .server(ServerKind.COMPATIBLE)
                                    .build());
            assertThat(finding.dialect()).contains("anthropic");
            assertThat(finding.server()).isEqualTo("compatible");
            assertThat(finding.base()).isEqualTo(upstream.uri().toString());
            assertThat(ids(finding)).containsExactly("Qwen/Qwen3-8B");
            assertThat(upstream.requests()).hasSize(1);
            assertThat(upstream.requests().getFirst().header("anthropic-version")).isPresent();
        }
    }

    @Test
    void asksNothingOfAProviderThatTheConfigurationTellsInFull() {
        ProviderConfig told =
                provider("http://127.0.0.1:1/v1")
                        .dialect(DialectKind.OPENAI_CHAT)
                        .server(ServerKind.MLX_LM)
                        .models("a", "b")
                        .build();
        assertThat(Discovery.told(told).orElseThrow())
                .extracting(Finding::server, Finding::base, DiscoveryTest::ids)
                .containsExactly("mlx-lm", "http://127.0.0.1:1/v1", List.of("a", "b"));
        assertThat(Discovery.told(provider("http://127.0.0.1:1").models("a").build())).isEmpty();
    }

    @Test
    void takesTheModelsOfTheConfigurationWhereThereIsNoList() {
        try (FakeUpstream upstream = FakeUpstream.start().models(Script.html(404))) {
            Finding finding =
                    PATIENT.find(
                            provider(upstream.uri() + "/v1")
                                    .dialect(DialectKind.OPENAI_CHAT)
                                    .models("house-model")
                                    .build());
            assertThat(ids(finding)).containsExactly("house-model");
            assertThat(finding.problem()).isEmpty();
        }
    }

    @Test
    @Tag("S1")
    void followsNoRedirectAndSaysWhereItLeads() {
        try (FakeUpstream other = Impostor.vllm();
                FakeUpstream upstream =
                        FakeUpstream.start()
                                .models(
                                        Script.status(301)
                                                .header("location", other.uri() + "/v1/models")
                                                .length(0))) {
            Finding finding =
                    PATIENT.find(
                            provider(upstream.uri().toString()).key(Secret.of("canary")).build());

            assertThat(finding.models()).isEmpty();
            assertThat(finding.problem().orElseThrow())
                    .contains(
                            "answered 301, a redirect to "
                                    + other.uri()
                                    + "/v1/models, which is not followed");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void saysThatAWebPageIsNoModelServer() {
        try (FakeUpstream upstream =
                FakeUpstream.start().models(Script.html(200)).otherwise(Script.html(200))) {
            Finding finding = find(upstream.uri().toString());

            assertThat(finding.dialect()).isEmpty();
            assertThat(finding.problem().orElseThrow())
                    .contains(
                            "/v1/models answered 200, a web page and no model server's answer:"
                                    + " check the port");
        }
    }

    @Test
    void saysThatNothingListens() {
        int port = Ports.refusing();
        Finding finding = find("http://127.0.0.1:" + port);

        assertThat(finding.dialect()).isEmpty();
        assertThat(finding.problem().orElseThrow())
                .startsWith(
                        "nothing listens on 127.0.0.1:"
                                + port
                                + ": start the server, or correct the port; Ollama is usually on"
                                + " port 11434");
    }

    @Test
    void saysThatAHostHasNoAddress() {
        assertThat(find("http://no-such-host.invalid:8000").problem().orElseThrow())
                .isEqualTo("the host `no-such-host.invalid` has no address: check its name");
    }

    @Test
    void saysThatAHostNameCannotBeUsed() {
        assertThat(find("http://model_server:8000").problem().orElseThrow())
                .startsWith("the host `model_server` cannot stand in a URL");
    }

    @Test
    void saysThatAServerStillLoads() {
        try (FakeUpstream upstream = Impostor.llamaCppThatLoads()) {
            Finding finding = find(upstream.uri().toString());

            assertThat(finding.server()).isEqualTo("llama.cpp");
            assertThat(finding.problem().orElseThrow())
                    .contains("answered 503, so it is not ready yet");
        }
    }

    @Test
    void endsInTimeWhateverAServerDoes() {
        try (FakeUpstream silent = FakeUpstream.start();
                FakeUpstream dripping = FakeUpstream.start();
                Ports.BlackHole hole = Ports.unanswering()) {
            silent.models(Script.silent()).otherwise(Script.silent());
            Script drip =
                    Script.status(200)
                            .header("content-type", "application/json")
                            .endless(Duration.ofMillis(5), _ -> " ");
            dripping.models(drip).otherwise(drip);
            long begun = System.nanoTime();

            assertThat(HASTY.find(ProviderConfig.at("up", silent.uri().toString())).problem())
                    .contains(
                            "GET "
                                    + silent.uri()
                                    + "/v1/models was not answered in time: is the server busy or"
                                    + " stuck?");
            assertThat(HASTY.find(ProviderConfig.at("up", dripping.uri().toString())).problem())
                    .isPresent();
            assertThat(
                            HASTY.find(ProviderConfig.at("up", "http://127.0.0.1:" + hole.port()))
                                    .problem())
                    .contains(
                            "127.0.0.1:"
                                    + hole.port()
                                    + " accepts no connection: check address, port and firewall");

            // Three rounds of 300 ms, with an allowance for a busy machine.
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(8));
            silent.forgiveFailures();
            dripping.forgiveFailures();
        }
    }

    @Test
    @Tag("R54")
    void survivesAnswersThatAreTooLargeOrNotWhatTheySay() {
        for (Script odd :
                List.of(
                        Script.hugeBody(200, "application/json", 1 << 30),
                        Script.json(200, "{\"data\":[{\"id\":"),
                        Script.json(200, "{\"data\":{\"id\":\"x\"}}"),
                        Script.json(
                                200,
                                "{\"data\":[null,1,\"x\",{},{\"id\":7},{\"id\":\"\"}],\"object\":\"list\"}"),
                        Script.json(200, ""),
                        Script.json(200, "\"text\""),
                        Script.raw("SSH-2.0-OpenSSH_9.6\r\n"),
                        Script.closeAtOnce(),
                        Script.resetAtOnce(),
                        Script.halfHead())) {
            try (FakeUpstream upstream = FakeUpstream.start()) {
                upstream.models(odd).otherwise(odd);
                Finding finding =
                        new Discovery(Duration.ofSeconds(1))
                                .find(ProviderConfig.at("up", upstream.uri().toString()));

                assertThat(finding.models()).isEmpty();
                assertThat(finding.problem()).isPresent();
                upstream.forgiveFailures();
            }
        }
    }

    @Test
    @Tag("R54")
    void readsNoMoreThanALimit() {
        String pad = "x".repeat(9 << 20);
        try (FakeUpstream upstream =
                FakeUpstream.start()
                        .models(
                                Script.json(
                                        200,
                                        "{\"object\":\"list\",\"data\":[{\"id\":\"m\"}],\"pad\":\""
                                                + pad
                                                + "\"}"))
                        .otherwise(Script.silent())) {
            Finding finding =
                    new Discovery(Duration.ofSeconds(5))
                            .find(
                                    provider(upstream.uri().toString())
                                            .dialect(DialectKind.OPENAI_CHAT)
                                            .build());

            assertThat(finding.models()).isEmpty();
            assertThat(finding.problem())
                    .contains(
                            "GET "
                                    + upstream.uri()
                                    + "/v1/models answered with more than 8 MiB, which no list of"
                                    + " models has");
            upstream.forgiveFailures();
        }
    }

    @Test
    void keepsNamesAwayThatCannotBeShown() {
        try (FakeUpstream upstream =
                FakeUpstream.start()
                        .models(
                                Script.json(
                                        200,
                                        "{\"object\":\"list\",\"data\":[{\"id\":\"good\"},{\"id\":\"good\"},{\"id\":\"a\\n"
                                            + "b\"},{\"id\":\"a\\u001b[31m\"},{\"id\":\"\\u202eevil\"}]}"))) {
            assertThat(ids(find(upstream.uri().toString()))).containsExactly("good");
        }
    }

    @Test
    void saysThatASchemeIsWrong() {
        try (FakeUpstream upstream = Impostor.vllm()) {
            String https = "https://127.0.0.1:" + upstream.port();
            assertThat(find(https).problem().orElseThrow())
                    .isEqualTo(
                            "127.0.0.1:"
                                    + upstream.port()
                                    + " speaks no TLS, or none that is known here: does it want"
                                    + " http:// ?");
            upstream.forgiveFailures();
        }
    }

    @Test
    @Tag("S9")
    void trustsNoCertificateThatItWasNotToldToTrust(@TempDir Path folder) throws IOException {
        TlsIdentity identity = TlsIdentity.selfSigned();
        try (FakeUpstream upstream = FakeUpstream.start(identity.serverContext())) {
            String url = "https://localhost:" + upstream.port();
            assertThat(find(url).problem().orElseThrow())
                    .contains("is not trusted by this machine");
            upstream.forgiveFailures();

            Path pem = Files.writeString(folder.resolve("ca.pem"), identity.certificatePem());
            Finding trusted =
                    PATIENT.find(
                            provider(url).tls(new UpstreamTls(true, Optional.of(pem))).build());
            assertThat(ids(trusted)).containsExactly("test-model");

            Finding loud =
                    PATIENT.find(
                            provider(url).tls(new UpstreamTls(false, Optional.empty())).build());
            assertThat(ids(loud)).containsExactly("test-model");
        }
    }

    @Test
    void refreshAsksForTheListAlone() {
        try (FakeUpstream upstream = Impostor.ollamaWithForeignModels()) {
            ProviderConfig provider = ProviderConfig.at("up", upstream.uri().toString());
            Finding first = PATIENT.find(provider);
            upstream.forgetRequests();
            upstream.on(
                    "GET /api/tags", Script.json(200, "{\"models\":[{\"name\":\"new-model\"}]}"));

            Finding second = PATIENT.refresh(provider, first);

            assertThat(second.server()).isEqualTo("ollama");
            assertThat(second.dialect()).contains("ollama");
            assertThat(ids(second)).containsExactly("new-model");
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void refreshNoticesAnotherServerInTheSamePlace() {
        try (FakeUpstream upstream = Impostor.ollama()) {
            ProviderConfig provider = ProviderConfig.at("up", upstream.uri().toString());
            Finding first = PATIENT.find(provider);
            upstream.on("GET /api/tags", Script.html(404));
            upstream.models(
                    Script.json(
                            200,
                            "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"owned_by\":\"vllm\"}]}"));

            assertThat(PATIENT.refresh(provider, first).server()).isEqualTo("vllm");
        }
    }

    @Test
    void sendsTheHeadersOfTheConfigurationAndItsKey() {
        try (FakeUpstream upstream = Impostor.vllm()) {
            PATIENT.find(
                    provider(upstream.uri().toString())
                            .key(Secret.of("k1"))
                            .header("x-team", "blue")
                            .dialect(DialectKind.OPENAI_CHAT)
                            .build());
            UpstreamRequest asked = upstream.requests().getFirst();
            assertThat(asked.header("authorization")).contains("Bearer k1");
            assertThat(asked.header("x-team")).contains("blue");
        }
    }
}

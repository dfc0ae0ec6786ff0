package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.RouteConfig;
import dev.sluice.gateway.config.Secret;
import dev.sluice.gateway.config.UpstreamTls;
import dev.sluice.testkit.Ports;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

class ServedTest {
    private static final String HELLO =
            "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private Served start(Config config) {
        Config quick = config.withPort(0).toBuilder().workers(1).build();
        return Served.start(quick, new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private static FakeUpstream chat(String... models) {
        return FakeUpstream.start()
                .models(Script.openAiModels(models))
                .on(
                        "/v1/chat/completions",
                        Script.stream()
                                .send(
                                        ChatEvents.of("chatcmpl-1", models[0])
                                                .answer("Hi", " there")));
    }

    private static ProviderConfig provider(String name, FakeUpstream upstream) {
        return ProviderConfig.at(name, upstream.uri().toString());
    }

    /** Runs a line as it would be run after it was pasted. */
    private static String pasted(String line) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", line + " -s --max-time 20").start();
        String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as("%s: %s", line, out).isZero();
        return out;
    }

    private static List<String> curls(String banner) {
        return banner.lines().map(String::strip).filter(line -> line.startsWith("curl ")).toList();
    }

    @Test
    void theLinesOfTheBannerWorkWhenTheyArePasted() throws IOException, InterruptedException {
        try (FakeUpstream upstream = chat("it's $HOME \"quoted\"");
                Served served =
                        start(Config.defaults().withProvider(provider("local", upstream)))) {
            List<String> lines = curls(served.banner(Ink.NONE));

            assertThat(lines).hasSize(2);
            assertThat(pasted(lines.getFirst()))
                    .contains("\"content\":\"Hi\"")
                    .endsWith("data: [DONE]\n\n");
            assertThat(pasted(lines.getLast()))
                    .contains("\"text\":\"Hi\"")
                    .contains("event: message_stop");
            assertThat(upstream.request(1).json().path("model").stringValue())
                    .isEqualTo("it's $HOME \"quoted\"");
        }
    }

    @Test
    void theLinesWorkWithTheSimulatedModelAlone() throws IOException, InterruptedException {
        try (Served served = start(Config.defaults())) {
            String banner = served.banner(Ink.NONE);

            assertThat(banner)
                    .contains("simulated   built in")
                    .contains("No model server yet: add --upstream http://127.0.0.1:11434");
            assertThat(pasted(curls(banner).getFirst())).endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void theBannerSaysWhoAnswers() {
        try (FakeUpstream first = chat("text-embedding-3", "qwen3", "m3", "m4", "m5", "m6");
                FakeUpstream second = chat("other");
                Served served =
                        start(
                                Config.defaults()
                                        .withProvider(provider("local", first))
                                        .withProvider(provider("gpu", second))
                                        .withProvider(
                                                ProviderConfig.at(
                                                        "late",
                                                        "http://127.0.0.1:" + Ports.refusing())))) {
            String banner = served.banner(Ink.NONE);

            assertThat(banner)
                    .startsWith(
                            "Sluice "
                                    + Main.VERSION
                                    + " on http://127.0.0.1:"
                                    + served.port()
                                    + ", ready in ")
                    .contains("  local       compatible at " + first.uri() + "/v1 (openai-chat)\n")
                    .contains("              text-embedding-3, qwen3, m3, m4 and 2 more\n")
                    .contains("  gpu         compatible at " + second.uri() + "/v1 (openai-chat)\n")
                    .contains(
                            "  late        not known yet\n"
                                    + "              nothing listens on 127.0.0.1:")
                    .contains("asked again every few seconds")
                    .contains("\"model\":\"qwen3\"")
                    .contains(" ANTHROPIC_MODEL=qwen3 ANTHROPIC_DEFAULT_HAIKU_MODEL=qwen3 claude\n")
                    .contains(
                            "OPENAI_BASE_URL=http://127.0.0.1:"
                                    + served.port()
                                    + "/v1 OPENAI_API_KEY=none\n")
                    .doesNotContain("No model server yet", "\u001b");
        }
    }

    @Test
    void theBannerPrefersARoute() {
        try (FakeUpstream upstream = chat("m");
                Served served =
                        start(
                                Config.defaults()
                                        .withProvider(provider("local", upstream))
                                        .withRoute(RouteConfig.of("fast", "local/m")))) {
            assertThat(served.banner(Ink.NONE)).contains("\"model\":\"fast\"");
        }
    }

    @Test
    @Tag("S9")
    void theBannerIsLoudAboutCertificatesThatNobodyChecks() {
        ProviderConfig trusting =
                ProviderConfig.builder("risky", "https://127.0.0.1:" + Ports.refusing())
                        .tls(new UpstreamTls(false, Optional.empty()))
                        .build();
        try (Served served = start(Config.defaults().withProvider(trusting))) {
            assertThat(served.banner(Ink.NONE))
                    .contains("WARNING: the certificate of provider `risky`")
                    .contains("is NOT verified");
        }
    }

    @Test
    @Tag("S5")
    void noKeyAndNoPromptIsEverPrinted() {
        try (FakeUpstream upstream = chat("m")) {
            Config config =
                    Config.defaults()
                            .withKey("alice", Secret.of("client-canary"))
                            .withProvider(
                                    ProviderConfig.builder("local", upstream.uri().toString())
                                            .key(Secret.of("upstream-canary"))
                                            .header("x-secret", "header-canary")
                                            .build());
            String banner;
            try (Served served = start(config);
                    RawClient client = RawClient.connect(served.port())) {
                banner = served.banner(Ink.NONE);
                String body = HELLO.formatted("m").replace("Hello", "prompt-canary");
                RawResponse answer =
                        client.exchange(
                                RawRequest.post("/v1/chat/completions", body)
                                        .header("authorization", "Bearer client-canary"));
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).contains("Hi");
                served.stop();
            }
            assertThat(upstream.request().header("authorization"))
                    .contains("Bearer upstream-canary");
            assertThat(banner)
                    .contains("Clients must show a key (alice)")
                    .contains("-H \"authorization: Bearer $SLUICE_API_KEY\"")
                    .contains("OPENAI_API_KEY=\"$SLUICE_API_KEY\"");
            assertThat(said()).contains(" key=alice client=openai-chat ", " outcome=complete ");
            assertThat(banner + said()).doesNotContain("canary");
        }
    }

    /** Not when it is asked what it is, and not when it is asked for an answer. */
    @Test
    @Tag("S1")
    void aKeyGoesToItsOwnProviderAlone() {
        try (FakeUpstream one = chat("m1");
                FakeUpstream two = chat("m2");
                Served served =
                        start(
                                Config.defaults()
                                        .withProvider(keyed("one", one, "key-of-one"))
                                        .withProvider(keyed("two", two, "key-of-two")));
                RawClient client = RawClient.connect(served.port())) {
            for (String model : List.of("m1", "m2", "one/m2", "two/m1", "one/../two/m1")) {
                client.post("/v1/chat/completions", HELLO.formatted(model)).body();
            }
            assertThat(one.requests()).isNotEmpty();
            assertThat(one.requests())
                    .allSatisfy(
                            request ->
                                    assertThat(request.headers().toString())
                                            .contains("key-of-one", "header-of-one")
                                            .doesNotContain("of-two"));
            assertThat(two.requests())
                    .allSatisfy(
                            request ->
                                    assertThat(request.headers().toString())
                                            .contains("key-of-two", "header-of-two")
                                            .doesNotContain("of-one"));
            assertThat(one.requests("/v1/chat/completions")).hasSize(3);
            assertThat(two.requests("/v1/chat/completions")).hasSize(2);
        }
    }

    private static ProviderConfig keyed(String name, FakeUpstream upstream, String key) {
        return ProviderConfig.builder(name, upstream.uri().toString())
                .key(Secret.of(key))
                .header("x-more", "header-of-" + name)
                .build();
    }

    @Test
    void tellsEachExchangeOnALineAndWhatThereWasAtTheEnd() {
        try (FakeUpstream upstream = chat("m");
                Served served = start(Config.defaults().withProvider(provider("local", upstream)));
                RawClient client = RawClient.connect(served.port())) {
            assertThat(client.post("/v1/chat/completions", HELLO.formatted("m")).text())
                    .contains("Hi");
            assertThat(client.post("/v1/chat/completions", HELLO.formatted("local/m")).text())
                    .contains("Hi");
            served.stop();

            assertThat(said())
                    .contains(" model=m upstream=local/m ", " model=local/m upstream=local/m ")
                    .endsWith("stopped after 2 exchanges: 2 complete, 0 failed, 0 cancelled\n");
        }
    }
}

package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class ConfigFileTest {

    private static final String HASH =
            "sha256:d4dec180a993cd5fa065cac46b9bbfd1528c39080afa14d683a5bc657c453892";

    @TempDir Path folder;

    @Test
    void everyKeyOfAFileCanBeSaidByConstructorsToo() throws IOException {
        Files.writeString(folder.resolve("cert.pem"), "certificate");
        Files.writeString(folder.resolve("key.pem"), "key");
        Files.writeString(folder.resolve("ca.pem"), "authority");
        Config config =
                Written.in(
                                folder,
                                """
                                listen: {host: "::1", port: 9090, tls: {certificate: cert.pem, key: key.pem}}
                                keys:
                                  alice: {key: ${ALICE_KEY}}
                                  bob: {hash: "%s"}
                                providers:
                                  local:
                                    url: HTTP://LocalHost:8081/v1/
                                    dialect: openai-chat
                                    server: llama.cpp
                                    key: ${LOCAL_KEY}
                                    models: [a, b/c]
                                    protocol: h2c
                                    headers: {X-Team: blue}
                                    tls: {verify: true, ca: ca.pem}
                                    max-tokens: 4096
                                    retries: 0
                                    timeouts: {connect: 250ms, first-token: 2m, inter-token: 30s, total: 1h}
                                    connections: 10
                                    quirks: {developer-role: false}
                                  plain:
                                    url: https://example.com
                                routes:
                                  fast: [local/b/c, plain/x]
                                  big: {to: [plain/y], timeouts: {total: 2h}, on-disconnect: drain, drain-tokens: 50, drain-time: 9s}
                                timeouts: {connect: 1s, first-token: 2s, inter-token: 3s, total: 4s}
                                limits: {body: 1MiB, event: 2MB, header: 2048, streams: 5, slow-reader: 1KiB, slow-reader-time: 6s, answer: 1GiB}
                                keepalive: 0s
                                shutdown: 1m
                                access-log: json
                                strict: true
                                cors: ["https://Chat.example.com", "*"]
                                resume: {window: 5m, buffer: 1MiB, bytes: 128MiB}
                                simulated: false
                                workers: 3
                                """
                                        .formatted(HASH))
                        .with(Map.of("ALICE_KEY", "alices-key", "LOCAL_KEY", "locals-key"))
                        .read();

        ProviderConfig local =
                ProviderConfig.builder("local", "http://localhost:8081/v1")
                        .dialect(DialectKind.OPENAI_CHAT)
                        .server(ServerKind.LLAMA_CPP)
                        .key(Secret.of("locals-key"))
                        .models("a", "b/c")
                        .protocol(Protocol.H2C)
                        .header("x-team", "blue")
                        .tls(new UpstreamTls(true, Optional.of(folder.resolve("ca.pem"))))
                        .maxTokens(4096)
                        .retries(0)
                        .timeouts(
                                TimeoutOverrides.NONE
                                        .withConnect(Duration.ofMillis(250))
                                        .withFirstToken(Duration.ofMinutes(2))
                                        .withInterToken(Duration.ofSeconds(30))
                                        .withTotal(Duration.ofHours(1)))
                        .connections(10)
                        .quirk("developer-role", "false")
                        .build();
        ServerTls tls = new ServerTls(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        Config built =
                Config.defaults().toBuilder()
                        .listen(new Listen("::1", 9090, Optional.of(tls)))
                        .key("alice", ClientKey.of(Secret.of("alices-key")))
                        .key("bob", ClientKey.ofHash(HASH))
                        .provider(local)
                        .provider(ProviderConfig.at("plain", "https://example.com"))
                        .route(RouteConfig.of("fast", "local/b/c", "plain/x"))
                        .route(
                                RouteConfig.of("big", "plain/y")
                                        .withTimeouts(
                                                TimeoutOverrides.NONE.withTotal(
                                                        Duration.ofHours(2)))
                                        .withDisconnect(
                                                new Disconnect(
                                                        OnDisconnect.DRAIN,
                                                        50,
                                                        Duration.ofSeconds(9))))
                        .timeouts(
                                new Timeouts(
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(2),
                                        Duration.ofSeconds(3),
                                        Duration.ofSeconds(4)))
                        .limits(
                                Limits.DEFAULT
                                        .withBody(1 << 20)
                                        .withEvent(2_000_000)
                                        .withHeader(2048)
                                        .withStreams(5)
                                        .withSlowReader(1024, Duration.ofSeconds(6))
                                        .withAnswer(1 << 30))
                        .cors(List.of("https://chat.example.com", "*"))
                        .resume(new KeptStreams(Duration.ofMinutes(5), 1 << 20, 128 << 20))
                        .keepalive(Duration.ZERO)
                        .shutdown(Duration.ofMinutes(1))
                        .accessLog(AccessLog.JSON)
                        .strict(true)
                        .simulated(false)
                        .workers(3)
                        .build();
        assertThat(config).isEqualTo(built);
        assertThat(config.checked()).isSameAs(config);
    }

    @Test
    void aFileThatSaysNothingIsTheDefaults() throws IOException {
        assertThat(Written.in(folder, "").read()).isEqualTo(Config.defaults());
        assertThat(Written.in(folder, "# only a remark\n").read()).isEqualTo(Config.defaults());
        assertThat(
                        Written.in(
                                        folder,
                                        "listen:\nkeys:\nproviders:\nroutes:\nlimits:\ntimeouts:\n")
                                .read())
                .isEqualTo(Config.defaults());
        assertThat(Written.in(folder, "\uFEFFstrict: false\r\n").read())
                .isEqualTo(Config.defaults());
    }

    @Test
    void theDefaultsAreThoseOfTheDesign() {
        Config config = Config.defaults();
        assertThat(config.listen()).isEqualTo(new Listen("127.0.0.1", 8080, Optional.empty()));
        assertThat(config.keys().isEmpty()).isTrue();
        assertThat(config.timeouts())
                .isEqualTo(
                        new Timeouts(
                                Duration.ofSeconds(5),
                                Duration.ofMinutes(2),
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(30)));
        assertThat(config.limits())
                .isEqualTo(
                        new Limits(
                                33_554_432,
                                16_777_216,
                                16_384,
                                20_000,
                                262_144,
                                Duration.ofMinutes(1),
                                67_108_864));
        assertThat(config.keepalive()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.shutdown()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.accessLog()).isEqualTo(AccessLog.TEXT);
        assertThat(config.strict()).isFalse();
        assertThat(config.simulated()).isTrue();
        assertThat(config.workers()).isZero();
        assertThat(config.problems()).isEmpty();
    }

    @Test
    void aVariableMeansTheSameInBracesQuotesAndAlone() throws IOException {
        Config config =
                Written.in(
                                folder,
                                """
                                listen: {host: ${HOST:-localhost}, port: ${PORT}}
                                access-log: "${LOG:-json}"
                                providers:
                                  a: {url: http://h, key: ${KEY}, headers: {x-a: "say $${KEY}", x-b: ${COLONS:-a: b, c}}}
                                  b: {url: '${SCHEME:-https}://h/${PATH:-}', models: [${MODEL}]}
                                """)
                        .with(
                                Map.of(
                                        "PORT",
                                        "81",
                                        "KEY",
                                        "{a}: ${PORT}#".replace(" ", ""),
                                        "MODEL",
                                        "x, y",
                                        "PATH",
                                        "v1"))
                        .read();
        assertThat(config.listen()).isEqualTo(new Listen("localhost", 81, Optional.empty()));
        assertThat(config.accessLog()).isEqualTo(AccessLog.JSON);
        ProviderConfig a = config.provider("a").orElseThrow();
        assertThat(a.key().orElseThrow().reveal()).isEqualTo("{a}:${PORT}#");
        assertThat(a.headers().values().get("x-a")).isEqualTo(Secret.of("say ${KEY}"));
        assertThat(a.headers().values().get("x-b")).isEqualTo(Secret.of("a: b, c"));
        ProviderConfig b = config.provider("b").orElseThrow();
        assertThat(b.url()).hasToString("https://h/v1");
        assertThat(b.models()).containsExactly("x, y");
    }

    @Test
    void wordsOfYamlAreNotTruths() throws IOException {
        Config config =
                Written.in(folder, "providers: {a: {url: http://h, models: [no, 1.0, true, 0x10]}}")
                        .read();
        assertThat(config.provider("a").orElseThrow().models())
                .containsExactly("no", "1.0", "true", "0x10");
    }

    @Test
    void theExampleOfTheDocumentCanBeStarted() throws IOException {
        Map<String, String> env =
                Map.of("ALICE_KEY", "alices-key", "OPENAI_API_KEY", "o", "ANTHROPIC_API_KEY", "a");
        Config config =
                Written.in(folder, ConfigDocument.resource("example.yaml"))
                        .with(env)
                        .read()
                        .withEnvironment(env)
                        .checked();
        assertThat(config.keys().authenticate("bobs-key")).contains(new Principal("bob"));
        assertThat(config.providers())
                .extracting(ProviderConfig::name)
                .containsExactly("local", "openai", "anthropic");
        ProviderConfig openai = config.provider("openai").orElseThrow();
        assertThat(config.timeouts(openai))
                .isEqualTo(
                        new Timeouts(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(90),
                                Duration.ofSeconds(60),
                                Duration.ofMinutes(30)));
        RouteConfig big = config.routes().get(1);
        assertThat(config.timeouts(big, config.provider("anthropic").orElseThrow()).firstToken())
                .isEqualTo(Duration.ofMinutes(5));
    }
}

package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.config.AccessLog;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ConfigException;
import dev.sluice.gateway.config.LocalModelConfig;
import dev.sluice.gateway.config.ProviderConfig;
import dev.sluice.gateway.config.Secret;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class ServeOptionsTest {
    private static Config config(Map<String, String> env, String... args) {
        return ServeOptions.config(ServeOptions.OPTIONS.read(List.of(args)), env);
    }

    private static List<String> providers(Config config) {
        return config.providers().stream()
                .map(provider -> provider.name() + " " + provider.url())
                .toList();
    }

    @Test
    void nothingIsTheSimulatedModelForThisMachine() {
        assertThat(config(Map.of())).isEqualTo(Config.defaults());
    }

    @Test
    void modelsAreNamedAfterTheirFilesOrAsOneLikes(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("small-q4.gguf"));
        Config config = config(Map.of(), "--model", file.toString(), "--model=my=" + file);

        assertThat(config.local().models())
                .extracting(LocalModelConfig::name)
                .containsExactly("small-q4", "my");
        assertThat(config.local().models()).allMatch(model -> model.file().equals(file));
    }

    @Test
    void aModelThatIsNoFileIsRefused(@TempDir Path folder) {
        Path none = folder.resolve("none.gguf");
        assertThatThrownBy(() -> config(Map.of(), "--model", none.toString()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is not a file that can be read (expected: a GGUF file)");
    }

    @Test
    void aProviderMayNotHaveTheNameOfLocalModels(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("small.gguf"));
        assertThatThrownBy(
                        () ->
                                config(
                                        Map.of(),
                                        "--model=" + file,
                                        "--upstream=local=http://127.0.0.1:5"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the name that local models are asked for by");
    }

    @Test
    void theCommandLineIsLaidOverTheFile(@TempDir Path folder) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("sluice.yaml"),
                        """
                        listen: {host: 127.0.0.2, port: 1}
                        access-log: off
                        providers: {local: {url: 'http://127.0.0.1:5'}}
                        """);
        Config config =
                config(
                        Map.of(),
                        "--config=" + file,
                        "--port=2",
                        "--access-log",
                        "json",
                        "--strict",
                        "--upstream",
                        "http://127.0.0.1:6");

        assertThat(config.listen().host()).isEqualTo("127.0.0.2");
        assertThat(config.listen().port()).isEqualTo(2);
        assertThat(config.accessLog()).isEqualTo(AccessLog.JSON);
        assertThat(config.strict()).isTrue();
        assertThat(providers(config))
                .containsExactly("local http://127.0.0.1:5", "local2 http://127.0.0.1:6");
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:11434, local",
        "http://localhost:8000/v1, local",
        "http://[::1]:8000, local",
        "http://192.168.1.7:8000, local",
        "http://ollama:11434, ollama",
        "http://gpu-box.lan:8000, gpu-box",
        "https://api.openai.com/v1, openai",
        "https://openrouter.ai/api/v1, openrouter",
        "http://simulated:1, simulated2",
        "http://my_box:1, my-box",
        "gpu=http://127.0.0.1:1, gpu"
    })
    void namesAnUpstreamByItsHost(String typed, String name) {
        assertThat(config(Map.of(), "--upstream", typed).providers())
                .extracting(ProviderConfig::name)
                .containsExactly(name);
    }

    @Test
    void takesTheSameServerOnce() {
        assertThat(
                        providers(
                                config(
                                        Map.of(),
                                        "--upstream",
                                        "http://127.0.0.1:1",
                                        "--upstream",
                                        "http://127.0.0.1:1/v1/",
                                        "--upstream",
                                        "http://127.0.0.1:2")))
                .containsExactly("local http://127.0.0.1:1", "local2 http://127.0.0.1:2");
    }

    @Test
    void keysOfTheEnvironmentBecomeProviders() {
        Config config =
                config(
                        Map.of(
                                "OPENAI_API_KEY",
                                "k1",
                                "ANTHROPIC_API_KEY",
                                "k2",
                                "SLUICE_API_KEY",
                                "k3"),
                        "--upstream",
                        "https://api.openai.com/v1",
                        "--host",
                        "0.0.0.0");

        assertThat(providers(config))
                .containsExactly(
                        "openai https://api.openai.com/v1", "anthropic https://api.anthropic.com");
        assertThat(config.providers().getFirst().key()).contains(Secret.of("k1"));
        assertThat(config.keys().authenticate("k3")).isPresent();
    }

    @Test
    @Tag("S1")
    void aKeyStaysWithItsHost() {
        Config config =
                config(
                        Map.of("OPENAI_API_KEY", "k1"),
                        "--upstream",
                        "openai=http://127.0.0.1:1",
                        "--upstream",
                        "http://127.0.0.1:2");

        assertThat(providers(config))
                .containsExactly("openai http://127.0.0.1:1", "local http://127.0.0.1:2");
        assertThat(config.providers()).allMatch(provider -> provider.key().isEmpty());
    }
}

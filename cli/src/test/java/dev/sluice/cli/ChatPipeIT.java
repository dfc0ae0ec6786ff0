package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.Secret;
import dev.sluice.testkit.Ports;
import dev.sluice.testkit.http.FakeUpstream;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code sluice chat} in a pipe, before a real gateway. */
class ChatPipeIT {
    private static Served served;

    @BeforeAll
    static void serve() {
        served = QuietGateway.start();
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    private static String url() {
        return "http://127.0.0.1:" + served.port();
    }

    private static Typed chat(Map<String, String> env, String piped, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code;
        try {
            code =
                    new ChatCommand(
                                    env,
                                    new ByteArrayInputStream(
                                            piped.getBytes(StandardCharsets.UTF_8)),
                                    print(out),
                                    print(err))
                            .run(List.of(args));
        } catch (UsageException wrong) {
            return new Typed(Main.USAGE, "", String.valueOf(wrong.getMessage()));
        }
        return new Typed(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static Typed ask(String model, String piped, String... more) {
        List<String> args = new ArrayList<>(List.of("--url", url(), "--model", model));
        args.addAll(Arrays.asList(more));
        return chat(Map.of(), piped, args.toArray(String[]::new));
    }

    @Test
    void printsTheTextAndNothingElse() {
        assertThat(ask("simulated/echo-i0-t0", "Grüße, **Otter** 🦦\n"))
                .isEqualTo(new Typed(0, "Grüße, **Otter** 🦦\n", ""));
    }

    @Test
    void wordsStandBeforeWhatIsPiped() {
        assertThat(ask("simulated/echo-i0-t0", "a file\n", "Sum", "up").out())
                .isEqualTo("Sum up\n\na file\n");
        assertThat(ask("simulated/echo-i0-t0", "", "Sum up").out()).isEqualTo("Sum up\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai-chat", "openai-responses", "anthropic", "ollama"})
    void speaksEveryDialect(String dialect) {
        assertThat(ask("simulated/echo-i0-t0", "Hello", "--dialect", dialect))
                .isEqualTo(new Typed(0, "Hello\n", ""));
    }

    @Test
    void charactersThatAreCutBetweenTokensAreWhole() {
        assertThat(ask("simulated/unicode-i0-t0", "Hello").out()).contains("😀");
    }

    @Test
    void thinkingIsNotPrinted() {
        Typed answer = ask("simulated/thinking-i0-t0", "Why?");

        assertThat(answer.code()).isZero();
        assertThat(answer.out()).isNotBlank().doesNotContain("The question is short");
    }

    @ParameterizedTest
    @CsvSource({
        "text,              0, true,  ''",
        "error-context,     2, false, 'sluice: '",
        "error-overloaded,  1, false, 'sluice: '",
        "cut,               3, true,  'sluice: the answer broke off: '",
        "error-midway,      3, true,  'sluice: the answer broke off: '",
        "max-tokens,        4, true,  'sluice: the answer ends at the limit of tokens'",
        "refusal,           5, true,  'sluice: the model refused'",
        "tool,              6, true,  'sluice: the model wants to call get_weather; '",
        "nonsense,          2, false, 'sluice: '"
    })
    void theExitCodeSaysHowTheAnswerEnded(String script, int code, boolean text, String said) {
        boolean paced = !script.equals("nonsense");
        Typed answer = ask("simulated/" + script + (paced ? "-i0-t0" : ""), "Hello");

        assertThat(answer.code()).as(answer.toString()).isEqualTo(code);
        assertThat(!answer.out().isEmpty()).as(answer.toString()).isEqualTo(text);
        assertThat(answer.err()).startsWith(said);
        assertThat(answer.err().lines().count()).isEqualTo(said.isEmpty() ? 0 : 1);
    }

    @Test
    void aBudgetEndsAnAnswer() {
        Typed answer = ask("simulated/count-i0-t0-n50", "Go", "--budget", "20");

        assertThat(answer.code()).isEqualTo(4);
        assertThat(answer.out()).startsWith("1 2 3").doesNotContain("40");
        assertThat(ask("simulated/text", "x".repeat(400), "--budget", "20").err())
                .contains("the budget of 20 tokens is used up");
    }

    @Test
    @Tag("S1")
    void sendsWhatItWasTold() {
        try (FakeUpstream upstream =
                FakeUpstream.start()
                        .models(Script.openAiModels("text-embedding-3", "qwen3"))
                        .on(
                                "/v1/chat/completions",
                                Script.stream()
                                        .send(ChatEvents.of("c", "qwen3").answer("Hi", " you")))) {
            Map<String, String> env = Map.of("SLUICE_API_KEY", "key-1", "OTHER", "key-2");
            String url = upstream.uri().toString();

            assertThat(
                            chat(
                                    env,
                                    "Hello",
                                    "--url=" + url,
                                    "--system=Be kind.",
                                    "--max-tokens=7",
                                    "--temperature=0.5"))
                    .isEqualTo(new Typed(0, "Hi you\n", ""));
            var sent = upstream.requests("/v1/chat/completions").getLast();
            assertThat(sent.json().at("/model").asString()).isEqualTo("qwen3");
            assertThat(sent.json().at("/messages/0/role").asString()).isEqualTo("system");
            assertThat(sent.json().at("/messages/0/content").asString()).isEqualTo("Be kind.");
            assertThat(sent.json().at("/messages/1/content").asString()).isEqualTo("Hello");
            assertThat(sent.json().at("/temperature").asDouble()).isEqualTo(0.5);
            assertThat(sent.json().has("top_k")).isFalse();
            assertThat(sent.json().at("/max_tokens").asInt()).isEqualTo(7);
            assertThat(sent.header("authorization")).contains("Bearer key-1");

            assertThat(chat(env, "Hello", "--url=" + url, "--key=OTHER").code()).isZero();
            assertThat(upstream.requests("/v1/chat/completions").getLast().header("authorization"))
                    .contains("Bearer key-2");
        }
    }

    @Test
    void aGatewayThatWantsAKeyGetsIt() {
        Config config = Config.defaults().withPort(0).withKey("alice", Secret.of("canary"));
        try (Served locked = QuietGateway.start(config)) {
            String[] args = {
                "--url=http://127.0.0.1:" + locked.port(), "--model=simulated/echo-i0-t0", "Hi"
            };
            Typed without = chat(Map.of(), "", args);

            assertThat(without.code()).isNotZero();
            assertThat(without.err()).contains("key").doesNotContain("canary");
            assertThat(chat(Map.of("SLUICE_API_KEY", "canary"), "", args))
                    .isEqualTo(new Typed(0, "Hi\n", ""));
        }
    }

    @Test
    void saysThatNobodyAnswers() {
        Typed refused = chat(Map.of(), "Hi", "--url=http://127.0.0.1:" + Ports.refusing());

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).startsWith("sluice: nothing listens on 127.0.0.1:");
    }

    @Test
    void saysWhatIsWrongWithTheCommandLine() {
        assertThat(chat(Map.of(), " ").err()).startsWith("there is nothing to ask: ");
        assertThat(ask("m", "x", "--dialect", "openai").err())
                .startsWith("there is no dialect openai; ");
        assertThat(ask("m", "x", "--temperature", "3").err())
                .isEqualTo("--temperature: 3 does not fit (expected: 0 to 2)");
        assertThat(ask("m", "x", "--max-tokens", "0").err())
                .isEqualTo("--max-tokens: 0 does not fit (expected: a number from 1)");
        assertThat(ask("m", "x", "--key", "NOT_SET").err())
                .startsWith("--key: the environment has no NOT_SET ");
        assertThat(chat(Map.of(), "x", "--model", "none.gguf").err())
                .startsWith("--model: none.gguf is not a file that can be read");
        assertThat(chat(Map.of(), "x", "--url", "localhost:8080").err()).startsWith("--url: ");
    }

    @Test
    void helps() {
        Typed help = chat(Map.of(), "", "--help");

        assertThat(help.code()).isZero();
        assertThat(help.out())
                .startsWith("sluice chat [options] [prompt]\n")
                .contains("--url URL", "--budget N", "SLUICE_HISTORY", "Exit codes");
    }
}

package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.gateway.config.AccessLog;
import dev.sluice.gateway.config.Config;
import dev.sluice.gateway.config.ConfigChange;
import dev.sluice.gateway.config.Limits;
import dev.sluice.gateway.config.LocalConfig;
import dev.sluice.gateway.config.LocalModelConfig;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.gguf.NativeLibrary;
import dev.sluice.testkit.gguf.TestModel;
import dev.sluice.testkit.http.RawClient;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** A local model through the whole gateway, in both dialects. */
class LocalModelIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> WORDS =
            IntStream.range(0, 60).mapToObj(i -> " w" + i).toList();

    private static final String HERMES =
            """
            {%- if tools %}<|im_start|>system
            Call a tool by <tool_call>{"name": ..., "arguments": ...}</tool_call>.
            {%- for tool in tools %}
            {{ tool | tojson }}
            {%- endfor %}<|im_end|>
            {% endif %}
            {%- for message in messages %}
            {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
            {%- endfor %}
            {%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{% endif %}
            """;

    /** How a client speaks. */
    enum Tongue {
        CHAT("/v1/chat/completions", ",\"stream_options\":{\"include_usage\":true}"),
        MESSAGES("/v1/messages", "");

        private final String path;
        private final String streaming;

        Tongue(String path, String streaming) {
            this.path = path;
            this.streaming = streaming;
        }

        String body(String model, int most, String more, boolean stream) {
            return "{\"model\":\"local/"
                    + model
                    + "\",\"max_tokens\":"
                    + most
                    + ",\"temperature\":0"
                    + (stream ? ",\"stream\":true" + streaming : "")
                    + more
                    + ",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
        }

        FoldedAnswer fold(byte[] body) {
            return switch (this) {
                case CHAT -> OpenAiChatStreamValidator.expectingUsage().validate(body);
                case MESSAGES -> AnthropicStreamValidator.strict().validate(body);
            };
        }

        String stops(String text) {
            return switch (this) {
                case CHAT -> ",\"stop\":[" + Json.quote(text) + "]";
                case MESSAGES -> ",\"stop_sequences\":[" + Json.quote(text) + "]";
            };
        }

        String tool(String name) {
            String schema = "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}";
            return switch (this) {
                case CHAT ->
                        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\""
                                + name
                                + "\",\"parameters\":"
                                + schema
                                + "}}]";
                case MESSAGES ->
                        ",\"tools\":[{\"name\":\"" + name + "\",\"input_schema\":" + schema + "}]";
            };
        }

        String whole(RawResponse response) {
            return switch (this) {
                case CHAT -> response.json().at("/choices/0/message/content").asString();
                case MESSAGES -> response.json().at("/content/0/text").asString();
            };
        }
    }

    @TempDir private Path folder;
    private final List<Served> running = new ArrayList<>();
    private Path library = Path.of("");

    @BeforeEach
    void findLibrary() {
        Optional<Path> found = NativeLibrary.find();
        assumeTrue(found.isPresent(), "libllama cannot be had for this kind of machine");
        library = found.get();
    }

    @AfterEach
    void close() {
        running.forEach(Served::close);
    }

    private Served serve(LocalModelConfig model) {
        LocalConfig local = LocalConfig.NONE.with(model).withLibrary(library);
        Served served =
                Served.start(
                        Config.defaults().withPort(0).toBuilder()
                                .local(local)
                                .limits(
                                        Limits.DEFAULT.withSlowReader(
                                                64 << 10, Duration.ofMinutes(5)))
                                .accessLog(AccessLog.OFF)
                                .workers(2)
                                .build(),
                        new PrintStream(
                                OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        running.add(served);
        return served;
    }

    private LocalModelConfig story(List<String> said, int again, int parallel, int queue) {
        Path file = folder.resolve("story.gguf");
        TestModel.story(file, said, again, 8192);
        return model(file, parallel, queue, LocalModelConfig.Isolation.NONE);
    }

    private static LocalModelConfig model(
            Path file, int parallel, int queue, LocalModelConfig.Isolation isolation) {
        return new LocalModelConfig("story", file, 0, parallel, queue, 512, -1, 1, 1, isolation);
    }

    private static FoldedAnswer ask(Served served, Tongue tongue, int most, String more) {
        try (RawClient client = RawClient.connect(served.port())) {
            RawResponse response = client.post(tongue.path, tongue.body("story", most, more, true));
            assertThat(response.status()).isEqualTo(200);
            return tongue.fold(response.body());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R44")
    void streamsWhatTheModelSaysAndNothingElse(Tongue tongue) {
        Served served = serve(story(WORDS, -1, 2, 2));
        FoldedAnswer answer = ask(served, tongue, 1000, "");
        assertThat(answer.text()).isEqualTo(String.join("", WORDS));
        assertThat(answer.stopReason())
                .hasValueSatisfying(r -> assertThat(r).matches("stop|end_turn"));
        assertThat(answer.usage().orElseThrow().toString()).contains("" + WORDS.size());
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R3")
    @Tag("R4")
    void charactersWhoseBytesAreTokensArriveWhole(Tongue tongue) {
        List<String> said = List.of("a", "\u00e9", "\u6f22", "\ud83d\ude00", "z");
        Served served = serve(story(said, -1, 1, 0));
        assertThat(ask(served, tongue, 100, "").text()).isEqualTo(String.join("", said));
        // Cut within the last character: what is not whole is not told.
        assertThat(ask(served, tongue, 8, "").text()).isEqualTo("a\u00e9\u6f22");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R44")
    void stopSequencesAcrossTokensEndTheAnswerAndAreNotTold(Tongue tongue) {
        Served served = serve(story(WORDS, -1, 1, 0));
        FoldedAnswer answer = ask(served, tongue, 1000, tongue.stops("5 w6"));
        assertThat(answer.text()).isEqualTo(" w0 w1 w2 w3 w4 w");
        FoldedAnswer nothing = ask(served, tongue, 1000, tongue.stops(" w0"));
        assertThat(nothing.text()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anUnstreamedAnswerIsTheSame(Tongue tongue) {
        Served served = serve(story(WORDS, -1, 1, 0));
        try (RawClient client = RawClient.connect(served.port())) {
            RawResponse response = client.post(tongue.path, tongue.body("story", 5, "", false));
            assertThat(tongue.whole(response)).isEqualTo(" w0 w1 w2 w3 w4");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPromptThatDoesNotFitIsTheClientsErrorWithBothNumbers(Tongue tongue) {
        Path file = folder.resolve("small.gguf");
        TestModel.story(file, WORDS, -1, 256);
        Served served = serve(model(file, 1, 0, LocalModelConfig.Isolation.NONE));
        try (RawClient client = RawClient.connect(served.port())) {
            String body =
                    tongue.body("story", 5, "", true)
                            .replace("\"hello\"", Json.quote("x".repeat(400)));
            RawResponse response = client.post(tongue.path, body);
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.text()).containsPattern("has 4[0-9][0-9] tokens").contains("256");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R42")
    void aCallOfAToolIsOneAndItsArgumentsAreAsTheModelWroteThem(Tongue tongue) {
        String arguments = "{\"city\":  \"K\u00f6ln\", \"n\": 1.50}";
        List<String> said =
                List.of(
                        "<tool_call>",
                        "\n{\"name\": \"weather\", \"arguments\": ",
                        "{\"city\":  \"K",
                        "\u00f6",
                        "ln\", \"n\": ",
                        "1.50}",
                        "}\n",
                        "</tool_call>");
        Path file = folder.resolve("story.gguf");
        TestModel.story(file, said, -1, 8192, HERMES);
        Served served = serve(model(file, 1, 0, LocalModelConfig.Isolation.NONE));
        FoldedAnswer answer = ask(served, tongue, 1000, tongue.tool("weather"));
        assertThat(answer.toolCalls()).hasSize(1);
        assertThat(answer.toolCalls().getFirst().name()).isEqualTo("weather");
        assertThat(answer.toolCalls().getFirst().arguments()).isEqualTo(arguments);
        assertThat(answer.stopReason())
                .hasValueSatisfying(r -> assertThat(r).matches("tool_calls|tool_use"));
        assertThat(answer.text()).isEmpty();
    }

    @Test
    void whatAModelDoesNotDoIsToldAndWhoWantsAllOfItIsRefused() {
        Served served = serve(story(WORDS, -1, 1, 0));
        try (RawClient client = RawClient.connect(served.port())) {
            String body = Tongue.CHAT.body("story", 3, ",\"logprobs\":true", true);
            RawResponse answer = client.post(Tongue.CHAT.path, body);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("x-gateway-warnings")).contains("dropped=logprobs");
            assertThat(Tongue.CHAT.fold(answer.body()).text()).isEqualTo(" w0 w1 w2");
            RawResponse refused =
                    client.exchange(
                            RawRequest.post(Tongue.CHAT.path, body)
                                    .header("x-gateway-strict", "true"));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text()).contains("logprobs");
        }
    }

    @Test
    @Tag("R33")
    void countsTokensExactly() {
        Served served = serve(story(WORDS, -1, 1, 0));
        long counted;
        try (RawClient client = RawClient.connect(served.port())) {
            RawResponse response =
                    client.post(
                            "/v1/messages/count_tokens",
                            "{\"model\":\"local/story\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}");
            assertThat(response.status()).isEqualTo(200);
            counted = response.json().at("/input_tokens").asLong();
        }
        FoldedAnswer answer = ask(served, Tongue.CHAT, 1, "");
        assertThat(answer.usage().orElseThrow().at("/prompt_tokens").asLong()).isEqualTo(counted);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R16")
    void aClientThatLeavesFreesItsPlace(Tongue tongue) {
        Served served = serve(story(WORDS, 0, 1, 0));
        try (RawClient client = RawClient.connect(served.port())) {
            RawResponse response =
                    client.post(tongue.path, tongue.body("story", 1_000_000, "", true));
            response.events().take(5);
            client.reset();
        }
        Eventually.passes(LIMIT, () -> assertThat(statusOf(served, tongue)).isEqualTo(200));
    }

    private static int statusOf(Served served, Tongue tongue) {
        try (RawClient client = RawClient.connect(served.port())) {
            return client.post(tongue.path, tongue.body("story", 3, "", false)).status();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoFindsTheQueueFullIsToldSoAndWhatToDo(Tongue tongue) {
        Served served = serve(story(WORDS, 0, 1, 0));
        try (RawClient first = RawClient.connect(served.port());
                RawClient second = RawClient.connect(served.port())) {
            RawResponse answer = first.post(tongue.path, tongue.body("story", 1_000_000, "", true));
            answer.events().take(2);
            RawResponse refused = second.post(tongue.path, tongue.body("story", 3, "", true));
            assertThat(refused.status()).isIn(429, 503, 529);
            assertThat(refused.text()).contains("`parallel` or `queue`");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R24")
    void aClientThatDoesNotReadIsNotWrittenFor(Tongue tongue) {
        // Long words, so that the answer is longer than all that a system takes for a socket.
        List<String> words = WORDS.stream().map(word -> word + "x".repeat(2000)).toList();
        Served served = serve(story(words, 0, 2, 0));
        try (RawClient slow = RawClient.connect(served.port(), 4096)) {
            RawResponse held = slow.post(tongue.path, tongue.body("story", 3000, "", true));
            // As many tokens for another client; they are written at the same pace.
            FoldedAnswer quick = ask(served, tongue, 3000, "");
            assertThat(quick.isComplete()).isTrue();
            assertThat(served.running()).isEqualTo(1);
            FoldedAnswer late = tongue.fold(held.body());
            assertThat(late.text()).isEqualTo(quick.text());
        }
    }

    @Test
    @Tag("R61")
    void nothingIsLeftAfterAnyMixOfEnds() {
        Served served = serve(story(WORDS, 0, 3, 30));
        Random random = new Random(5);
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Tongue tongue = Tongue.values()[i % 2];
            RawClient client = RawClient.connect(served.port());
            clients.add(client);
            client.send(
                    dev.sluice.testkit.http.RawRequest.post(
                            tongue.path,
                            tongue.body("story", 1 + random.nextInt(300), "", i % 3 == 0)));
            if (random.nextInt(3) == 0) {
                clients.remove(random.nextInt(clients.size())).reset();
            }
        }
        Eventually.within(LIMIT, "nothing is running", () -> served.running() == 0);
        clients.forEach(RawClient::close);
        assertThat(ask(served, Tongue.CHAT, 3, "").text()).isEqualTo(" w0 w1 w2");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("R22")
    void theProcessOfAModelMayDieAndTheGatewayLives(Tongue tongue) {
        Path file = folder.resolve("story.gguf");
        TestModel.story(file, WORDS, 0, 8192);
        Served served = serve(model(file, 2, 5, LocalModelConfig.Isolation.PROCESS));
        try (RawClient client = RawClient.connect(served.port())) {
            RawResponse response =
                    client.post(tongue.path, tongue.body("story", 1_000_000, "", true));
            var events = response.events();
            events.take(3);
            ProcessHandle.current()
                    .children()
                    .filter(LocalModelIT::isModel)
                    .forEach(ProcessHandle::destroyForcibly);
            String last = events.rest().getLast().data();
            assertThat(last).contains("error").contains("ended while it wrote");
        }
        Eventually.passes(LIMIT, () -> assertThat(statusOf(served, tongue)).isEqualTo(200));
    }

    private static boolean isModel(ProcessHandle process) {
        return process.info().command().filter(program -> program.endsWith("java")).isPresent();
    }

    @Test
    void theListOfModelsNamesItAndTheBannerSaysWhere() {
        Served served = serve(story(WORDS, -1, 1, 0));
        try (RawClient client = RawClient.connect(served.port())) {
            assertThat(client.get("/v1/models").text()).contains("\"story\"");
        }
        assertThat(served.banner(Ink.NONE)).contains("llama.cpp in this process");
    }

    /** What a model holds is read at the start, so that one that is there stays. */
    @Test
    @Tag("R23")
    void anotherConfigurationLeavesItWhereItIsUntilTheNextStart() {
        Served served = serve(story(WORDS, -1, 1, 0));
        ConfigChange change =
                served.reload(Config.defaults().withPort(0).toBuilder().strict(true).build());

        assertThat(change.changed()).contains("strict");
        assertThat(change.postponed()).contains("models", "llama-lib");
        assertThat(ask(served, Tongue.CHAT, 3, "").text()).isEqualTo(" w0 w1 w2");
        assertThat(served.banner(Ink.NONE)).contains("llama.cpp in this process");
    }

    @Test
    void withoutLibllamaEverythingElseRunsAndTheBannerSaysWhy() {
        Path file = folder.resolve("story.gguf");
        TestModel.story(file, WORDS, 0, 512);
        LocalConfig local = LocalConfig.NONE.with(LocalModelConfig.of(file)).withLibrary(folder);
        Served served =
                Served.start(
                        Config.defaults().withPort(0).toBuilder().local(local).workers(1).build(),
                        System.out);
        running.add(served);
        assertThat(served.banner(Ink.NONE)).contains("there is no libllama in " + folder);
        try (RawClient client = RawClient.connect(served.port())) {
            RawResponse refused =
                    client.post(Tongue.CHAT.path, Tongue.CHAT.body("story", 3, "", true));
            assertThat(refused.status()).isEqualTo(502);
            assertThat(refused.text()).contains("there is no libllama");
        }
    }
}

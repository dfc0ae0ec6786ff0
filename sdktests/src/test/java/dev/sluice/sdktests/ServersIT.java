package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dialect.KnownServers;
import dev.sluice.sdktests.Heard.Call;
import dev.sluice.sdktests.Heard.Tokens;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.AnthropicEvents;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/**
 * Servers that speak a vendor's format with an accent which the vendors' libraries do not
 * understand by themselves.
 */
class ServersIT {
    private static final Question QUESTION = Question.of("Hello?");
    private static final ChatEvents CHAT = ChatEvents.of("chatcmpl-c", "local");

    static Stream<Way> toOpenAi() {
        return Way.all().filter(way -> way.pair().upstream() == Vendor.OPENAI);
    }

    static Stream<Way> toAnthropic() {
        return Way.all().filter(way -> way.pair().upstream() == Vendor.ANTHROPIC);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("toOpenAi")
    @Tag("R7")
    @Tag("R32")
    @Tag("R49")
    void mlxLm(Way way) {
        try (Rig rig = Rig.to(way.pair(), KnownServers.MLX_LM, Story.of(Vendor.OPENAI, "07"))) {
            Heard heard = way.ask(rig, Question.aboutWeather());

            assertThat(heard.text()).isEqualTo("Let me look.");
            assertThat(heard.thoughts()).hasSize(1);
            assertThat(heard.thoughts().getFirst().text()).isEqualTo("Need the weather tool.");
            assertThat(heard.calls())
                    .containsExactly(
                            new Call(
                                    "0d9b6a1e-6f0e-4b0f-9d55-1f8c7d2a9e01",
                                    "get_weather",
                                    "{\"city\":\"Zürich\"}"));
            assertThat(heard.stop()).isEqualTo(way.pair().forClient("tool_calls", "tool_use"));
            assertThat(heard.tokens())
                    .isEqualTo(
                            way.pair()
                                    .forClient(
                                            new Tokens(142, 128, 0, 37, 0),
                                            new Tokens(14, 128, 0, 37, 0)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("toOpenAi")
    @Tag("R2")
    @Tag("R49")
    void llamaCpp(Way way) {
        try (Rig rig = Rig.to(way.pair(), KnownServers.LLAMA_CPP, Story.of(Vendor.OPENAI, "08"))) {
            Heard heard = way.ask(rig, QUESTION);

            assertThat(heard.text()).isEqualTo("Hi there");
            assertThat(heard.thoughts()).hasSize(1);
            assertThat(heard.thoughts().getFirst().text()).isEqualTo("Hmm.");
            assertThat(heard.stop()).isEqualTo(way.pair().forClient("stop", "end_turn"));
            assertThat(heard.tokens()).isEqualTo(new Tokens(20, 0, 0, 11, 0));
        }
    }

    /** The role in every chunk, the finish on the last content, usage in every chunk. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Pair.class,
            names = {"OPENAI_TO_OPENAI", "ANTHROPIC_TO_OPENAI"})
    @Tag("R27")
    @Tag("R29")
    @Tag("R53")
    void vllm(Pair pair) {
        String head =
                "data:"
                    + " {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":\"local\",";
        Script script =
                Script.stream()
                        .send(
                                head
                                        + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}],\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7,\"completion_tokens\":0}}\n\n"
                                        + head
                                        + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":null,\"stop_reason\":null}],\"usage\":{\"prompt_tokens\":7,\"total_tokens\":8,\"completion_tokens\":1}}\n\n"
                                        + head
                                        + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                                        + " there\"},\"finish_reason\":\"stop\",\"stop_reason\":null}],\"usage\":{\"prompt_tokens\":7,\"total_tokens\":9,\"completion_tokens\":2}}\n\n"
                                        + head
                                        + "\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"total_tokens\":9,\"completion_tokens\":2}}\n\n");
        try (Rig rig = Rig.to(pair, KnownServers.VLLM, _ -> script)) {
            Heard heard = rig.sdk().hear(QUESTION);

            assertThat(heard.text()).isEqualTo("Hi there");
            assertThat(heard.tokens()).isEqualTo(new Tokens(7, 0, 0, 2, 0));
        }
    }

    /** All calls have index 0, and only their ids tell them apart. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Pair.class,
            names = {"OPENAI_TO_OPENAI", "ANTHROPIC_TO_OPENAI"})
    @Tag("R34")
    void callsThatAllHaveIndexNought(Pair pair) {
        Script script =
                Script.stream()
                        .send(
                                CHAT.delta(call("one", "get_weather", "Oslo"))
                                        + CHAT.delta(call("two", "get_time", "Rome"))
                                        + CHAT.end("stop"));
        try (Rig rig = Rig.to(pair, KnownServers.COMPATIBLE, _ -> script)) {
            Heard heard = rig.sdk().hear(Question.aboutWeather());

            assertThat(heard.calls())
                    .containsExactly(
                            new Call("one", "get_weather", "{\"city\":\"Oslo\"}"),
                            new Call("two", "get_time", "{\"city\":\"Rome\"}"));
            assertThat(heard.stop()).isEqualTo(pair.forClient("tool_calls", "tool_use"));
        }
    }

    private static String call(String id, String name, String city) {
        return "{\"role\":\"assistant\",\"tool_calls\":[{\"index\":0,\"id\":\""
                + id
                + "\",\"type\":\"function\",\"function\":{\"name\":\""
                + name
                + "\",\"arguments\":\"{\\\"city\\\":\\\""
                + city
                + "\\\"}\"}}]}";
    }

    /** Neither the end marker nor a reason: the model broke, and the server does not say so. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Pair.class,
            names = {"OPENAI_TO_OPENAI", "ANTHROPIC_TO_OPENAI"})
    @Tag("R50")
    void ollamaThatBreaksInSilence(Pair pair) {
        Script script = Script.stream().send(CHAT.role() + CHAT.text("Half an") + CHAT.delta("{}"));
        try (Rig rig = Rig.to(pair, KnownServers.OLLAMA, _ -> script)) {
            assertThat(rig.sdk().fail(QUESTION, true).exception()).isEqualTo("SseException");
            assertThat(rig.sdk().fail(QUESTION, false).exception())
                    .isEqualTo("InternalServerException");
        }
    }

    /** An error, and then the end marker as if nothing had been. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Pair.class,
            names = {"OPENAI_TO_OPENAI", "ANTHROPIC_TO_OPENAI"})
    @Tag("R50")
    @Tag("R51")
    @Tag("R52")
    void errorsThatAreFollowedByTheEndMarker(Pair pair) {
        Script script =
                Script.stream()
                        .send(
                                CHAT.role()
                                        + CHAT.text("Half an")
                                        + "data: {\"error\":{\"message\":\"out of"
                                        + " memory\",\"type\":\"InternalServerError\",\"param\":null,\"code\":500}}\n\n"
                                        + CHAT.done());
        try (Rig rig = Rig.to(pair, KnownServers.VLLM, _ -> script)) {
            Problem problem = rig.sdk().fail(QUESTION, true);

            assertThat(problem.exception()).isEqualTo("SseException");
            assertThat(problem.all()).contains("out of memory");
        }
    }

    /** A server that knows no streams answers a request for one with a whole document. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(Pair.class)
    void documentsInsteadOfStreams(Pair pair) {
        Script whole =
                switch (pair.upstream()) {
                    case OPENAI -> Script.json(200, Answers.completion("Hi there"));
                    case ANTHROPIC -> Script.json(200, Answers.message("Hi there", "end_turn"));
                };
        try (Rig rig = Rig.to(pair, KnownServers.COMPATIBLE, _ -> whole)) {
            Heard heard = rig.sdk().hear(QUESTION);

            assertThat(heard.text()).isEqualTo("Hi there");
            assertThat(heard.tokens()).isEqualTo(new Tokens(10, 0, 0, 5, 0));
        }
    }

    /** The blocks overlap, and all are closed at the end. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("toAnthropic")
    @Tag("R35")
    @Tag("R41")
    void blocksThatOverlap(Way way) {
        AnthropicEvents message = AnthropicEvents.of("msg_l", "local");
        Script script =
                Script.stream()
                        .send(
                                message.start(9)
                                        + message.textStart(0)
                                        + message.text(0, "Let me see.")
                                        + message.blockStart(
                                                1,
                                                "{\"type\":\"tool_use\",\"id\":\"one\",\"name\":\"get_time\"}")
                                        + message.input(1, "{\"city\":\"Rome\"}")
                                        + message.blockStop(0)
                                        + message.blockStop(1)
                                        + message.end("tool_use", 5));
        try (Rig rig = Rig.to(way.pair(), KnownServers.LLAMA_CPP, _ -> script)) {
            Heard heard = way.ask(rig, Question.aboutWeather());

            assertThat(heard.text()).isEqualTo("Let me see.");
            assertThat(heard.calls())
                    .containsExactly(new Call("one", "get_time", "{\"city\":\"Rome\"}"));
            assertThat(heard.stop()).isEqualTo(way.pair().forClient("tool_calls", "tool_use"));
        }
    }
}

package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sdktests.Heard.Tokens;
import dev.sluice.testkit.Gate;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.AnthropicEvents;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** Calls of tools, one and several, and the conversation that goes on with their results. */
class ToolsIT {
    private static final String WEATHER =
            "{\"city\":\"Z\\u00fcrich\",\"unit\":\"celsius\",\"note\":\"say \\\"hi\\\"\\n\"}";
    private static final String TIME = "{\"city\":\"東京\"}";

    @InAllWays
    @Tag("R34")
    @Tag("R36")
    @Tag("R39")
    @Tag("R42")
    void tellsTextAndThenACall(Way way) {
        Pair pair = way.pair();
        try (Rig rig = Rig.of(pair, Story.of(pair, "02"))) {
            Heard heard = way.ask(rig, Question.aboutWeather());

            assertThat(heard.text()).isEqualTo("I will check the weather.");
            assertThat(heard.stop()).isEqualTo(pair.forClient("tool_calls", "tool_use"));
            assertThat(heard.calls()).hasSize(1);
            call(way, heard.calls().getFirst(), "A1", "get_weather", WEATHER);
            assertThat(heard.tokens())
                    .isEqualTo(
                            pair.forClient(
                                    new Tokens(88, 64, 0, 41, 0), new Tokens(24, 64, 0, 41, 0)));
        }
    }

    @InAllWays
    @Tag("R34")
    @Tag("R36")
    @Tag("R37")
    @Tag("R41")
    @Tag("R42")
    void tellsParallelCallsInOrder(Way way) {
        Pair pair = way.pair();
        try (Rig rig = Rig.of(pair, Story.of(pair, "03"))) {
            Heard heard = way.ask(rig, Question.aboutWeather());

            List<Heard.Call> calls = heard.calls();
            assertThat(calls).hasSize(pair.forUpstream(2, 3));
            call(way, calls.get(0), "A2", "get_weather", WEATHER);
            call(way, calls.get(1), "B2", "get_time", TIME);
            if (calls.size() == 3) {
                assertThat(calls.get(2).id()).isEqualTo("toolu_goldC2");
                assertThat(calls.get(2).name()).isEqualTo("ping_host");
                assertThat(calls.get(2).arguments()).isIn("", "{}");
            }
            assertThat(heard.text()).isEmpty();
            assertThat(heard.stop()).isEqualTo(pair.forClient("tool_calls", "tool_use"));
            assertThat(heard.tokens()).isEqualTo(new Tokens(95, 0, 0, pair.forUpstream(52, 60), 0));
        }
    }

    private static void call(
            Way way, Heard.Call call, String number, String name, String arguments) {
        assertThat(call.id()).isEqualTo(way.pair().upstream().callIds() + number);
        assertThat(call.name()).isEqualTo(name);
        boolean asText = way.streamed() || way.pair() == Pair.OPENAI_TO_OPENAI;
        if (asText) {
            assertThat(call.arguments()).isEqualTo(arguments);
        } else {
            assertThat(Json.parse(call.arguments())).isEqualTo(Json.parse(arguments));
        }
    }

    @InAllWays
    @Tag("R34")
    @Tag("R42")
    void carriesTheWholeLoop(Way way) {
        Pair pair = way.pair();
        Story calls = Story.of(pair, "03");
        Story text = Story.of(pair, "01");
        try (Rig rig =
                Rig.of(
                        pair,
                        request ->
                                request.attempt() == 1
                                        ? calls.apply(request)
                                        : text.apply(request))) {
            Question first = Question.aboutWeather().withSystem("Use the tools.");
            Heard asked = way.ask(rig, first);
            Heard told = way.ask(rig, first.thenResultsOf(asked));

            assertThat(told.text()).startsWith("The capital of France");
            JsonNode arrived = rig.arrived(2);
            switch (pair.upstream()) {
                case OPENAI -> openAiLoop(arrived, asked);
                case ANTHROPIC -> anthropicLoop(arrived, asked);
            }
        }
    }

    private static void openAiLoop(JsonNode request, Heard asked) {
        JsonNode messages = request.path("messages");
        assertThat(messages.path(0).path("role").asString()).isEqualTo("system");
        assertThat(messages.path(1).path("role").asString()).isEqualTo("user");
        JsonNode calls = messages.path(2).path("tool_calls");
        assertThat(calls.size()).isEqualTo(asked.calls().size());
        for (int i = 0; i < calls.size(); i++) {
            Heard.Call call = asked.calls().get(i);
            assertThat(calls.path(i).path("id").asString()).isEqualTo(call.id());
            assertThat(calls.path(i).path("function").path("name").asString())
                    .isEqualTo(call.name());
            assertThat(json(calls.path(i).path("function").path("arguments").asString()))
                    .isEqualTo(json(call.arguments()));
            JsonNode result = messages.path(3 + i);
            assertThat(result.path("role").asString()).isEqualTo("tool");
            assertThat(result.path("tool_call_id").asString()).isEqualTo(call.id());
            assertThat(result.path("content").toString()).contains("result of " + call.name());
        }
        assertThat(messages.size()).isEqualTo(3 + calls.size());
        assertThat(request.path("tools").size()).isEqualTo(3);
    }

    private static void anthropicLoop(JsonNode request, Heard asked) {
        assertThat(request.path("system").toString()).contains("Use the tools.");
        JsonNode messages = request.path("messages");
        assertThat(messages.size()).isEqualTo(3);
        JsonNode calls = messages.path(1).path("content");
        JsonNode results = messages.path(2).path("content");
        assertThat(calls.size()).isEqualTo(asked.calls().size());
        assertThat(results.size()).isEqualTo(asked.calls().size());
        for (int i = 0; i < calls.size(); i++) {
            Heard.Call call = asked.calls().get(i);
            assertThat(calls.path(i).path("type").asString()).isEqualTo("tool_use");
            assertThat(calls.path(i).path("id").asString()).isEqualTo(call.id());
            assertThat(calls.path(i).path("name").asString()).isEqualTo(call.name());
            assertThat(calls.path(i).path("input")).isEqualTo(json(call.arguments()));
            assertThat(results.path(i).path("tool_use_id").asString()).isEqualTo(call.id());
            assertThat(results.path(i).path("content").toString())
                    .contains("result of " + call.name());
        }
        assertThat(request.path("tools").size()).isEqualTo(3);
    }

    private static JsonNode json(String arguments) {
        return Json.parse(arguments.isEmpty() ? "{}" : arguments);
    }

    @InAllWays
    void carriesToolsAndTheDemandToCallOne(Way way) {
        Pair pair = way.pair();
        try (Rig rig = Rig.of(pair, Story.of(pair, "02"))) {
            way.ask(rig, Question.aboutWeather().withCallDemanded());

            JsonNode request = rig.arrived(1);
            JsonNode tool = request.path("tools").path(0);
            switch (pair.upstream()) {
                case OPENAI -> {
                    assertThat(request.path("tool_choice").asString()).isEqualTo("required");
                    assertThat(tool.path("function").path("name").asString())
                            .isEqualTo("get_weather");
                    assertThat(tool.path("function").path("description").asString())
                            .isEqualTo("the weather in a city");
                    schema(tool.path("function").path("parameters"));
                }
                case ANTHROPIC -> {
                    assertThat(request.path("tool_choice").path("type").asString())
                            .isEqualTo("any");
                    assertThat(tool.path("name").asString()).isEqualTo("get_weather");
                    assertThat(tool.path("description").asString())
                            .isEqualTo("the weather in a city");
                    schema(tool.path("input_schema"));
                }
            }
        }
    }

    private static void schema(JsonNode schema) {
        assertThat(schema.path("type").asString()).isEqualTo("object");
        assertThat(schema.path("properties").path("city").path("type").asString())
                .isEqualTo("string");
    }

    /** A call that the limit cut is told as cut, and its arguments are not mended. */
    @InAllPairs
    @Tag("R39")
    @Tag("R51")
    void saysThatTheLimitCutACall(Pair pair) {
        ChatEvents chat = ChatEvents.of("chatcmpl-c", "gpt-5-mini");
        String cut = "{\"city\":\"Z\\u00fcrich\",\"un";
        Script script =
                Script.stream()
                        .send(
                                chat.role()
                                        + chat.tool(0, "call_goldA6", "get_weather")
                                        + chat.arguments(0, cut)
                                        + chat.end("length"));
        try (Rig rig =
                pair.upstream() == Vendor.ANTHROPIC
                        ? Rig.of(pair, Story.of(pair, "06"))
                        : Rig.of(pair, script)) {
            Heard heard = rig.sdk().hear(Question.aboutWeather());

            assertThat(heard.stop()).isEqualTo(pair.forClient("length", "max_tokens"));
            assertThat(heard.calls()).hasSize(1);
            assertThat(heard.calls().getFirst().arguments()).isEqualTo(cut);
        }
    }

    /** The library holds the start of the call while the upstream still has its arguments. */
    @InAllPairs
    @Tag("R38")
    void tellsTheCallBeforeItsArgumentsAreThere(Pair pair) {
        Gate arguments = Gate.closed();
        ChatEvents chat = ChatEvents.of("chatcmpl-g", "gpt-5-mini");
        AnthropicEvents message = AnthropicEvents.of("msg_g", "claude-sonnet-4-5");
        Script script =
                pair.forUpstream(
                        Script.stream()
                                .send(chat.role() + chat.tool(0, "call_goldA1", "get_time"))
                                .await(arguments)
                                .send(chat.arguments(0, TIME) + chat.end("tool_calls")),
                        Script.stream()
                                .send(
                                        message.start(9)
                                                + message.toolStart(0, "toolu_goldA1", "get_time"))
                                .await(arguments)
                                .send(
                                        message.input(0, TIME)
                                                + message.blockStop(0)
                                                + message.end("tool_use", 5)));
        try (Rig rig = Rig.of(pair, script);
                Sdk.Hearing hearing = rig.sdk().open(Question.aboutWeather())) {
            while (!hearing.hasBegunACall()) {
                assertThat(hearing.next()).isTrue();
            }
            arguments.open();
            while (hearing.next()) {
                // to the end
            }
            assertThat(hearing.whole().calls().getFirst().arguments()).isEqualTo(TIME);
        }
    }

    /** Servers that interleave the fragments of several calls are heard in order. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Pair.class,
            names = {"OPENAI_TO_OPENAI", "ANTHROPIC_TO_OPENAI"})
    @Tag("R34")
    @Tag("R35")
    void putsInterleavedCallsInOrder(Pair pair) {
        ChatEvents chat = ChatEvents.of("chatcmpl-i", "gpt-5-mini");
        Script script =
                Script.stream()
                        .send(
                                chat.role()
                                        + chat.tool(0, "call_one", "get_weather")
                                        + chat.tool(1, "call_two", "get_time")
                                        + chat.arguments(0, "{\"city\":")
                                        + chat.arguments(1, "{\"city\":")
                                        + chat.arguments(1, "\"Rome\"}")
                                        + chat.arguments(0, "\"Oslo\"}")
                                        + chat.end("tool_calls"));
        try (Rig rig = Rig.of(pair, script)) {
            Heard heard = rig.sdk().hear(Question.aboutWeather());

            assertThat(heard.calls())
                    .containsExactly(
                            new Heard.Call("call_one", "get_weather", "{\"city\":\"Oslo\"}"),
                            new Heard.Call("call_two", "get_time", "{\"city\":\"Rome\"}"));
        }
    }
}

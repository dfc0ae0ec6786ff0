package dev.sluice.gateway.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.Raw;
import dev.sluice.core.request.Block;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.ResponseFormat;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Sampling;
import dev.sluice.core.request.Source;
import dev.sluice.core.request.ThinkingConfig;
import dev.sluice.core.request.TokenEstimate;
import dev.sluice.core.request.Tool;
import dev.sluice.core.request.ToolChoice;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;
import java.util.function.Consumer;

/** What the simulated model makes of a request, whatever its script. */
class SimulatedBehaviourTest {
    private static final String SEARCH =
            """
            {"type":"object","properties":{"query":{"type":"string"},"limit":{"type":"integer"},
            "fuzzy":{"type":"boolean"}},"required":["query","limit"]}\
            """;

    private final Stage stage = new Stage();

    @Test
    void keepsToTheLimitOfOutput() {
        Audience cut = stage.play("n20", request -> request.maxOutput = 7L);
        Audience exact = stage.play("n20", request -> request.maxOutput = 20L);
        Audience none = stage.play("n20", request -> request.maxOutput = 0L);

        assertThat(cut.deltas()).hasSize(7);
        assertThat(cut.usage().output()).isEqualTo(7);
        assertThat(cut.answer().stopReason()).isEqualTo(StopReason.MAX_TOKENS);
        assertThat(exact.deltas()).hasSize(20);
        assertThat(exact.answer().stopReason()).isEqualTo(StopReason.END_TURN);
        assertThat(none.kinds()).isEmpty();
        assertThat(none.answer().stopReason()).isEqualTo(StopReason.MAX_TOKENS);
    }

    @Test
    void reachesTheLimitInsideOfThinkingWithoutASeal() {
        Audience audience = stage.play("thinking", request -> request.maxOutput = 3L);

        assertThat(audience.kinds()).containsExactly(BlockKind.THINKING);
        assertThat(audience.answer().blocks().getFirst().signature().isEmpty()).isTrue();
        assertThat(audience.usage().reasoning()).isEqualTo(3);
        assertThat(audience.answer().stopReason()).isEqualTo(StopReason.MAX_TOKENS);
    }

    @Test
    void countsThinkingAgainstTheLimitOnlyWhereTheRequestDoes() {
        Audience audience =
                stage.play(
                        "thinking",
                        request -> {
                            request.maxOutput = 3L;
                            request.maxOutputCountsThinking = false;
                        });

        assertThat(audience.kinds()).containsExactly(BlockKind.THINKING, BlockKind.TEXT);
        assertThat(audience.usage().output()).isEqualTo(audience.usage().reasoning() + 3);
        assertThat(audience.answer().stopReason()).isEqualTo(StopReason.MAX_TOKENS);
    }

    @Test
    void reachesTheLimitInsideOfArguments() {
        Audience real = stage.play("tool", request -> request.maxOutput = 7L);
        Audience played = stage.play("max-tokens-inside-tool");

        for (Audience audience : List.of(real, played)) {
            AnswerBlock call = audience.blocks(BlockKind.TOOL_USE).getFirst();
            assertThat(call.text().toString()).startsWith("{\"city\":").doesNotEndWith("}");
            assertThat(audience.answer().stopReason()).isEqualTo(StopReason.MAX_TOKENS);
        }
    }

    @Test
    void stopsAtTheRequestsStopSequences() {
        Audience within =
                stage.play("count", request -> request.sampling = Stage.stopAt("99", "5 6"));
        Audience never = stage.play("count-n5", request -> request.sampling = Stage.stopAt("5.x"));
        Audience atOnce = stage.play("count", request -> request.sampling = Stage.stopAt("1"));
        Audience played =
                stage.play("stop-sequence", request -> request.sampling = Stage.stopAt("7,"));

        assertThat(within.text()).isEqualTo("1 2 3 4 ");
        assertThat(within.answer().stopSequence()).isEqualTo("5 6");
        assertThat(within.answer().stopReason()).isEqualTo(StopReason.STOP_SEQUENCE);
        assertThat(never.text()).isEqualTo("1 2 3 4 5.");
        assertThat(never.answer().stopReason()).isEqualTo(StopReason.END_TURN);
        assertThat(atOnce.text()).isEmpty();
        assertThat(played.text()).isEqualTo("1, 2, 3, 4, 5, 6, ");
    }

    @Test
    void doesNotLookForStopSequencesInThinkingOrArguments() {
        Audience audience =
                stage.play(
                        "thinking-tool",
                        request -> request.sampling = Stage.stopAt("question", "city"));

        assertThat(audience.kinds())
                .containsExactly(BlockKind.THINKING, BlockKind.TEXT, BlockKind.TOOL_USE);
        assertThat(audience.answer().stopReason()).isEqualTo(StopReason.TOOL_USE);
    }

    @Test
    void callsAToolOfItsOwnWhenNoneIsDeclared() {
        Audience audience = stage.play("tool");

        assertThat(audience.kinds()).containsExactly(BlockKind.TEXT, BlockKind.TOOL_USE);
        assertThat(audience.text()).isEqualTo("I will check the weather.");
        AnswerBlock call = audience.blocks(BlockKind.TOOL_USE).getFirst();
        assertThat(call.name()).isEqualTo("get_weather");
        assertThat(call.id()).matches("call_[0-9a-f]{16}0");
        assertThat(call.text().toString())
                .isEqualTo(
                        "{\"city\":\"Z\\u00fcrich\",\"unit\":\"celsius\",\"note\":\"say"
                                + " \\\"hi\\\"\\n"
                                + "\"}");
        assertThat(audience.answer().stopReason()).isEqualTo(StopReason.TOOL_USE);
    }

    @Test
    void callsTheFirstDeclaredToolWithWhatItRequires() {
        Audience audience =
                stage.play(
                        "tool",
                        request -> {
                            request.tools.add(
                                    new Tool.Hosted("search", "web_search", Raw.of("{}")));
                            request.tools.add(Stage.function("find", SEARCH));
                            request.tools.add(Stage.function("other", null));
                        });

        AnswerBlock call = audience.blocks(BlockKind.TOOL_USE).getFirst();
        assertThat(call.name()).isEqualTo("find");
        assertThat(call.text().toString()).isEqualTo("{\"query\":\"example\",\"limit\":1}");
    }

    @Test
    void callsAFreeTextToolWithText() {
        Audience audience =
                stage.play(
                        "tool", request -> request.tools.add(new Tool.Custom("note", null, null)));

        AnswerBlock call = audience.blocks(BlockKind.TOOL_USE).getFirst();
        assertThat(call.name()).isEqualTo("note");
        assertThat(call.text().toString()).isEqualTo("example");
        assertThat(call.data()).hasToString("\"custom\"");
    }

    @Test
    void callsSeveralToolsAtOnceUnlessForbidden() {
        Audience own = stage.play("parallel-tools");
        Audience one = stage.play("parallel-tools", tools(1));
        Audience four = stage.play("parallel-tools", tools(4));
        Audience serial =
                stage.play(
                        "parallel-tools",
                        tools(4).andThen(request -> request.parallelToolCalls = false));

        assertThat(names(own)).containsExactly("get_weather", "get_time", "ping_host");
        assertThat(own.answer().blocks().getLast().text().isEmpty()).isTrue();
        assertThat(names(one)).containsExactly("tool0", "tool0");
        assertThat(names(four)).containsExactly("tool0", "tool1", "tool2");
        assertThat(names(serial)).containsExactly("tool0");
        assertThat(own.blocks(BlockKind.TOOL_USE).stream().map(AnswerBlock::id))
                .doesNotHaveDuplicates();
        assertThat(one.answer().blocks().getFirst().text())
                .isNotEqualTo(one.answer().blocks().getLast().text());
    }

    @Test
    void givesCallsOtherIdsInAnotherExchange() {
        String first = stage.play("tool").blocks(BlockKind.TOOL_USE).getFirst().id();
        String second = stage.play("tool").blocks(BlockKind.TOOL_USE).getFirst().id();

        assertThat(second).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"n20", "tool", "echo", "thinking", "parallel-tools"})
    void callsAToolWhenItMust(String model) {
        Audience any =
                stage.play(model, tools(3).andThen(r -> r.toolChoice = new ToolChoice.Required()));
        Audience named =
                stage.play(
                        model, tools(3).andThen(r -> r.toolChoice = new ToolChoice.Named("tool2")));
        Audience allowed =
                stage.play(
                        model,
                        tools(3).andThen(
                                        r ->
                                                r.toolChoice =
                                                        new ToolChoice.Allowed(
                                                                List.of("tool1"), true)));

        assertThat(names(any)).startsWith("tool0");
        assertThat(names(named)).containsOnly("tool2");
        assertThat(names(allowed)).containsOnly("tool1");
        assertThat(any.answer().stopReason()).isEqualTo(StopReason.TOOL_USE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tool", "parallel-tools", "thinking-tool", "max-tokens-inside-tool", "n20"})
    void callsNoToolWhenItMustNot(String model) {
        Audience audience =
                stage.play(model, tools(2).andThen(r -> r.toolChoice = new ToolChoice.None()));

        assertThat(audience.kinds()).doesNotContain(BlockKind.TOOL_USE).contains(BlockKind.TEXT);
        assertThat(audience.answer().stopReason()).isNotEqualTo(StopReason.TOOL_USE);
    }

    @Test
    void failsWhenItMustCallAToolThatIsNotThere() {
        Audience none = stage.play("tool", r -> r.toolChoice = new ToolChoice.Required());
        Audience unknown =
                stage.play(
                        "n20", tools(2).andThen(r -> r.toolChoice = new ToolChoice.Named("tool9")));

        for (Audience audience : List.of(none, unknown)) {
            assertThat(audience.failure().code()).isEqualTo(FailureCode.INVALID_REQUEST);
            assertThat(audience.failure().param()).isEqualTo("tool_choice");
        }
    }

    @Test
    void usesWhatToolsHaveAnswered() {
        Audience audience =
                stage.play(
                        "tool",
                        request -> {
                            request.messages.add(
                                    new Message(
                                            Role.ASSISTANT,
                                            List.of(
                                                    call("call_1", "get_weather"),
                                                    call("call_2", "get_time"))));
                            request.messages.add(
                                    new Message(
                                            Role.USER,
                                            List.of(
                                                    Stage.result("call_2", "no such clock", true),
                                                    Stage.result("call_1", "21 °C", false))));
                        });

        assertThat(audience.text())
                .isEqualTo("get_time failed: no such clock\nget_weather said: 21 °C");
        assertThat(audience.answer().stopReason()).isEqualTo(StopReason.END_TURN);
    }

    @Test
    void callsAgainWhenTheUserHasSpokenAfterTheModel() {
        Audience audience =
                stage.play(
                        "tool",
                        request -> {
                            request.messages.add(
                                    new Message(
                                            Role.USER,
                                            List.of(Stage.result("call_1", "21 °C", false))));
                            request.messages.add(Message.of(Role.ASSISTANT, "It is warm."));
                            request.messages.add(Message.of(Role.USER, "And now?"));
                        });

        assertThat(audience.answer().stopReason()).isEqualTo(StopReason.TOOL_USE);
    }

    private static Block call(String id, String name) {
        return new Block.ToolUse(id, name, "{}", false, null);
    }

    @Test
    void thinksUnlessTheRequestWantsNone() {
        Audience off = stage.play("thinking", r -> r.thinking = ThinkingConfig.off());
        Audience plain = stage.play("n20", r -> r.thinking = ThinkingConfig.budget(2048));

        assertThat(off.kinds()).containsExactly(BlockKind.TEXT);
        assertThat(off.usage().reasoning()).isZero();
        assertThat(plain.kinds()).containsExactly(BlockKind.TEXT);
    }

    @Test
    void sealsThinkingThatIsNotShown() {
        Audience audience =
                stage.play(
                        "thinking",
                        r ->
                                r.thinking =
                                        new ThinkingConfig(
                                                ThinkingConfig.Mode.ADAPTIVE,
                                                0,
                                                ThinkingConfig.Effort.UNSAID,
                                                ThinkingConfig.Show.OMITTED));

        AnswerBlock thinking = audience.blocks(BlockKind.THINKING).getFirst();
        assertThat(thinking.text().isEmpty()).isTrue();
        assertThat(thinking.signature().isEmpty()).isFalse();
        assertThat(audience.usage().reasoning()).isPositive();
    }

    @Test
    void answersInTheFormThatIsAskedFor() {
        Audience object =
                stage.play("n20", r -> r.responseFormat = new ResponseFormat.JsonObject());
        Audience schema =
                stage.play(
                        "n20",
                        r ->
                                r.responseFormat =
                                        new ResponseFormat.JsonSchema(
                                                "search", null, Raw.of(SEARCH), true));

        assertThat(JsonMapper.shared().readTree(object.text()).isObject()).isTrue();
        assertThat(schema.text()).isEqualTo("{\"query\":\"example\",\"limit\":1}");
    }

    @Test
    void namesImagesAndFilesInItsEcho() {
        Audience audience =
                stage.play(
                        "echo",
                        request -> {
                            request.messages.clear();
                            request.messages.add(
                                    new Message(
                                            Role.USER,
                                            List.of(
                                                    new Block.Text("Look:"),
                                                    new Block.Image(
                                                            new Source.Base64(
                                                                    "image/png", "iVBORw=="),
                                                            null,
                                                            null),
                                                    new Block.Image(
                                                            new Source.Url(
                                                                    "https://example.com/a.png"),
                                                            null,
                                                            null),
                                                    new Block.Document(
                                                            new Source.FileId("file_1"),
                                                            null,
                                                            null,
                                                            false,
                                                            null))));
                        });

        assertThat(audience.text())
                .isEqualTo(
                        "Look:\n[image image/png, 4 bytes]\n[image https://example.com/a.png]\n"
                                + "[document file_1]");
    }

    @Test
    void countsThePromptAsTheGatewayCountsIt() {
        Consumer<Request.Builder> wishes =
                request -> {
                    request.system.add(new Block.Text("x".repeat(400)));
                    request.tools.add(Stage.function("find", SEARCH));
                };

        assertThat(stage.play("n5", wishes).usage().input())
                .isEqualTo(TokenEstimate.of(Stage.request(wishes)))
                .isGreaterThan(stage.play("n5").usage().input());
    }

    @Test
    void givesOneAnswerOnly() {
        Audience audience = stage.play("n5", request -> request.choices = 2);

        assertThat(audience.failure().code()).isEqualTo(FailureCode.UNSUPPORTED);
    }

    @Test
    void refusesByNameWhatItCannotDoWithABarePrompt() {
        Request request =
                Stage.request(
                        r ->
                                r.messages.add(
                                        new Message(
                                                Role.USER,
                                                List.of(
                                                        new Block.Text("The sky is"),
                                                        new Block.Opaque(
                                                                "suffix", Raw.of("\"!\""))))));
        Audience audience = new Audience(stage.loop);
        stage.open(Operation.COMPLETE, "n5", request, audience);
        stage.loop.finish();

        assertThat(audience.failure().code()).isEqualTo(FailureCode.UNSUPPORTED);
        assertThat(audience.failure().param()).isEqualTo("suffix");
    }

    private static Consumer<Request.Builder> tools(int count) {
        return request -> {
            for (int i = 0; i < count; i++) {
                request.tools.add(Stage.function("tool" + i, SEARCH));
            }
        };
    }

    private static List<String> names(Audience audience) {
        return audience.blocks(BlockKind.TOOL_USE).stream().map(AnswerBlock::name).toList();
    }

    private List<String> lost(Consumer<Request.Builder> wishes) {
        Target target = new Target("text", stage.provider.quirks(), 4096, true);
        return stage.provider.accept(Stage.request(wishes), target).warnings();
    }

    @Test
    void saysWhatOfARequestItDoesNotLookAt() {
        assertThat(
                        lost(
                                request -> {
                                    request.sampling =
                                            new Sampling(
                                                    0.5,
                                                    0.9,
                                                    3L,
                                                    0.1,
                                                    0.2,
                                                    0.3,
                                                    1.1,
                                                    7L,
                                                    true,
                                                    2L,
                                                    Raw.of("{\"5\":1}"),
                                                    List.of("END"));
                                    request.user = "u";
                                    request.serviceTier = "flex";
                                    request.tools.add(
                                            new Tool.Hosted(
                                                    "web_search", "web_search", Raw.of("{}")));
                                    request.extra.put("metadata", Raw.of("{}"));
                                    request.extra.put(Request.GATEWAY + "own", Raw.of("1"));
                                }))
                .containsExactly(
                        "dropped=temperature",
                        "dropped=top_p",
                        "dropped=top_k",
                        "dropped=min_p",
                        "dropped=presence_penalty",
                        "dropped=frequency_penalty",
                        "dropped=repetition_penalty",
                        "dropped=logprobs",
                        "dropped=top_logprobs",
                        "dropped=logit_bias",
                        "dropped=user",
                        "dropped=service_tier",
                        "dropped=web_search",
                        "dropped=metadata");
    }

    @Test
    void losesNothingOfARequestThatItFollows() {
        assertThat(
                        lost(
                                request -> {
                                    request.sampling =
                                            new Sampling(
                                                    1.0,
                                                    1.0,
                                                    null,
                                                    0.0,
                                                    0.0,
                                                    0.0,
                                                    1.0,
                                                    7L,
                                                    false,
                                                    0L,
                                                    Raw.of("{}"),
                                                    List.of("END"));
                                    request.maxOutput = 9L;
                                    request.tools.add(Stage.function("f", SEARCH));
                                    request.toolChoice = new ToolChoice.None();
                                    request.responseFormat = new ResponseFormat.JsonObject();
                                }))
                .isEmpty();
    }
}

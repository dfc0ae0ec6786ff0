package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sdktests.Heard.Thought;
import dev.sluice.sdktests.Heard.Tokens;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.stream.AnthropicEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;

import java.util.function.Function;

/** What is thought before the answer, and what becomes of it in the next turn. */
class ThinkingIT {
    private static final String THOUGHT = "The user asks for 17*23. 17*20=340, 17*3=51, sum 391.";
    private static final String SIGNATURE = "EqQBgoldSIGNATURE==";
    private static final String REDACTED = "EmwKgoldREDACTED";
    private static final String TEXT = "17 × 23 = 391.";

    private static final Question QUESTION = Question.of("17*23?").withThinking(2048);

    @InAllWays
    @Tag("R28")
    @Tag("R46")
    @Tag("R48")
    @Tag("R49")
    void tellsThoughtsApartFromText(Way way) {
        Pair pair = way.pair();
        try (Rig rig = Rig.of(pair, Story.of(pair, "04"))) {
            Heard heard = way.ask(rig, QUESTION);

            assertThat(heard.text()).isEqualTo(TEXT);
            String signature = pair == Pair.ANTHROPIC_TO_ANTHROPIC ? SIGNATURE : "";
            assertThat(heard.thoughts()).containsExactly(new Thought(THOUGHT, signature));
            if (pair == Pair.ANTHROPIC_TO_ANTHROPIC) {
                assertThat(heard.redacted()).containsExactly(REDACTED);
            } else {
                assertThat(heard.redacted()).isEmpty();
            }
            assertThat(heard.tokens()).isEqualTo(price(pair));
        }
    }

    private static Tokens price(Pair pair) {
        return switch (pair) {
            case OPENAI_TO_OPENAI -> new Tokens(19, 0, 0, 71, 64);
            case OPENAI_TO_ANTHROPIC -> new Tokens(139, 0, 120, 71, 64);
            case ANTHROPIC_TO_ANTHROPIC -> new Tokens(19, 0, 120, 71, 64);
            case ANTHROPIC_TO_OPENAI -> new Tokens(19, 0, 0, 71, 64);
        };
    }

    @InAllWays
    void carriesTheWishToThink(Way way) {
        Pair pair = way.pair();
        try (Rig rig = Rig.of(pair, Story.of(pair, "04"))) {
            way.ask(rig, QUESTION);

            JsonNode request = rig.arrived(1);
            switch (pair) {
                case OPENAI_TO_OPENAI, ANTHROPIC_TO_OPENAI ->
                        assertThat(request.path("reasoning_effort").asString()).isEqualTo("low");
                case ANTHROPIC_TO_ANTHROPIC -> {
                    assertThat(request.path("thinking").path("type").asString())
                            .isEqualTo("enabled");
                    assertThat(request.path("thinking").path("budget_tokens").longValue())
                            .isEqualTo(2048);
                }
                case OPENAI_TO_ANTHROPIC ->
                        assertThat(request.path("thinking").path("type").asString())
                                .isIn("enabled", "adaptive");
            }
        }
    }

    /**
     * The library replays what it heard; what the upstream's vendor signed reaches it as it was,
     * anything else not at all.
     */
    @InAllWays
    @Tag("R46")
    @Tag("R47")
    @Tag("R48")
    @Tag("R49")
    void replaysThoughtsToWhoSignedThem(Way way) {
        Pair pair = way.pair();
        try (Rig rig = Rig.of(pair, Story.of(pair, "04"))) {
            Heard first = way.ask(rig, QUESTION);
            way.ask(
                    rig,
                    QUESTION.then(new Question.Answered(first), new Question.Said("And 17*24?")));

            JsonNode answer = rig.arrived(2).path("messages").path(1);
            assertThat(answer.path("role").asString()).isEqualTo("assistant");
            switch (pair) {
                case ANTHROPIC_TO_ANTHROPIC -> {
                    JsonNode content = answer.path("content");
                    assertThat(content.path(0).path("thinking").asString()).isEqualTo(THOUGHT);
                    assertThat(content.path(0).path("signature").asString()).isEqualTo(SIGNATURE);
                    assertThat(content.path(1).path("type").asString())
                            .isEqualTo("redacted_thinking");
                    assertThat(content.path(1).path("data").asString()).isEqualTo(REDACTED);
                    assertThat(content.path(2).path("text").asString()).isEqualTo(TEXT);
                }
                case OPENAI_TO_OPENAI, OPENAI_TO_ANTHROPIC, ANTHROPIC_TO_OPENAI ->
                        assertThat(answer.path("content").toString())
                                .contains(TEXT)
                                .doesNotContain("340");
            }
            assertThat(rig.arrived(2).path("messages").size()).isEqualTo(3);
        }
    }

    /** The middle of a loop of tools, where Anthropic wants its thoughts back, or no thinking. */
    @InAllWays
    @Tag("R46")
    @Tag("R47")
    void thinksThroughALoopOfTools(Way way) {
        Pair pair = way.pair();
        Story text = Story.of(pair, "01");
        try (Rig rig =
                Rig.of(
                        pair,
                        request ->
                                request.attempt() == 1
                                        ? thoughtAndCall(pair).apply(request)
                                        : text.apply(request))) {
            Question question = Question.aboutWeather().withThinking(2048);
            Heard asked = way.ask(rig, question);
            assertThat(asked.calls()).hasSize(1);
            way.ask(rig, question.thenResultsOf(asked));

            JsonNode second = rig.arrived(2);
            JsonNode answer = second.path("messages").path(1);
            switch (pair) {
                case ANTHROPIC_TO_ANTHROPIC -> {
                    JsonNode thought = answer.path("content").path(0);
                    assertThat(thought.path("thinking").asString()).isEqualTo("Look outside.");
                    assertThat(thought.path("signature").asString()).isEqualTo("c2ln");
                    assertThat(second.path("thinking").path("type").asString())
                            .isEqualTo("enabled");
                }
                case OPENAI_TO_ANTHROPIC ->
                        assertThat(second.path("thinking").path("type").asString("disabled"))
                                .isEqualTo("disabled");
                case OPENAI_TO_OPENAI, ANTHROPIC_TO_OPENAI ->
                        assertThat(answer.path("tool_calls").size()).isEqualTo(1);
            }
        }
    }

    private static Function<UpstreamRequest, Script> thoughtAndCall(Pair pair) {
        if (pair.upstream() == Vendor.OPENAI) {
            return Story.of(Vendor.OPENAI, "02");
        }
        AnthropicEvents message = AnthropicEvents.of("msg_t", "claude-sonnet-4-5");
        return Answers.either(
                message.start(9)
                        + message.thinkingStart(0)
                        + message.thinking(0, "Look outside.")
                        + message.signature(0, "c2ln")
                        + message.blockStop(0)
                        + message.toolStart(1, "toolu_w", "get_weather")
                        + message.input(1, "{\"city\":\"Rome\"}")
                        + message.blockStop(1)
                        + message.end("tool_use", 12),
                """
                {"id":"msg_t","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[
                {"type":"thinking","thinking":"Look outside.","signature":"c2ln"},
                {"type":"tool_use","id":"toolu_w","name":"get_weather","input":{"city":"Rome"}}],
                "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":12}}\
                """);
    }

    /** A thought that is not shown has no text and a signature, and must come back all the same. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Pair.class,
            names = {"ANTHROPIC_TO_ANTHROPIC", "OPENAI_TO_ANTHROPIC"})
    @Tag("R46")
    @Tag("R47")
    void keepsTheSignatureOfAThoughtThatIsNotShown(Pair pair) {
        AnthropicEvents message = AnthropicEvents.of("msg_o", "claude-sonnet-4-5");
        Script script =
                Script.stream()
                        .send(
                                message.start(9)
                                        + message.thinkingStart(0)
                                        + message.signature(0, "b21pdHRlZA==")
                                        + message.blockStop(0)
                                        + message.textBlock(1, "Yes.")
                                        + message.end("end_turn", 12));
        try (Rig rig = Rig.of(pair, script)) {
            Heard first = rig.sdk().hear(QUESTION);
            rig.sdk().hear(QUESTION.then(new Question.Answered(first), new Question.Said("Sure?")));

            JsonNode content = rig.arrived(2).path("messages").path(1).path("content");
            if (pair.isSame()) {
                assertThat(first.thoughts()).containsExactly(new Thought("", "b21pdHRlZA=="));
                assertThat(content.path(0).path("signature").asString()).isEqualTo("b21pdHRlZA==");
                assertThat(content.path(1).path("text").asString()).isEqualTo("Yes.");
            } else {
                assertThat(first.thoughts()).isEmpty();
                assertThat(content.toString()).contains("Yes.");
            }
        }
    }
}

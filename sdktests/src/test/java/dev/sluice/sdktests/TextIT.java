package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sdktests.Heard.Tokens;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.stream.AnthropicEvents;
import dev.sluice.testkit.stream.ChatEvents;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;

/** Text, why it ended, and what it cost. */
class TextIT {
    private static final String STORY =
            "The capital of France is Paris. Café crème ☕ costs 3 € — 東京 too 🎉.\n";

    @InAllWays
    @Tag("R32")
    @Tag("R40")
    void tellsTheText(Way way) {
        try (Rig rig = Rig.of(way.pair(), Story.of(way.pair(), "01"))) {
            Heard heard = way.ask(rig, Question.of("Where is Paris?"));

            assertThat(heard.text()).isEqualTo(STORY);
            assertThat(heard.stop()).isEqualTo(way.pair().forClient("stop", "end_turn"));
            assertThat(heard.tokens()).isEqualTo(new Tokens(24, 0, 0, 31, 0));
            assertThat(heard.model()).isEqualTo(way.pair().upstream().model());
            assertThat(heard.id()).startsWith(way.pair().forClient("chatcmpl-", "msg_"));
            assertThat(heard.calls()).isEmpty();
            assertThat(heard.thoughts()).isEmpty();
            assertThat(heard.refusal()).isEmpty();
        }
    }

    @InAllWays
    void carriesTheSystemPrompt(Way way) {
        try (Rig rig = Rig.of(way.pair(), Story.of(way.pair(), "01"))) {
            way.ask(rig, Question.of("Where is Paris?").withSystem("Be brief."));

            JsonNode arrived = rig.arrived(1);
            switch (way.pair().upstream()) {
                case OPENAI -> {
                    assertThat(arrived.path("messages").path(0).path("role").asString())
                            .isEqualTo("system");
                    assertThat(arrived.path("messages").path(0).path("content").toString())
                            .contains("Be brief.");
                    assertThat(arrived.path("messages").path(1).path("content").toString())
                            .contains("Where is Paris?");
                }
                case ANTHROPIC -> {
                    assertThat(arrived.path("system").toString()).contains("Be brief.");
                    assertThat(arrived.path("messages").size()).isEqualTo(1);
                }
            }
        }
    }

    @InAllWays
    @Tag("R39")
    @Tag("R51")
    void saysThatTheLimitCutIt(Way way) {
        try (Rig rig = Rig.of(way.pair(), Story.of(way.pair(), "05"))) {
            Heard heard = way.ask(rig, Question.of("Tell me a story.").withMaxTokens(7));

            assertThat(heard.text()).isEqualTo("Once upon a time there was a");
            assertThat(heard.stop()).isEqualTo(way.pair().forClient("length", "max_tokens"));
            assertThat(heard.tokens()).isEqualTo(new Tokens(12, 0, 0, 7, 0));
            String limit = way.pair().forUpstream("max_completion_tokens", "max_tokens");
            assertThat(rig.arrived(1).path(limit).longValue(0)).isEqualTo(7);
        }
    }

    @InAllWays
    @Tag("R39")
    @Tag("R57")
    void reportsTheStopSequenceWhereThereIsAPlaceForIt(Way way) {
        Pair pair = way.pair();
        ChatEvents chat = ChatEvents.of("chatcmpl-s", "gpt-5-mini");
        try (Rig rig =
                pair.upstream() == Vendor.ANTHROPIC
                        ? Rig.of(pair, Story.of(pair, "08"))
                        : Rig.of(pair, Answers.chat(chat.answer("1, 2,", " 3, "), "1, 2, 3, "))) {
            Heard heard = way.ask(rig, Question.of("Count to ten.").withStops("4", "five"));

            assertThat(heard.text()).isEqualTo("1, 2, 3, ");
            assertThat(rig.arrived(1).path(pair.forUpstream("stop", "stop_sequences")).toString())
                    .isEqualTo("[\"4\",\"five\"]");
            switch (pair) {
                case ANTHROPIC_TO_ANTHROPIC -> {
                    assertThat(heard.stop()).isEqualTo("stop_sequence");
                    assertThat(heard.stopSequence()).contains("4");
                }
                case ANTHROPIC_TO_OPENAI -> assertThat(heard.stop()).isEqualTo("end_turn");
                case OPENAI_TO_OPENAI, OPENAI_TO_ANTHROPIC ->
                        assertThat(heard.stop()).isEqualTo("stop");
            }
        }
    }

    /** OpenAI takes four stop sequences; the gateway watches for more than that itself. */
    @ParameterizedTest
    @EnumSource(
            value = Pair.class,
            names = {"ANTHROPIC_TO_OPENAI"})
    @Tag("R57")
    void watchesForMoreStopSequencesThanTheUpstreamTakes(Pair pair) {
        ChatEvents chat = ChatEvents.of("chatcmpl-s", "gpt-5-mini");
        Script script = Script.stream().send(chat.answer("1, 2, 3, fi", "ve, 6", ", 7"));
        for (boolean streamed : new boolean[] {true, false}) {
            try (Rig rig = Rig.of(pair, script)) {
                Heard heard =
                        rig.sdk()
                                .ask(
                                        Question.of("Count to ten.")
                                                .withStops("ten", "nine", "eight", "five", "0"),
                                        streamed);

                assertThat(heard.text()).isEqualTo("1, 2, 3, ");
                assertThat(heard.stop()).isEqualTo("stop_sequence");
                assertThat(heard.stopSequence()).contains("five");
            }
        }
    }

    @InAllWays
    @Tag("R39")
    @Tag("R51")
    void tellsARefusal(Way way) {
        Pair pair = way.pair();
        AnthropicEvents message = AnthropicEvents.of("msg_r", "claude-sonnet-4-5");
        try (Rig rig =
                pair.upstream() == Vendor.OPENAI
                        ? Rig.of(pair, Story.of(pair, "09"))
                        : Rig.of(
                                pair,
                                Answers.message(
                                        message.start(15)
                                                + message.textBlock(
                                                        0, "I can't", " help with that.")
                                                + message.end("refusal", 8),
                                        "I can't help with that.",
                                        "refusal"))) {
            Heard heard = way.ask(rig, Question.of("Help me with that."));

            switch (pair) {
                case OPENAI_TO_OPENAI -> {
                    assertThat(heard.refusal()).contains("I can't help with that.");
                    assertThat(heard.text()).isEmpty();
                    assertThat(heard.stop()).isEqualTo("stop");
                }
                case OPENAI_TO_ANTHROPIC -> {
                    assertThat(heard.text() + heard.refusal().orElse(""))
                            .isEqualTo("I can't help with that.");
                    assertThat(heard.stop()).isEqualTo("content_filter");
                }
                case ANTHROPIC_TO_ANTHROPIC, ANTHROPIC_TO_OPENAI -> {
                    assertThat(heard.text()).isEqualTo("I can't help with that.");
                    assertThat(heard.stop()).isEqualTo("refusal");
                }
            }
        }
    }
}

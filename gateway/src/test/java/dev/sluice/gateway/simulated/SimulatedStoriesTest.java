package dev.sluice.gateway.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.AnswerBlock;
import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Role;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** What each script tells; {@link Audience} holds all of them to the grammar of streams. */
class SimulatedStoriesTest {
    private final Stage stage = new Stage();

    @ParameterizedTest
    @EnumSource(Script.class)
    void everyScriptIsToldAndLeavesNothingBehind(Script script) {
        Audience audience = new Audience(stage.loop);
        var stream = stage.open(script.word(), audience);
        stage.loop.advance(700_000);

        boolean forEver = script.word().startsWith("stall");
        assertThat(audience.ended()).isEqualTo(!forEver);
        assertThat(stage.loop.timers()).isEqualTo(script == Script.STALL_PINGS ? 1 : 0);
        stream.cancel();
        assertThat(stage.loop.timers()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Script.class)
    void everyScriptTellsTheSameTwice(Script script) {
        Audience first = play(script.word());
        Audience second = play(script.word());

        assertThat(second.deltas()).isEqualTo(first.deltas());
        assertThat(second.kinds()).isEqualTo(first.kinds());
    }

    private Audience play(String model) {
        Audience audience = new Audience(stage.loop);
        stage.open(model + "-i0-t0", audience);
        stage.loop.advance(3_000);
        return audience;
    }

    @Test
    void startsWithWhatAStartKnows() {
        Audience audience = stage.play("n3");

        assertThat(audience.events().getFirst())
                .isInstanceOfSatisfying(
                        Event.MessageStart.class,
                        start -> {
                            assertThat(start.id()).startsWith("sim_");
                            assertThat(start.model()).isEqualTo("n3");
                            assertThat(start.created()).isEqualTo(1_760_000_007L);
                            assertThat(start.usage().input()).isPositive();
                            assertThat(start.usage().output()).isEqualTo(Usage.UNKNOWN);
                        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 15, 40, 200})
    void tellsExactlyAsManyTokensAsTheNameSays(int tokens) {
        Audience audience = stage.play("n" + tokens + "-i0-t0");

        assertThat(audience.deltas()).hasSize(tokens);
        assertThat(audience.usage()).isEqualTo(Usage.of(audience.usage().input(), 0, 0, tokens, 0));
        assertThat(audience.answer().stopReason()).isEqualTo(StopReason.END_TURN);
        assertThat(audience.text()).endsWith(".").startsWith(audience.deltas().getFirst());
        assertThat(String.join("", audience.deltas())).isEqualTo(audience.text());
    }

    @Test
    void writesSentencesThatReadWell() {
        String text = stage.play("n2000-i0-t0").text();

        Pattern sentence = Pattern.compile("(At [a-z]+, t|T)he [a-z]+( [a-z]+){2,8}\\.");
        for (String paragraph : text.split("\n\n", -1)) {
            for (String each : paragraph.split("(?<=\\.) ", -1)) {
                assertThat(each).matches(sentence);
            }
        }
        assertThat(text).contains("\n\n");
    }

    @Test
    void tellsAnotherStoryUnderAnotherNameOrSeed() {
        String story = stage.play("n50").text();

        assertThat(stage.play("n50-i0").text()).isNotEqualTo(story);
        assertThat(stage.play("n50", request -> request.sampling = Stage.seeded(1)).text())
                .isNotEqualTo(story)
                .isEqualTo(stage.play("n50", request -> request.sampling = Stage.seeded(1)).text());
    }

    @Test
    void tellsALongStory() {
        assertThat(stage.play("long").deltas()).hasSize(10_000);
    }

    @Test
    void counts() {
        assertThat(stage.play("count-n5").text()).isEqualTo("1 2 3 4 5.");
    }

    @Test
    void thinksSealsAndAnswers() {
        Audience audience = stage.play("thinking");

        assertThat(audience.kinds()).containsExactly(BlockKind.THINKING, BlockKind.TEXT);
        AnswerBlock thinking = audience.blocks(BlockKind.THINKING).getFirst();
        assertThat(thinking.text().toString()).startsWith("The question is short.");
        assertThat(thinking.signature().toString()).matches("[A-Za-z0-9+/]+=*");
        assertThat(audience.usage().reasoning()).isPositive();
        assertThat(audience.usage().output()).isEqualTo(audience.usage().reasoning() + 30);
    }

    @Test
    void redactsAPartOfItsThinking() {
        Audience audience = stage.play("redacted-thinking");

        assertThat(audience.kinds())
                .containsExactly(BlockKind.THINKING, BlockKind.REDACTED_THINKING, BlockKind.TEXT);
        assertThat(audience.blocks(BlockKind.REDACTED_THINKING).getFirst().data())
                .asString()
                .matches("\"[A-Za-z0-9+/]+=*\"");
    }

    @Test
    void refuses() {
        Audience audience = stage.play("refusal");

        assertThat(audience.kinds()).containsExactly(BlockKind.REFUSAL);
        assertThat(audience.answer().blocks().getFirst().text().toString())
                .isEqualTo("I can't help with that.");
        assertThat(audience.answer().stopReason()).isEqualTo(StopReason.REFUSAL);
    }

    @Test
    void reachesALimitInTheMiddleOfASentence() {
        Audience audience = stage.play("max-tokens");

        assertThat(audience.answer().stopReason()).isEqualTo(StopReason.MAX_TOKENS);
        assertThat(audience.deltas()).hasSize(20);
        assertThat(audience.text()).doesNotEndWith(".");
    }

    @Test
    void meetsAStopSequenceOfItsOwn() {
        Audience audience = stage.play("stop-sequence");

        assertThat(audience.text()).isEqualTo("1, 2, 3, ");
        assertThat(audience.answer().stopReason()).isEqualTo(StopReason.STOP_SEQUENCE);
        assertThat(audience.answer().stopSequence()).isEqualTo("4");
    }

    @Test
    void answersWithAnEmptyBlockOrWithNone() {
        Audience empty = stage.play("empty");
        Audience none = stage.play("stop-at-once");

        assertThat(empty.kinds()).containsExactly(BlockKind.TEXT);
        assertThat(empty.text()).isEmpty();
        assertThat(none.kinds()).isEmpty();
        for (Audience audience : List.of(empty, none)) {
            assertThat(audience.complete()).isTrue();
            assertThat(audience.answer().stopReason()).isEqualTo(StopReason.END_TURN);
            assertThat(audience.usage().output()).isZero();
        }
    }

    @Test
    void saysCharactersOfEveryKind() {
        Audience audience = stage.play("unicode");

        assertThat(audience.text())
                .startsWith("Café crème ☕ costs 3 € — 東京 too 🎉")
                .contains("\u2028", "\u0000", "\"quoted\"", "C:\\temp", "half \ud83d\ude00")
                .contains("lone \udc00.");
        assertThat(audience.deltas()).contains(" \ud83d", "\ude00");
    }

    @Test
    void saysTheLastUserMessageAgain() {
        Audience audience =
                stage.play(
                        "echo",
                        request -> {
                            request.messages.clear();
                            request.messages.add(
                                    Message.of(
                                            Role.USER,
                                            "  東京東京東京東京東京東京 and 🎉🎉🎉🎉🎉🎉🎉🎉\n\nall  of it "));
                        });

        assertThat(audience.text()).isEqualTo("  東京東京東京東京東京東京 and 🎉🎉🎉🎉🎉🎉🎉🎉\n\nall  of it ");
        assertThat(audience.deltas())
                .hasSizeGreaterThan(6)
                .noneMatch(delta -> Character.isLowSurrogate(delta.charAt(0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut", "disconnect"})
    void breaksOffWithoutAnEnd(String model) {
        Audience audience = stage.play(model);

        assertThat(audience.deltas()).hasSize(10);
        assertThat(audience.failure().code()).isEqualTo(FailureCode.UPSTREAM_BROKEN);
        assertThat(audience.complete()).isFalse();
        assertThat(audience.openBlock()).isZero();
    }

    @Test
    void reportsAnErrorMidway() {
        Audience audience = stage.play("error-midway-n3");

        assertThat(audience.deltas()).hasSize(3);
        assertThat(audience.reported().code()).isEqualTo(FailureCode.OVERLOADED);
        assertThat(audience.failed()).isFalse();
        assertThat(audience.complete()).isFalse();
    }

    @Test
    void failsBeforeTheFirstToken() {
        Audience limited = stage.play("error");
        Audience busy = stage.play("error-overloaded");
        Audience tooLong = stage.play("error-context");

        assertThat(limited.failure().code()).isEqualTo(FailureCode.RATE_LIMIT);
        assertThat(limited.failure().status()).isEqualTo(429);
        assertThat(limited.failure().retryAfter()).isEqualTo(Duration.ofSeconds(2));
        assertThat(busy.failure().code()).isEqualTo(FailureCode.OVERLOADED);
        assertThat(tooLong.failure().code()).isEqualTo(FailureCode.CONTEXT_TOO_LONG);
        assertThat(tooLong.failure().message()).containsPattern("the prompt has \\d+ tokens");
        for (Audience audience : List.of(limited, busy, tooLong)) {
            assertThat(audience.events()).isEmpty();
        }
    }

    @Test
    void fallsSilentAfterSomeTokens() {
        Audience audience = new Audience(stage.loop);
        stage.open("stall", audience);
        stage.loop.advance(600_000);

        assertThat(audience.deltas()).hasSize(10);
        assertThat(audience.openBlock()).isZero();
        assertThat(audience.ended()).isFalse();
        assertThat(stage.loop.timers()).isZero();
    }

    @Test
    void beginsAndSaysNothing() {
        Audience audience = new Audience(stage.loop);
        stage.open("stall-start", audience);
        stage.loop.advance(600_000);

        assertThat(audience.events()).hasSize(1).hasOnlyElementsOfType(Event.MessageStart.class);
        assertThat(stage.loop.timers()).isZero();
    }

    @Test
    void givesSignsOfLifeAndNothingElse() {
        Audience audience = new Audience(stage.loop);
        stage.open("stall-pings-n2-t0", audience);
        stage.loop.advance(5_500);

        assertThat(audience.deltas()).hasSize(2);
        assertThat(audience.events()).filteredOn(Event.PING::equals).hasSize(5);
    }

    @Test
    void leavesUsageOutWhenTheNameSaysSo() {
        Audience audience = stage.play("n5-u0");

        assertThat(audience.usage()).isEqualTo(Usage.NONE);
        assertThat(audience.complete()).isTrue();
    }

    @Test
    void failsForANameThatIsNone() {
        Audience audience = stage.play("n200-x3");

        assertThat(audience.failure().code()).isEqualTo(FailureCode.NOT_FOUND);
        assertThat(audience.failure().param()).isEqualTo("model");
        assertThat(audience.connected()).isTrue();
    }
}

package dev.sluice.gateway.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.Event;
import dev.sluice.core.provider.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.LongStream;

/** When the simulated model speaks, and how it is paused and cancelled. */
class SimulatedStreamTest {
    private final Stage stage = new Stage();
    private final Audience audience = new Audience(stage.loop);

    @Test
    void saysNothingBeforeOpenHasReturned() {
        stage.open("n5-i0-t0", audience);
        assertThat(audience.connected()).isFalse();
        assertThat(audience.events()).isEmpty();

        stage.loop.settle();
        assertThat(audience.complete()).isTrue();
    }

    @Test
    void connectsAtOnceAndSpeaksInTime() {
        stage.open("n4-i20-t100", audience);
        stage.loop.advance(99);
        assertThat(audience.connected()).isTrue();
        assertThat(audience.events()).isEmpty();

        stage.loop.advance(10_000);
        assertThat(audience.deltaMillis()).containsExactly(100L, 120L, 140L, 160L);
        assertThat(audience.complete()).isTrue();
    }

    @Test
    void spendsAMomentOnEachTokenOfEveryBlock() {
        stage.open("thinking-tool-i10-t0", audience);
        stage.loop.finish();

        // The seal comes with the last token of the thinking and has no moment of its own.
        List<Long> moments = audience.deltaMillis().stream().distinct().toList();
        assertThat(moments)
                .containsExactlyElementsOf(
                        LongStream.range(0, moments.size()).map(k -> k * 10).boxed().toList());
        assertThat(audience.deltas()).hasSize(moments.size() + 1);
    }

    @Test
    void keepsItsScheduleWhenTheLoopWasBusy() {
        stage.open("n10-i20-t100", audience);
        stage.loop.advance(120);
        stage.loop.block(50);
        assertThat(audience.deltaMillis()).containsExactly(100L, 120L, 170L, 170L);

        stage.loop.advance(10_000);
        assertThat(audience.deltaMillis().subList(4, 10))
                .containsExactly(180L, 200L, 220L, 240L, 260L, 280L);
    }

    @Test
    void givesTheLoopBackHoweverMuchIsDue() {
        stage.open("n1000-i0-t0", audience);
        stage.loop.settle();

        assertThat(audience.complete()).isTrue();
        assertThat(audience.deltasOfTurns())
                .hasSizeGreaterThan(30)
                .allMatch(deltas -> deltas <= SimulatedStream.TOKENS_PER_TURN);
    }

    @Test
    void letsTwoStreamsWithoutPaceTakeTurns() {
        Audience other = new Audience(stage.loop);
        stage.open("n200-i0-t0", audience);
        stage.open("n200-i0-t0", other);
        for (int i = 0; i < 3; i++) {
            stage.loop.turn();
        }

        assertThat(audience.deltas()).hasSize(other.deltas().size()).hasSizeBetween(64, 96);
    }

    @ParameterizedTest
    @ValueSource(strings = {"n50-i0-t0", "tool-i0-t0", "redacted-thinking-i0-t0", "unicode-i0-t0"})
    void stopsBetweenAnyTwoEventsWhenPaused(String model) {
        int all = stage.play(model).events().size();
        for (int pauseAfter = 1; pauseAfter < all; pauseAfter++) {
            int mark = pauseAfter;
            Audience pausing = new Audience(stage.loop);
            Stream[] stream = new Stream[1];
            pausing.at(
                    _ -> {
                        if (pausing.events().size() == mark) {
                            stream[0].pause();
                        }
                    });
            stream[0] = stage.open(model, pausing);
            stage.loop.advance(60_000);
            assertThat(pausing.events()).hasSize(mark);

            pausing.at(_ -> {});
            stream[0].resume();
            stage.loop.finish();
            assertThat(pausing.complete()).isTrue();
            assertThat(pausing.events()).hasSize(all);
        }
    }

    @Test
    void saysAfterAPauseWhatBecameDueAndNoMore() {
        Stream stream = stage.open("n20-i20-t100", audience);
        stage.loop.advance(130);
        assertThat(audience.deltas()).hasSize(2);

        stream.pause();
        assertThat(stage.loop.timers()).isZero();
        stage.loop.advance(100);
        assertThat(audience.deltas()).hasSize(2);

        stream.resume();
        assertThat(audience.deltas()).as("none from within resume").hasSize(2);
        stage.loop.advance(0);
        assertThat(audience.deltas()).hasSize(7);
        stage.loop.advance(20);
        assertThat(audience.deltas()).hasSize(8);
    }

    @Test
    void doesNotSpeakTwiceAsFastWhenPausedAndResumedInOneTurn() {
        Stream[] stream = new Stream[1];
        audience.at(
                _ -> {
                    assertThat(stage.loop.timers()).isZero();
                    stream[0].pause();
                    stream[0].resume();
                });
        stream[0] = stage.open("n50-i10-t0", audience);
        stage.loop.finish();

        assertThat(audience.deltaMillis())
                .containsExactlyElementsOf(
                        LongStream.range(0, 50).map(k -> k * 10).boxed().toList());
        assertThat(stage.loop.timers()).isZero();
    }

    @Test
    void bearsAPauseBeforeItHasBegun() {
        Stream stream = stage.open("n5-i0-t0", audience);
        stream.pause();
        stage.loop.advance(1_000);
        assertThat(audience.connected()).isFalse();

        stream.resume();
        stage.loop.finish();
        assertThat(audience.complete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n50-i0-t0",
                "n50-i5-t5",
                "tool",
                "stall",
                "stall-pings",
                "cut",
                "error-midway"
            })
    void saysNothingAfterACancelAtAnyEvent(String model) {
        Audience whole = new Audience(stage.loop);
        stage.open(model, whole);
        stage.loop.advance(20_000);
        for (int cancelAfter = 1; cancelAfter <= whole.events().size(); cancelAfter++) {
            Stage fresh = new Stage();
            int mark = cancelAfter;
            Audience leaving = new Audience(fresh.loop);
            Stream[] stream = new Stream[1];
            leaving.at(
                    _ -> {
                        if (leaving.events().size() == mark) {
                            stream[0].cancel();
                        }
                    });
            stream[0] = fresh.open(model, leaving);
            fresh.loop.advance(20_000);

            assertThat(leaving.events()).hasSize(mark);
            assertThat(leaving.failed()).isFalse();
            assertThat(fresh.loop.timers()).isZero();
            assertThat(fresh.loop.tasks()).isZero();
        }
    }

    @Test
    void holdsNoTimerAfterACancelBetweenTokens() {
        Stream stream = stage.open("n50-i20-t100", audience);
        stage.loop.advance(50);
        assertThat(stage.loop.timers()).isEqualTo(1);

        stream.cancel();
        stream.cancel();
        assertThat(stage.loop.timers()).isZero();
        stream.resume();
        stage.loop.advance(1_000);
        assertThat(audience.events()).isEmpty();
    }

    @Test
    void isNotRevivedByAResumeAfterACancelOrAnEnd() {
        Stream stream = stage.open("n5-i0-t0", audience);
        stage.loop.finish();
        int events = audience.events().size();
        stream.pause();
        stream.resume();
        stream.cancel();
        stage.loop.finish();

        assertThat(audience.events()).hasSize(events);
        assertThat(audience.events().getLast()).isEqualTo(Event.STOP);
    }

    @Test
    void failsInTimeAndNotWhilePaused() {
        Stream stream = stage.open("error-t300", audience);
        stage.loop.advance(299);
        assertThat(audience.failed()).isFalse();
        stream.pause();
        stage.loop.advance(10);
        assertThat(audience.failed()).isFalse();
        stream.resume();
        stage.loop.advance(0);
        assertThat(audience.failed()).isTrue();
    }

    @Test
    void holdsAtMostOneTimerForEachOfManyStreams() {
        for (int i = 0; i < 1_000; i++) {
            stage.open("n1000000-i20-t100", new Audience(stage.loop));
        }
        stage.loop.advance(1_000);
        assertThat(stage.loop.timers()).isEqualTo(1_000);
    }
}

package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Heap;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Iterator;

/** A reader that is slower than the model pauses it. */
class BackpressureTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** The start of the message and of its block stand in the buffer too. */
    private static final int START = 2;

    @Test
    @Tag("R24")
    void pausesTheModelWhenTheBufferIsFull() {
        try (Local local = Local.endless();
                TokenStream stream = local.ask()) {
            Eventually.within(SOON, () -> local.model().paused() == 1);
            assertThat(local.model().told()).isEqualTo(StreamConfig.DEFAULT.bufferSize());
            assertThat(stream.metrics().tokens()).isEqualTo(64 - START);
            Eventually.stays(Duration.ofMillis(100), "paused", () -> local.model().told() == 64);
        }
    }

    @Test
    @Tag("R24")
    void letsTheModelGoOnWhenHalfOfTheBufferIsFree() {
        StreamConfig config = StreamConfig.builder().bufferSize(8).build();
        try (Local local = Local.endless();
                TokenStream stream = local.ask(config)) {
            Eventually.within(SOON, () -> local.model().paused() == 1);
            assertThat(local.model().told()).isEqualTo(8);
            Iterator<Token> tokens = stream.iterator();
            tokens.next();
            assertThat(local.model().told()).isEqualTo(8);
            tokens.next();
            Eventually.within(SOON, () -> local.model().paused() == 2);
            assertThat(local.model().told()).isEqualTo(8 + 4);
        }
    }

    @Test
    void readsOneTokenAtATimeWhenTheBufferHoldsOne() {
        StreamConfig config = StreamConfig.builder().bufferSize(1).build();
        try (Local local = Local.saying(Told.message("a", "b", "c"));
                TokenStream stream = local.ask(config)) {
            assertThat(stream.text()).isEqualTo("abc");
            assertThat(local.model().paused()).isGreaterThan(3);
        }
    }

    @Test
    void pausesForFewLargeEventsToo() {
        String megabyte = "x".repeat(1 << 20);
        try (Local local = Local.saying(Told.cut(megabyte, megabyte, megabyte));
                TokenStream stream = local.ask()) {
            Eventually.within(SOON, () -> local.model().paused() == 1);
            assertThat(local.model().told()).isEqualTo(START + 1);
            assertThat(stream.iterator().next().text()).isEqualTo(megabyte);
            Eventually.within(SOON, () -> local.model().paused() == 2);
        }
    }

    @Test
    @Tag("R24")
    void holdsNoMoreOfALongStreamThanOfAShortOne() {
        StreamConfig config = StreamConfig.builder().maxKeptBytes(64 << 10).build();
        try (Local local = Local.endless();
                TokenStream stream = local.ask(config)) {
            Iterator<Token> tokens = stream.iterator();
            for (int i = 0; i < 20_000; i++) {
                tokens.next();
            }
            long base = Heap.usedAfterGc();
            for (int i = 0; i < 300_000; i++) {
                tokens.next();
            }
            Heap.awaitAtMost(base + (2 << 20), Duration.ofSeconds(30));
            assertThat(stream.metrics().tokens()).isGreaterThanOrEqualTo(320_000);
        }
    }
}

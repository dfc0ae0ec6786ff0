package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

@Timeout(30)
class EventuallyTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void returnsAsSoonAsTheConditionHolds() {
        long start = System.nanoTime();
        Eventually.within(LONG, () -> looks.incrementAndGet() == 5);

        assertThat(looks).hasValue(5);
        assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(5).toNanos());
    }

    @Test
    void looksOnceEvenWithoutTime() {
        Eventually.within(Duration.ZERO, () -> true);
        assertThat(Eventually.present(Duration.ZERO, "it", () -> Optional.of(1))).isEqualTo(1);
    }

    @Test
    void failsWithTheNameOfWhatItWaitedFor() {
        assertThatThrownBy(() -> Eventually.within(SHORT, "the sun", () -> false))
                .isInstanceOf(AssertionError.class)
                .hasMessage("not within 20 ms: the sun");
        assertThatThrownBy(() -> Eventually.present(SHORT, "the moon", Optional::empty))
                .hasMessageContaining("the moon");
    }

    @Test
    void failsWithTheLastFailureOfACheck() {
        Eventually.passes(LONG, () -> assertThat(looks.incrementAndGet()).isEqualTo(3));
        assertThatThrownBy(
                        () ->
                                Eventually.passes(
                                        SHORT,
                                        () -> {
                                            throw new AssertionError(
                                                    "look " + looks.incrementAndGet());
                                        }))
                .hasMessageContaining("look " + looks.get());
    }

    @Test
    void staysForTheWholeTimeOrFails() {
        long start = System.nanoTime();
        Eventually.stays(SHORT, "quiet", () -> true);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThatThrownBy(() -> Eventually.stays(LONG, "quiet", () -> looks.incrementAndGet() < 3))
                .hasMessageContaining("quiet");
    }

    @Test
    void givesTheResultOfAFutureOrItsFailure() {
        assertThat(Eventually.completes(LONG, "it", CompletableFuture.completedFuture("a")))
                .isEqualTo("a");
        CompletableFuture<String> failed =
                CompletableFuture.failedFuture(new IllegalStateException("why"));
        assertThatThrownBy(() -> Eventually.completes(LONG, "it", failed))
                .hasMessageContaining("why");
        assertThatThrownBy(() -> Eventually.completes(SHORT, "it", new CompletableFuture<String>()))
                .hasMessage("not within 20 ms: it");
    }

    @Test
    void anInterruptEndsTheWait() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Eventually.within(LONG, () -> false))
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aGateKnowsWhoStandsAtIt() {
        Gate gate = Gate.closed();
        assertThatThrownBy(() -> gate.awaitReached(SHORT)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> gate.await(SHORT)).isInstanceOf(AssertionError.class);
        gate.awaitReached(SHORT);
        assertThat(gate.isOpen()).isFalse();
        gate.open();
        gate.await(SHORT);
        assertThat(gate.isOpen()).isTrue();
    }
}

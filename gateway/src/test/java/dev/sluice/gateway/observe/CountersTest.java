package dev.sluice.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.ExchangeRecords;
import dev.sluice.gateway.exchange.Outcome;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class CountersTest {
    private static final Failure LATE = Failure.of(FailureCode.TIMEOUT, "late");
    private static final Failure GONE = Failure.of(FailureCode.CANCELLED, "gone");

    @Test
    void countsWhatBeganAndHowItEnded() {
        Counters counters = new Counters();
        for (int i = 0; i < 4; i++) {
            counters.onStarted();
        }
        counters.onEnded(ExchangeRecords.record().build());
        counters.onEnded(ExchangeRecords.record().failed(LATE, 504).build());
        counters.onEnded(ExchangeRecords.record().cancelled(GONE).build());

        assertThat(counters.started()).isEqualTo(4);
        assertThat(counters.inFlight()).isEqualTo(1);
        assertThat(counters.ended(Outcome.COMPLETE)).isEqualTo(1);
        assertThat(counters.ended(Outcome.FAILED)).isEqualTo(1);
        assertThat(counters.ended(Outcome.CANCELLED)).isEqualTo(1);
        assertThat(counters.failed(FailureCode.TIMEOUT)).isEqualTo(1);
        assertThat(counters.failed(FailureCode.CANCELLED)).isEqualTo(1);
        assertThat(counters.failed(FailureCode.INTERNAL)).isZero();
    }

    @Test
    @Tag("R31")
    void countsGuesses() {
        Counters counters = new Counters();
        counters.onEnded(ExchangeRecords.record().usage(Usage.of(7, -1, -1, 1, -1)).build());
        assertThat(counters.estimated()).isZero();
        Usage guess = new Usage(7, -1, -1, 1, -1, true);
        counters.onEnded(ExchangeRecords.record().usage(guess).build());
        assertThat(counters.estimated()).isEqualTo(1);
    }

    @Test
    @Tag("R61")
    void isBackAtZeroWhenManyThreadsAreDone() throws InterruptedException {
        Counters counters = new Counters();
        List<Thread> loops = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            loops.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int j = 0; j < 10_000; j++) {
                                            counters.onStarted();
                                            assertThat(counters.inFlight()).isNotNegative();
                                            counters.onEnded(ExchangeRecords.record().build());
                                        }
                                    }));
        }
        for (Thread loop : loops) {
            loop.join();
        }
        assertThat(counters.inFlight()).isZero();
        assertThat(counters.started()).isEqualTo(80_000);
    }

    @Test
    void tellsAllListenersEvenIfOneFails() {
        Counters counters = new Counters();
        ExchangeListener broken =
                new ExchangeListener() {
                    @Override
                    public void onStarted() {
                        throw Failure.of(FailureCode.INTERNAL, "on purpose").asException();
                    }

                    @Override
                    public void onEnded(ExchangeRecord record) {
                        throw Failure.of(FailureCode.INTERNAL, "on purpose").asException();
                    }
                };
        Listeners all = new Listeners(List.of(broken, counters));
        all.onStarted();
        all.onEnded(ExchangeRecords.record().build());

        assertThat(counters.started()).isEqualTo(1);
        assertThat(counters.ended(Outcome.COMPLETE)).isEqualTo(1);
    }
}

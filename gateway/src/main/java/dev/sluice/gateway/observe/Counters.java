package dev.sluice.gateway.observe;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.Outcome;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many exchanges there were since the start, by the way they ended, and how many there are.
 * Written on event loops without contention, read by anybody.
 */
public final class Counters implements ExchangeListener {
    private final LongAdder started = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder estimated = new LongAdder();
    private final Map<Outcome, LongAdder> outcomes = adders(Outcome.class);
    private final Map<FailureCode, LongAdder> failures = adders(FailureCode.class);

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> words) {
        Map<E, LongAdder> adders = new EnumMap<>(words);
        for (E word : words.getEnumConstants()) {
            adders.put(word, new LongAdder());
        }
        return adders;
    }

    @Override
    public void onStarted() {
        started.increment();
    }

    @Override
    public void onEnded(ExchangeRecord record) {
        ended.increment();
        if (record.usage().estimated()) {
            estimated.increment();
        }
        add(outcomes, record.outcome());
        record.failure().ifPresent(failure -> add(failures, failure.code()));
    }

    private static <E extends Enum<E>> void add(Map<E, LongAdder> adders, E word) {
        LongAdder adder = adders.get(word);
        if (adder != null) {
            adder.increment();
        }
    }

    /** Exchanges that began. */
    public long started() {
        return started.sum();
    }

    /** Exchanges that began and have not ended. */
    public long inFlight() {
        // In this order, so that one that ends in between is not counted below zero.
        long over = ended.sum();
        return Math.max(0, started.sum() - over);
    }

    /** Exchanges of whose tokens some are this gateway's guess. */
    public long estimated() {
        return estimated.sum();
    }

    /** Exchanges that ended so. */
    public long ended(Outcome outcome) {
        return sum(outcomes, outcome);
    }

    /**
     * Exchanges that ended with this failure; one that was cancelled counts as {@link
     * FailureCode#CANCELLED}.
     */
    public long failed(FailureCode code) {
        return sum(failures, code);
    }

    private static <E extends Enum<E>> long sum(Map<E, LongAdder> adders, E word) {
        LongAdder adder = adders.get(word);
        return adder == null ? 0 : adder.sum();
    }
}

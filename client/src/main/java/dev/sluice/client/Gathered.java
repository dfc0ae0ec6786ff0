package dev.sluice.client;

import dev.sluice.core.event.Accumulator;
import dev.sluice.core.event.Answer;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a stream up to now: the answer as far as it came, usage, stop reason, times. It
 * is fed by the stream and read by anybody, at any time.
 */
final class Gathered {
    /** The answer of a stream of which nothing came. */
    static final Answer NOTHING =
            new Answer("", "", 0, List.of(), StopReason.OTHER, null, Usage.NONE);

    private final Accumulator accumulator;
    private final Measures measures;
    private Usage usage = Usage.NONE;
    private @Nullable StopReason stopReason;
    private long endNanos;
    private boolean over;

    /**
     * Nothing yet.
     *
     * @param maxBytes most of the answer that is kept
     */
    Gathered(int maxBytes, long startNanos) {
        accumulator = new Accumulator(maxBytes);
        measures = new Measures(startNanos);
    }

    /** Takes the next event, which came at {@code now}. */
    synchronized void take(Event event, long now) {
        switch (event) {
            case Event.MessageStart start -> usage = usage.merge(start.usage());
            case Event.Delta delta -> {
                if (!delta.text().isEmpty() && delta.kind() != Event.DeltaKind.SIGNATURE) {
                    measures.token(now);
                }
            }
            case Event.MessageDelta delta -> {
                usage = usage.merge(delta.usage());
                stopReason = delta.stopReason() == null ? stopReason : delta.stopReason();
            }
            case Event.BlockStart _,
                    Event.BlockStop _,
                    Event.Annotation _,
                    Event.MessageStop _,
                    Event.Ping _,
                    Event.Failed _ -> {}
        }
        accumulator.onEvent(event);
    }

    /** Nothing more comes. */
    synchronized void end(long now) {
        if (!over) {
            over = true;
            endNanos = now;
        }
    }

    /** Whether the answer is larger than what is kept of it. */
    synchronized boolean overflowed() {
        return accumulator.failure().isPresent();
    }

    synchronized Answer answer() {
        Answer kept = accumulator.answer();
        return new Answer(
                kept.id(),
                kept.model(),
                kept.created(),
                kept.blocks(),
                kept.stopReason(),
                kept.stopSequence(),
                usage());
    }

    /** What was reported; counted, and marked so, where nothing was reported or not all yet. */
    synchronized Usage usage() {
        long counted = measures.tokens();
        boolean reported = usage.output() >= counted || isWhole() && usage.output() > 0;
        if (reported || counted == 0) {
            return usage;
        }
        return new Usage(
                usage.input(),
                usage.cacheRead(),
                usage.cacheWrite(),
                counted,
                usage.reasoning(),
                true);
    }

    private boolean isWhole() {
        return accumulator.complete();
    }

    synchronized Optional<StopReason> stopReason() {
        return Optional.ofNullable(stopReason);
    }

    synchronized Duration at(long now) {
        return measures.at(now);
    }

    synchronized long tokens() {
        return measures.tokens();
    }

    synchronized StreamMetrics metrics(long now) {
        return measures.snapshot(usage(), over ? endNanos : now);
    }
}

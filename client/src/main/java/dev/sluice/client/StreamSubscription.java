package dev.sluice.client;

import dev.sluice.core.failure.Failure;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Function;

/**
 * Hands a stream over to its subscriber: as much as was asked for, one signal at a time. It has a
 * loop of its own, so that a subscriber that takes its time does not hold the stream's.
 */
final class StreamSubscription<T> implements Flow.Subscription {
    private final TokenStream stream;
    private final EventBuffer buffer;
    private final Function<Arrival, Optional<T>> map;
    private final SerialLoop loop = new SerialLoop();
    private volatile boolean cancelled;

    // Of the loop alone.
    private Flow.@Nullable Subscriber<? super T> subscriber;
    private @Nullable T next;
    private long demand;

    StreamSubscription(
            TokenStream stream,
            EventBuffer buffer,
            Flow.Subscriber<? super T> subscriber,
            Function<Arrival, Optional<T>> map) {
        this.stream = stream;
        this.buffer = buffer;
        this.subscriber = subscriber;
        this.map = map;
    }

    /** Tells a subscriber that it is not served. */
    static void refuse(Flow.Subscriber<?> subscriber, RuntimeException why) {
        subscriber.onSubscribe(
                new Flow.Subscription() {
                    @Override
                    public void request(long count) {
                        // Nothing comes, whatever is asked for.
                    }

                    @Override
                    public void cancel() {
                        // It never began.
                    }
                });
        subscriber.onError(why);
    }

    void start() {
        loop.execute(
                () -> {
                    guarded(reader -> reader.onSubscribe(this));
                    buffer.listen(() -> loop.execute(this::handOver));
                });
    }

    @Override
    public void request(long count) {
        loop.execute(() -> requested(count));
    }

    private void requested(long count) {
        if (count < 1) {
            RuntimeException wrong =
                    new IllegalArgumentException("count: " + count + " (expected: > 0, rule 3.9)");
            end(reader -> reader.onError(wrong));
            stream.cancel();
            return;
        }
        demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
        handOver();
    }

    @Override
    public void cancel() {
        cancelled = true;
        stream.cancel();
        loop.execute(() -> subscriber = null);
    }

    private void handOver() {
        while (!cancelled && subscriber != null) {
            T ready = buffer.isDiscarded() ? null : next;
            if (ready == null) {
                Optional<Arrival> arrival = buffer.poll();
                if (arrival.isEmpty()) {
                    completeIfOver();
                    return;
                }
                next = arrival.flatMap(map).orElse(null);
            } else if (demand > 0) {
                next = null;
                demand = demand == Long.MAX_VALUE ? demand : demand - 1;
                guarded(reader -> reader.onNext(ready));
            } else {
                return;
            }
        }
    }

    private void completeIfOver() {
        Optional<Ending> ending = buffer.ending();
        // What came between the two questions is still to be handed over.
        if (ending.isEmpty() || buffer.size() > 0) {
            return;
        }
        Failure failure = ending.get().failure();
        if (failure == null) {
            end(Flow.Subscriber::onComplete);
        } else {
            SluiceException broken = stream.exception(ending.get());
            end(reader -> reader.onError(broken));
        }
    }

    private void end(Signal<T> last) {
        guarded(last);
        subscriber = null;
    }

    private interface Signal<T> {
        void to(Flow.Subscriber<? super T> subscriber);
    }

    /** A subscriber that throws has cancelled (rule 2.13); what it threw reaches its thread. */
    private void guarded(Signal<T> signal) {
        Flow.Subscriber<? super T> reader = subscriber;
        if (reader == null || cancelled) {
            return;
        }
        try {
            signal.to(reader);
        } catch (RuntimeException | Error broken) {
            cancel();
            throw broken;
        }
    }
}

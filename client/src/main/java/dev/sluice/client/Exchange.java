package dev.sluice.client;

import dev.sluice.core.event.BlockKind;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One request and its answer: attempts, times, limits. It lives on its loop alone; {@link #start}
 * and {@link #cancel} may be called from anywhere.
 *
 * <p>Events before the first content (the start of the message, of a block) are held, so that a
 * failure up to then can be followed by another attempt of which the reader sees nothing. With the
 * first content the choice is made.
 */
final class Exchange {
    private static final int MOST_HELD = 64;

    /** How long a server may take to end an answer whose message is whole. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final SerialLoop loop;
    private final Provider provider;
    private final ProviderCall call;
    private final StreamConfig config;
    private final Reservation reservation;
    private final long startNanos;
    private final Gathered gathered;
    private final EventBuffer buffer;
    private final List<Event> held = new ArrayList<>();
    private final Backoff backoff;
    private @Nullable Attempt attempt;
    private @Nullable Runnable retryTimer;
    private @Nullable Runnable silenceTimer;
    private @Nullable Runnable deadlineTimer;
    private @Nullable Throwable accident;
    private long progressNanos;
    private boolean committed;
    private boolean paused;
    private boolean over;

    Exchange(
            SerialLoop loop,
            Provider provider,
            ProviderCall call,
            StreamConfig config,
            Reservation reservation) {
        this.loop = loop;
        this.provider = provider;
        this.call = call;
        this.config = config;
        this.reservation = reservation;
        this.startNanos = System.nanoTime();
        this.progressNanos = startNanos;
        this.gathered = new Gathered(config.maxKeptBytes(), startNanos);
        this.buffer = new EventBuffer(config.bufferSize(), () -> loop.execute(this::resume));
        this.backoff = new Backoff(config.retries(), config.backoff());
    }

    Gathered gathered() {
        return gathered;
    }

    EventBuffer buffer() {
        return buffer;
    }

    void start() {
        loop.execute(
                () -> {
                    config.deadline().ifPresent(this::armDeadline);
                    armSilence(config.timeout());
                    open();
                });
    }

    /** Ends the stream from this side. What was not read yet is not read any more. */
    void cancel(String by) {
        Ending ending = Ending.cancelled(by);
        gathered.end(System.nanoTime());
        buffer.discard(ending);
        loop.execute(() -> finish(ending));
    }

    private void open() {
        if (!over) {
            attempt = new Attempt(this, provider, call);
            attempt.open();
        }
    }

    // From the attempt

    /** The next event of the message; no ping and no failure. */
    void event(Event event) {
        if (over) {
            return;
        }
        if (committed) {
            deliver(event);
        } else if (isContent(event) || held.size() == MOST_HELD) {
            commit();
            deliver(event);
        } else {
            held.add(Arrival.of(event, 0).event());
        }
    }

    private static boolean isContent(Event event) {
        return switch (event) {
            case Event.Delta delta -> !delta.text().isEmpty();
            case Event.BlockStart start ->
                    start.kind() == BlockKind.TOOL_USE
                            || start.kind() == BlockKind.REDACTED_THINKING
                            || start.kind() == BlockKind.OPAQUE;
            case Event.Annotation _, Event.MessageStop _, Event.Failed _ -> true;
            case Event.MessageStart _, Event.BlockStop _, Event.MessageDelta _, Event.Ping _ ->
                    false;
        };
    }

    private void commit() {
        committed = true;
        for (Event event : held) {
            deliver(event);
        }
        held.clear();
    }

    private void deliver(Event event) {
        long now = System.nanoTime();
        progressNanos = now;
        Arrival arrival = Arrival.of(event, now);
        gathered.take(arrival.event(), now);
        boolean isFull = buffer.put(arrival);
        if (event instanceof Event.MessageStop) {
            finish(Ending.WHOLE);
        } else if (reservation.isExceeded(gathered.tokens())) {
            fail(reservation.exceeded());
        } else if (isFull && !paused) {
            pause();
        }
    }

    /** The attempt failed; {@code cause} is the exception behind it, if there is one. */
    void attemptFailed(Failure failure, @Nullable Throwable cause) {
        if (over) {
            return;
        }
        accident = cause == null ? accident : cause;
        if (committed || !failure.code().retryable()) {
            fail(failure);
            return;
        }
        long left = startNanos + config.timeout().toNanos() - System.nanoTime();
        backoff.next(failure, Duration.ofNanos(left))
                .ifPresentOrElse(this::retryAfter, () -> fail(failure));
    }

    private void retryAfter(Duration wait) {
        held.clear();
        retryTimer = Timers.after(wait, loop, this::open);
    }

    /** Something failed that has no better place to tell. */
    void report(RuntimeException unexpected) {
        accident = unexpected;
    }

    // Backpressure

    private void pause() {
        paused = true;
        if (attempt != null) {
            attempt.pause();
        }
    }

    private void resume() {
        if (paused) {
            paused = false;
            progressNanos = System.nanoTime();
            if (attempt != null && !over) {
                attempt.resume();
            }
        }
    }

    // Time

    private void armSilence(Duration wait) {
        silenceTimer = Timers.after(wait, loop, this::checkSilence);
    }

    /** The timer is not moved with each token; it looks how long ago the last one was. */
    private void checkSilence() {
        if (over) {
            return;
        }
        long left = progressNanos + config.timeout().toNanos() - System.nanoTime();
        if (paused) {
            armSilence(config.timeout());
        } else if (left > 0) {
            armSilence(Duration.ofNanos(left));
        } else {
            fail(timedOut((committed ? "no token came for " : "no first token came for ")));
        }
    }

    private Failure timedOut(String what) {
        return Failure.of(
                FailureCode.TIMEOUT,
                what
                        + config.timeout().toMillis()
                        + " ms from `"
                        + provider.name()
                        + "` (timeout)");
    }

    private void armDeadline(Duration limit) {
        deadlineTimer =
                Timers.after(
                        limit,
                        loop,
                        () ->
                                fail(
                                        Failure.of(
                                                FailureCode.TIMEOUT,
                                                "the stream took longer than "
                                                        + limit.toMillis()
                                                        + " ms (deadline)")));
    }

    // The end

    private void fail(Failure failure) {
        if (!over) {
            // Held events may say what it cost.
            held.forEach(event -> gathered.take(event, System.nanoTime()));
            finish(new Ending(failure, accident));
        }
    }

    private void finish(Ending ending) {
        if (over) {
            return;
        }
        over = true;
        gathered.end(System.nanoTime());
        buffer.end(ending);
        disarm(silenceTimer);
        disarm(deadlineTimer);
        disarm(retryTimer);
        Usage usage = gathered.usage();
        reservation.settle(usage, gathered.tokens());
        Attempt last = attempt;
        if (last != null) {
            if (ending.failure() == null) {
                Timers.after(GRACE, loop, last::leave);
            } else {
                last.cancel();
            }
        }
    }

    private static void disarm(@Nullable Runnable timer) {
        if (timer != null) {
            timer.run();
        }
    }
}

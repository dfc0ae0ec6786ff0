package dev.sluice.gateway.simulated;

import dev.sluice.core.event.Event;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.gateway.simulated.Plan.Ending;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * Hands a telling over in time. Token {@code k} is due at a fixed moment after the start, so that a
 * late timer delays one token and not all that follow; what became due during a pause comes after
 * it, and no more than that.
 *
 * <p>It is woken by one timer or one task at a time. Between two events it looks whether it was
 * paused or cancelled, and after {@link #TOKENS_PER_TURN} tokens it gives the loop back, however
 * much is due.
 */
final class SimulatedStream implements Stream {
    private static final System.Logger LOG = System.getLogger(SimulatedStream.class.getName());

    static final int TOKENS_PER_TURN = 32;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long PING_NANOS = 1_000 * NANOS_PER_MILLI;

    private final Loop loop;
    private final Receiver receiver;
    private final Telling telling;
    private final long startNanos;
    private final long firstNanos;
    private final long intervalNanos;
    private final ArrayDeque<Event> ready = new ArrayDeque<>();
    private final EventSink intoReady = ready::add;
    private final Runnable turn = this::turn;
    private Loop.@Nullable Timer timer;
    private boolean turnAsked;
    private boolean connected;
    private boolean paused;
    private boolean closed;
    private boolean silent;
    private long told;
    private long lastSignNanos;

    /** A stream that hands {@code telling} over once it was started. */
    SimulatedStream(
            Loop loop, Receiver receiver, Telling telling, long firstMillis, long intervalMillis) {
        this.loop = loop;
        this.receiver = receiver;
        this.telling = telling;
        this.startNanos = loop.nanoTime();
        this.firstNanos = firstMillis * NANOS_PER_MILLI;
        this.intervalNanos = intervalMillis * NANOS_PER_MILLI;
    }

    /** Begins in a later turn of the loop. */
    void start() {
        askForTurn();
    }

    @Override
    public void pause() {
        paused = true;
        disarm();
    }

    @Override
    public void resume() {
        if (paused) {
            paused = false;
            askForTurn();
        }
    }

    @Override
    public void cancel() {
        closed = true;
        disarm();
        ready.clear();
    }

    private void turn() {
        try {
            tellOn();
        } catch (RuntimeException | Error accident) {
            LOG.log(System.Logger.Level.ERROR, "the simulated model had an accident", accident);
            cancel();
            receiver.onFailure(
                    Failure.of(FailureCode.INTERNAL, "the simulated model had an accident"));
        }
    }

    private void tellOn() {
        turnAsked = false;
        disarm();
        if (!connected && !paused && !closed) {
            connected = true;
            receiver.onConnected();
        }
        for (int left = TOKENS_PER_TURN; handOver(); left--) {
            if (telling.over()) {
                end();
                return;
            }
            if (!due(startNanos + firstNanos + told * intervalNanos)) {
                return;
            }
            if (left == 0) {
                askForTurn();
                return;
            }
            telling.next(intoReady);
            told++;
        }
    }

    /** Hands over what is ready; whether more may follow. */
    private boolean handOver() {
        while (!paused && !closed) {
            Event event = ready.poll();
            if (event == null) {
                return true;
            }
            receiver.onEvent(event);
        }
        return false;
    }

    private void end() {
        switch (telling.ending()) {
            case Ending.Stopped _, Ending.Failed _ -> closed = true;
            case Ending.Broken(Failure failure) -> {
                closed = true;
                receiver.onFailure(failure);
            }
            case Ending.Silent(boolean pings) -> {
                if (pings) {
                    ping();
                }
            }
        }
    }

    private void ping() {
        long now = loop.nanoTime();
        if (!silent) {
            silent = true;
            lastSignNanos = now;
        }
        if (now - lastSignNanos >= PING_NANOS) {
            lastSignNanos = now;
            receiver.onEvent(Event.PING);
        }
        if (!paused && !closed) {
            due(lastSignNanos + PING_NANOS);
        }
    }

    /** Whether {@code nanos} has come; if not, sets the timer to it. */
    private boolean due(long nanos) {
        long wait = nanos - loop.nanoTime();
        if (wait <= 0) {
            return true;
        }
        timer = loop.schedule((wait + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI, turn);
        return false;
    }

    private void disarm() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void askForTurn() {
        if (!turnAsked && !closed) {
            turnAsked = true;
            loop.execute(turn);
        }
    }
}

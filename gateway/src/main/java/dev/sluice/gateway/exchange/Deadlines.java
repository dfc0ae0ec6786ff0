package dev.sluice.gateway.exchange;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * The times of one exchange: what is due next, and the one timer for all of it. The timer fires at
 * the earliest of the limits, looks which one is really due, and is set again; it is set anew only
 * when a limit moves closer. So a token moves no timer.
 */
final class Deadlines {
    /** What has come. */
    enum Due {
        NOTHING,
        /** The whole answer has taken too long. */
        TOTAL,
        /** An answer whose client has left has gone on for long enough. */
        DEPARTURE,
        /** The client has taken nothing for too long. */
        SLOW_READER,
        /** The upstream has been silent for too long. */
        SILENCE,
        /** The client has heard nothing for so long that it needs a sign of life. */
        KEEPALIVE
    }

    private static final long NEVER = Long.MAX_VALUE;

    private final Loop loop;
    private final Consumer<Due> watcher;
    private final long start;
    private final long keepalive;
    private final long slowReader;

    private Loop.@Nullable Timer timer;

    /** When the timer fires. */
    private long armed;

    private boolean stopped;

    private long now;
    private long total;
    private long departure = NEVER;

    /** When the client was last sent something. */
    private long sent;

    private boolean paused;
    private long pausedAt;

    /** Since when the upstream is silent, and how long it may be; {@link #NEVER} while none is. */
    private long silentSince;

    private long patience = NEVER;

    /**
     * Times that begin now.
     *
     * @param watcher is told what has come whenever the timer fires
     * @param keepalive how long the client may hear nothing; zero means for ever
     */
    Deadlines(Loop loop, Consumer<Due> watcher, Duration keepalive, Duration slowReader) {
        this.loop = loop;
        this.watcher = watcher;
        this.start = loop.nanoTime();
        this.now = start;
        this.sent = start;
        this.keepalive = keepalive.isZero() ? NEVER : keepalive.toNanos();
        this.slowReader = slowReader.toNanos();
    }

    // ---- the time of this turn ----

    long start() {
        return start;
    }

    /** The time of all that this turn of the loop brings. */
    long now() {
        return now;
    }

    /** Something comes from outside: another turn. */
    void turn() {
        now = loop.nanoTime();
    }

    // ---- what moves the limits ----

    /** An upstream is asked. */
    void asked(Timeouts timeouts) {
        turn();
        total = timeouts.total().toNanos();
        silence(timeouts.firstToken());
        paused = false;
        armEarlier();
    }

    /** The first content has come. */
    void answering(Timeouts timeouts) {
        silence(timeouts.interToken());
        armEarlier();
    }

    private void silence(Duration most) {
        silentSince = now;
        patience = most.toNanos();
    }

    /** No upstream is asked at present. */
    void betweenTries() {
        patience = NEVER;
    }

    /** Content has come. */
    void content() {
        silentSince = now;
    }

    /** The client is sent something. */
    void sent() {
        sent = now;
    }

    boolean isPaused() {
        return paused;
    }

    /** The client cannot follow, so the upstream is not read. */
    void paused() {
        paused = true;
        pausedAt = now;
        armEarlier();
    }

    /** The client can follow again. */
    void resumed() {
        paused = false;
        turn();
        silentSince = now;
        armEarlier();
    }

    /** The client has left, and the exchange may go on for {@code time}. */
    void left(Duration time) {
        turn();
        departure = now + time.toNanos();
        armEarlier();
    }

    // ---- the timer ----

    /** Sets the timer for the first time. */
    void arm() {
        if (!stopped) {
            armed = next();
            long wait = armed - loop.nanoTime();
            timer = loop.schedule(Math.max(1, wait / 1_000_000 + 1), this::fire);
        }
    }

    /**
     * Sets the timer anew if it would fire too late; while it fires there is none, and it is set
     * after.
     */
    private void armEarlier() {
        if (timer != null && next() < armed) {
            timer.cancel();
            arm();
        }
    }

    /** Nothing is due any more. */
    void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
        }
    }

    private void fire() {
        timer = null;
        if (!stopped) {
            turn();
            watcher.accept(due());
            arm();
        }
    }

    private long next() {
        long next = Math.min(start + total, departure);
        if (paused) {
            return Math.min(next, pausedAt + slowReader);
        }
        if (keepalive != NEVER) {
            next = Math.min(next, sent + keepalive);
        }
        return patience == NEVER ? next : Math.min(next, silentSince + patience);
    }

    private Due due() {
        if (now >= start + total) {
            return Due.TOTAL;
        }
        if (isDeparted()) {
            return Due.DEPARTURE;
        }
        if (paused) {
            return now >= pausedAt + slowReader ? Due.SLOW_READER : Due.NOTHING;
        }
        if (patience != NEVER && now >= silentSince + patience) {
            return Due.SILENCE;
        }
        return keepalive != NEVER && now >= sent + keepalive ? Due.KEEPALIVE : Due.NOTHING;
    }

    /** Whether the time after the client's departure is over. */
    boolean isDeparted() {
        return now >= departure;
    }
}

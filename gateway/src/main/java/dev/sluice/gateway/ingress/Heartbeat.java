package dev.sluice.gateway.ingress;

import dev.sluice.gateway.exchange.Loop;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Asks a peer for a sign of life at each interval. One that has left two without an answer is lost
 * when the third is due, whatever its connection looks like.
 */
final class Heartbeat {
    /** Pings that may stay without an answer. */
    private static final int MOST_MISSED = 2;

    private final Loop loop;
    private final Supplier<Duration> interval;
    private final Runnable ping;
    private final Runnable lost;
    private Loop.@Nullable Timer timer;
    private int missed;
    private boolean stopped;

    /**
     * One that has not started.
     *
     * @param interval from one ping to the next; zero means never
     * @param ping asks the peer
     * @param lost what is done about one that does not answer
     */
    Heartbeat(Loop loop, Supplier<Duration> interval, Runnable ping, Runnable lost) {
        this.loop = loop;
        this.interval = interval;
        this.ping = ping;
        this.lost = lost;
    }

    void start() {
        long millis = interval.get().toMillis();
        if (millis > 0 && !stopped) {
            timer = loop.schedule(millis, this::beat);
        }
    }

    private void beat() {
        if (missed++ >= MOST_MISSED) {
            lost.run();
        } else {
            ping.run();
            start();
        }
    }

    /** The peer has answered. */
    void heard() {
        missed = 0;
    }

    void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
        }
    }
}

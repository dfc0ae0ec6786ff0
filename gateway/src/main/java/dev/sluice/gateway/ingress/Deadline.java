package dev.sluice.gateway.ingress;

import dev.sluice.gateway.exchange.Exchange;
import dev.sluice.gateway.exchange.Loop;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** The time that a client gives for a whole answer, and after which nobody waits for it. */
final class Deadline {
    private final Loop loop;
    private Loop.@Nullable Timer timer;
    private boolean over;

    Deadline(Loop loop) {
        this.loop = loop;
    }

    /** Sets it, unless the answer is over already. */
    void of(Exchange exchange, Duration time) {
        if (!over) {
            timer = loop.schedule(Math.max(1, time.toMillis()), exchange::onDeadline);
        }
    }

    /** The answer is over. */
    void over() {
        over = true;
        if (timer != null) {
            timer.cancel();
        }
    }
}

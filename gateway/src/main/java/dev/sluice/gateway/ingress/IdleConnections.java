package dev.sluice.gateway.ingress;

import dev.sluice.gateway.exchange.Loop;

import io.vertx.core.http.HttpConnection;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Closes connections on which nothing is asked: those that never send the head of a request, or
 * send it a byte at a time, and those that are kept for a next one too long. A connection with a
 * request under way is none of its business, however quiet.
 */
final class IdleConnections {
    private static final long SWEEP_MILLIS = 1000;

    private static final class State {
        int active;
        long idleSince;

        State(long now) {
            idleSince = now;
        }
    }

    private final Loop loop;
    private final long mostNanos;
    private final Map<HttpConnection, State> connections = new HashMap<>();
    private boolean sweeping;

    IdleConnections(Loop loop, Duration most) {
        this.loop = loop;
        this.mostNanos = most.toNanos();
    }

    /** How many connections are open. */
    int open() {
        return connections.size();
    }

    /** A client has connected. */
    void opened(HttpConnection connection) {
        if (!sweeping) {
            sweeping = true;
            loop.schedule(sweepMillis(), this::sweep);
        }
        connections.put(connection, new State(loop.nanoTime()));
        connection.closeHandler(_ -> connections.remove(connection));
    }

    private long sweepMillis() {
        return Math.clamp(mostNanos / 4_000_000, 10, SWEEP_MILLIS);
    }

    /**
     * A request has begun; the result is to be run when its response is over, and does nothing the
     * second time.
     */
    Runnable begin(HttpConnection connection) {
        State state = connections.get(connection);
        if (state == null) {
            return () -> {};
        }
        state.active++;
        return new Once() {
            @Override
            void once() {
                state.active--;
                state.idleSince = loop.nanoTime();
            }
        };
    }

    private void sweep() {
        long now = loop.nanoTime();
        Iterator<Map.Entry<HttpConnection, State>> all = connections.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<HttpConnection, State> entry = all.next();
            State state = entry.getValue();
            if (state.active == 0 && now - state.idleSince > mostNanos) {
                all.remove();
                entry.getKey().close();
            }
        }
        sweeping = !connections.isEmpty();
        if (sweeping) {
            loop.schedule(sweepMillis(), this::sweep);
        }
    }
}

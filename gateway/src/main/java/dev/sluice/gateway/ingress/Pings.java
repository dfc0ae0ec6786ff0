package dev.sluice.gateway.ingress;

import dev.sluice.gateway.exchange.Loop;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Signs of life on connections of HTTP/2 whose clients wait and whose answers have none of their
 * own, as those of gRPC: a ping each interval, however many calls there are. A client that answers
 * none is gone, whatever its connection looks like.
 */
final class Pings {
    /** Pings that may stay without an answer. */
    private static final int MOST_MISSED = 2;

    private final Loop loop;
    private final Supplier<Duration> interval;
    private final Map<HttpConnection, Pinging> pinged = new HashMap<>();

    /** Pings at {@code interval}; at zero, none. */
    Pings(Loop loop, Supplier<Duration> interval) {
        this.loop = loop;
        this.interval = interval;
    }

    /**
     * A call has begun on {@code connection}; the result is to be run when it is over, and does
     * nothing the second time.
     */
    Runnable begin(HttpConnection connection) {
        Pinging pinging = pinged.computeIfAbsent(connection, Pinging::new);
        pinging.begin();
        return new Runnable() {
            private boolean over;

            @Override
            public void run() {
                if (!over) {
                    over = true;
                    pinging.end();
                }
            }
        };
    }

    private final class Pinging {
        private final HttpConnection connection;
        private Loop.Timer timer = () -> {};
        private int calls;
        private int missed;

        Pinging(HttpConnection connection) {
            this.connection = connection;
            arm();
        }

        private void arm() {
            long millis = interval.get().toMillis();
            if (millis > 0) {
                timer = loop.schedule(millis, this::ping);
            }
        }

        private void ping() {
            if (missed++ >= MOST_MISSED) {
                connection.close();
                return;
            }
            connection.ping(Buffer.buffer(new byte[8])).onSuccess(_ -> missed = 0);
            arm();
        }

        void begin() {
            calls++;
        }

        void end() {
            if (--calls == 0) {
                timer.cancel();
                pinged.remove(connection);
            }
        }
    }
}

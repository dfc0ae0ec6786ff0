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
        return new Once() {
            @Override
            void once() {
                pinging.end();
            }
        };
    }

    private final class Pinging {
        private final HttpConnection connection;
        private final Heartbeat heartbeat;
        private int calls;

        Pinging(HttpConnection connection) {
            this.connection = connection;
            heartbeat = new Heartbeat(loop, interval, this::ping, connection::close);
            heartbeat.start();
        }

        private void ping() {
            connection.ping(Buffer.buffer(new byte[8])).onSuccess(_ -> heartbeat.heard());
        }

        void begin() {
            calls++;
        }

        void end() {
            if (--calls == 0) {
                heartbeat.stop();
                pinged.remove(connection);
            }
        }
    }
}

package dev.sluice.gateway.streams;

import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.gateway.exchange.ClientTransport;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.gateway.ingress.KeptAnswers;

import java.util.List;

/**
 * A client that takes a stream up again: it gets what follows the event that it had last, and then
 * what comes.
 */
final class Comeback implements KeptAnswers.Answering {
    private static final byte[] KEEPALIVE = {':', ' ', 'k', 'e', 'e', 'p', 'a', 'l', 'i', 'v', 'e'};

    private final KeptStream stream;
    private final ClientDialect dialect;
    private final ClientTransport client;
    private final Loop loop;
    private long next;
    private boolean over;

    /** A client that has event {@code last} and wants what follows. */
    Comeback(
            KeptStream stream,
            long last,
            ClientDialect dialect,
            ClientTransport client,
            Loop loop) {
        this.stream = stream;
        this.next = last + 1;
        this.dialect = dialect;
        this.client = client;
        this.loop = loop;
    }

    @Override
    public void start() {
        client.startStream(
                200,
                new Headers(
                        List.of(
                                new Header("content-type", dialect.streamContentType()),
                                new Header("cache-control", "no-cache, no-transform"),
                                new Header("x-accel-buffering", "no"))));
        // What is sent at once shows the client that it is connected, even where nothing comes.
        ping();
        loop.execute(this::pump);
    }

    /** There is more; from the loop of the exchange. */
    void more(boolean signOfLife) {
        loop.execute(
                () -> {
                    if (signOfLife && !over) {
                        ping();
                    }
                    pump();
                });
    }

    /** Another client has come back to the stream; from its loop. */
    void displaced() {
        loop.execute(
                () -> {
                    if (!over) {
                        over = true;
                        client.abort();
                    }
                });
    }

    private void ping() {
        client.out().add(KEEPALIVE).add("\n\n");
        client.flush();
    }

    private void pump() {
        if (over) {
            return;
        }
        boolean more = true;
        while (more && client.isWritable()) {
            byte[] event = stream.event(this, next);
            more = event != null;
            if (event != null) {
                next++;
                client.out().add(event);
                client.flush();
            }
        }
        stream.taken(this, next);
        if (stream.isEndedAt(next)) {
            over = true;
            client.endStream();
        }
    }

    @Override
    public void onDrained() {
        pump();
    }

    @Override
    public void onClientGone() {
        if (!over) {
            over = true;
            stream.left(this);
        }
    }
}

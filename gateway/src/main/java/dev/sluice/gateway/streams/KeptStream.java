package dev.sluice.gateway.streams;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.gateway.exchange.ClientCall;
import dev.sluice.gateway.exchange.ClientTransport;
import dev.sluice.gateway.exchange.ClientWatch;
import dev.sluice.gateway.exchange.Exchange;
import dev.sluice.gateway.exchange.Loop;
import dev.sluice.gateway.ingress.KeptAnswers;

import org.jspecify.annotations.Nullable;

/**
 * Stands between an exchange and its client, keeps the end of what passes, and lets the exchange go
 * on for a while when the client is gone.
 *
 * <p>The client that asked is written to directly. One that comes back is a {@link Comeback}: it
 * reads what is kept, on the event loop that it has come in by, and takes the place of whoever was
 * there before. So the events are guarded by a lock, which is held for moments; all else happens on
 * the loop of the exchange.
 *
 * <p>What no client has taken is bounded: when there is no more room the exchange is paused, as
 * with a client that reads slowly.
 */
final class KeptStream implements ClientTransport, ClientWatch, KeptAnswers.Admitted {
    /** What a stream costs beside its events. */
    private static final int OVERHEAD = 1024;

    private static final String CUT =
            "{\"type\":\"error\",\"message\":\"the stream was cut: nobody took what came"
                    + " of it for too long\",\"code\":\"slow_reader\",\"fault\":\"client\"}";

    private final ClientCall call;
    private final ClientTransport client;
    private final Loop loop;
    private final StreamStore store;
    private final byte[] asked;
    private final ByteBuilder pending = new ByteBuilder(512);
    private @Nullable Exchange exchange;
    private Loop.@Nullable Timer window;
    private boolean attached = true;
    private boolean started;
    private boolean exchangeEnded;

    // Guarded by this.
    private final EventTail tail = new EventTail();
    private long counted;
    private @Nullable Comeback reader;
    private long taken = 1;
    private boolean ended;
    private boolean gone;

    /** A stream of {@code call}; {@code asked} tells its prompt from others. */
    KeptStream(
            ClientCall call, ClientTransport client, Loop loop, StreamStore store, byte[] asked) {
        this.call = call;
        this.client = client;
        this.loop = loop;
        this.store = store;
        this.asked = asked.clone();
    }

    String id() {
        return call.exchangeId();
    }

    String principal() {
        return call.principal();
    }

    byte[] asked() {
        return asked.clone();
    }

    @Override
    public ClientCall call() {
        return call;
    }

    @Override
    public ClientTransport client() {
        return this;
    }

    @Override
    public ClientWatch watch(Exchange made) {
        exchange = made;
        return this;
    }

    // ---- the client that asked ----

    @Override
    public void onDrained() {
        if (exchange != null && attached) {
            exchange.onDrained();
        }
    }

    @Override
    public void onClientGone() {
        if (!attached || exchange == null) {
            return;
        }
        attached = false;
        if (started && !exchange.endsWithClient()) {
            leave();
        } else if (started) {
            expire();
        } else {
            // It has no id by which to come back.
            exchange.onClientGone();
        }
    }

    // ---- without a client ----

    /** Nobody reads: the exchange goes on for as long as somebody may come back. */
    private void leave() {
        cancelWindow();
        window = loop.schedule(store.window().toMillis(), this::expire);
        if (exchange != null && isWritable()) {
            exchange.onDrained();
        }
    }

    private void cancelWindow() {
        if (window != null) {
            window.cancel();
            window = null;
        }
    }

    private void expire() {
        window = null;
        synchronized (this) {
            if (reader != null && !ended) {
                return;
            }
            gone = true;
            store.grow(-counted);
            counted = 0;
        }
        store.remove(this);
        if (!exchangeEnded && exchange != null) {
            exchange.onClientGone();
        }
    }

    // ---- clients that come back; on their loops ----

    /** What came of an attempt to take the stream up. */
    enum Attachment {
        ATTACHED,
        /** The events that follow the client's last one are not kept any more. */
        TOO_LATE,
        /** There is no event of that number yet. */
        TOO_EARLY
    }

    /** Lets {@code next} read from event {@code number} on, in the place of all before it. */
    Attachment attach(Comeback next, long number) {
        Comeback before;
        synchronized (this) {
            if (gone || number < tail.first()) {
                return Attachment.TOO_LATE;
            }
            if (number > tail.next()) {
                return Attachment.TOO_EARLY;
            }
            before = reader;
            reader = next;
            taken = number;
        }
        if (before != null) {
            before.displaced();
        }
        loop.execute(this::displaceFirst);
        return Attachment.ATTACHED;
    }

    private void displaceFirst() {
        if (!exchangeEnded) {
            cancelWindow();
        }
        if (attached) {
            attached = false;
            client.abort();
        }
        roomMade();
    }

    /** The event of that number for {@code asking}; null if there is none now. */
    synchronized byte @Nullable [] event(Comeback asking, long number) {
        return asking == reader ? tail.get(number) : null;
    }

    /** Whether nothing comes from event {@code number} on. */
    synchronized boolean isEndedAt(long number) {
        return ended && number >= tail.next();
    }

    /** {@code asking} has taken all events before {@code number}. */
    void taken(Comeback asking, long number) {
        synchronized (this) {
            if (asking != reader || number == taken) {
                return;
            }
            taken = number;
            trim();
        }
        loop.execute(this::roomMade);
    }

    private void roomMade() {
        if (exchange != null && !exchangeEnded && isWritable()) {
            exchange.onDrained();
        }
    }

    /** {@code leaving} is gone. */
    void left(Comeback leaving) {
        synchronized (this) {
            if (leaving != reader) {
                return;
            }
            reader = null;
        }
        loop.execute(
                () -> {
                    if (!exchangeEnded && !hasReader()) {
                        leave();
                    }
                });
    }

    private synchronized boolean hasReader() {
        return reader != null;
    }

    /**
     * The client wants no more of it, whatever the route says of clients that leave; from any loop.
     * Whoever is still there is told of the end. {@code stopped} is run on the loop of the
     * exchange.
     */
    void stop(Runnable stopped) {
        loop.execute(
                () -> {
                    if (exchange != null && !exchangeEnded) {
                        exchange.onCancel();
                    }
                    cancelWindow();
                    expire();
                    stopped.run();
                });
    }

    // ---- the exchange ----

    @Override
    public void startStream(int status, Headers headers) {
        started = true;
        store.keep(this);
        synchronized (this) {
            counted = OVERHEAD;
            store.grow(OVERHEAD);
        }
        client.startStream(status, headers);
    }

    @Override
    public ByteBuilder out() {
        return pending;
    }

    @Override
    public void flush() {
        if (pending.isEmpty()) {
            return;
        }
        boolean events;
        Comeback reading;
        synchronized (this) {
            long before = tail.next();
            tail.add(pending);
            events = tail.next() > before;
            reading = reader;
            // One that has just come back may not have displaced the first client yet.
            if (attached && reading == null) {
                taken = tail.next();
            }
            trim();
        }
        if (reading != null) {
            reading.more(!events);
        } else if (attached) {
            client.out().add(pending);
            client.flush();
        }
        pending.clear();
        pending.shrink(4096);
    }

    /** Keeps no more behind the client than there is room for; under the lock. */
    private void trim() {
        tail.trim(store.behindClient(), taken);
        long now = gone ? 0 : OVERHEAD + tail.bytes();
        store.grow(now - counted);
        counted = now;
    }

    @Override
    public boolean isWritable() {
        if (attached) {
            return client.isWritable();
        }
        synchronized (this) {
            return tail.bytes() < store.aheadOfClient();
        }
    }

    @Override
    public void endStream() {
        flush();
        if (attached) {
            client.endStream();
        }
        end();
    }

    @Override
    public void reply(int status, Headers headers, byte[] body) {
        if (attached) {
            client.reply(status, headers, body);
        }
        end();
    }

    /** A client that comes back must not take what was cut for the whole. */
    @Override
    public void abort() {
        if (attached) {
            client.abort();
        }
        synchronized (this) {
            tail.add(
                    new ByteBuilder()
                            .add("id: ")
                            .add(id())
                            .add('-')
                            .number(tail.next())
                            .add("-end\ndata: ")
                            .add(CUT)
                            .add("\n\n"));
        }
        end();
    }

    /** Nothing more comes; what there is stays for a client that did not get it all. */
    private void end() {
        attached = false;
        exchangeEnded = true;
        Comeback reading;
        synchronized (this) {
            ended = true;
            reading = reader;
        }
        if (reading != null) {
            reading.more(false);
        }
        cancelWindow();
        if (!started || store.isFull()) {
            expire();
        } else {
            window = loop.schedule(store.window().toMillis(), this::expire);
        }
    }
}

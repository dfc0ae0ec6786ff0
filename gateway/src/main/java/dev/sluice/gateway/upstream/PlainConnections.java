package dev.sluice.gateway.upstream;

import dev.sluice.gateway.exchange.Loop;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.vertx.core.Closeable;
import io.vertx.core.Completable;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Connections of HTTP/1.1 without TLS to one model server: what stands between the gateway and the
 * models beside it. One for each stream; idle ones are used again, the youngest first.
 */
final class PlainConnections implements Connections {
    private static final int IDLE_SECONDS = 30;
    private static final int WAITING_PER_CONNECTION = 4;

    private record Waiting(UpstreamRequest request, HttpStream stream) {}

    private final Loop loop;
    private final Bootstrap bootstrap;
    private final URI base;
    private final int most;
    private final int mostHeadBytes;
    private final ReadBuffer buffer = new ReadBuffer();

    /** All of them, those too that are still being opened. */
    private final Set<PlainConnection> all = new HashSet<>();

    private final Deque<PlainConnection> idle = new ArrayDeque<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final ContextInternal context;
    private final Closeable cut = this::cut;
    private boolean sweeps;
    private boolean closed;

    /** No connection yet; {@code mostHeadBytes} bounds the head of an answer. */
    PlainConnections(ContextInternal context, Loop loop, UpstreamPlan plan, int mostHeadBytes) {
        this.context = context;
        this.loop = loop;
        this.base = plan.base();
        this.most = plan.connections();
        this.mostHeadBytes = mostHeadBytes;
        VertxInternal vertx = context.owner();
        bootstrap =
                new Bootstrap()
                        .group(context.nettyEventLoop())
                        .channelFactory(vertx.transport().channelFactory(false))
                        .resolver(vertx.nameResolver().nettyAddressResolverGroup())
                        .option(ChannelOption.TCP_NODELAY, true)
                        // One read in a turn of the loop, of 64 KiB at most: it is sent before the
                        // next, so that a client which is slow is noticed before more is taken in.
                        .option(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1));
        context.addCloseHook(cut);
    }

    @Override
    public void send(UpstreamRequest request, HttpStream stream) {
        PlainConnection free = idle.pollLast();
        if (free != null) {
            free.send(request, stream);
        } else if (all.size() < most) {
            connect(request, stream);
        } else {
            await(request, stream);
        }
    }

    private void await(UpstreamRequest request, HttpStream stream) {
        long places = (long) most * WAITING_PER_CONNECTION;
        if (waiting.size() >= places) {
            waiting.removeIf(other -> other.stream.isOver());
        }
        if (waiting.size() >= places) {
            stream.crowdedOut(most);
        } else {
            waiting.add(new Waiting(request, stream));
        }
    }

    private void connect(UpstreamRequest request, HttpStream stream) {
        PlainConnection made = new PlainConnection(this, base, buffer, mostHeadBytes);
        all.add(made);
        ChannelFuture connected =
                bootstrap
                        .clone()
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                request.connectTimeoutMillis())
                        .handler(made)
                        .connect(base.getHost(), HttpUpstream.port(base));
        connected.addListener(
                _ -> {
                    if (connected.isSuccess()) {
                        made.send(request, stream);
                    } else {
                        gone(made);
                        stream.unreachable(connected.cause());
                    }
                });
    }

    /** The loop that all of them live on. */
    Loop loop() {
        return loop;
    }

    /** {@code connection} is free for another request. */
    void free(PlainConnection connection) {
        Waiting next = nextWaiting();
        if (next != null) {
            connection.send(next.request, next.stream);
        } else if (closed) {
            connection.close();
        } else {
            idle.add(connection);
            sweepLater();
        }
    }

    /** {@code connection}, which stood, is closed. */
    void closed(PlainConnection connection) {
        idle.remove(connection);
        gone(connection);
    }

    private void gone(PlainConnection connection) {
        all.remove(connection);
        Waiting next = nextWaiting();
        if (next != null) {
            connect(next.request, next.stream);
        }
    }

    private @Nullable Waiting nextWaiting() {
        Waiting next = waiting.poll();
        while (next != null && next.stream.isOver()) {
            next = waiting.poll();
        }
        return next;
    }

    private void sweepLater() {
        if (!sweeps) {
            sweeps = true;
            loop.schedule(1000, this::sweep);
        }
    }

    /** Closes what was idle for too long. */
    private void sweep() {
        sweeps = false;
        long now = loop.nanoTime();
        for (PlainConnection connection : idle.toArray(PlainConnection[]::new)) {
            if (connection.isIdleFor(now, IDLE_SECONDS)) {
                connection.close();
            }
        }
        if (!idle.isEmpty()) {
            sweepLater();
        }
    }

    /** The event loop ends, and closes nothing by itself: what is left goes now. */
    private void cut(Completable<Void> done) {
        loop.execute(
                () -> {
                    waiting.clear();
                    for (PlainConnection connection : all.toArray(PlainConnection[]::new)) {
                        connection.cut();
                    }
                    done.succeed();
                });
    }

    @Override
    public void close() {
        closed = true;
        context.removeCloseHook(cut);
        for (PlainConnection connection : idle.toArray(PlainConnection[]::new)) {
            connection.close();
        }
    }
}

package dev.sluice.gateway.ingress;

import dev.sluice.gateway.exchange.Loop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;

import java.util.concurrent.TimeUnit;

/** The event loop of a Vert.x context. */
public final class VertxLoop implements Loop {
    private final ContextInternal context;
    private final EventLoop loop;

    /** The loop of {@code context}. */
    public VertxLoop(Context context) {
        this.context = (ContextInternal) context;
        this.loop = this.context.nettyEventLoop();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long currentTimeMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public Timer schedule(long delayMillis, Runnable task) {
        ScheduledFuture<?> due =
                loop.schedule(
                        () -> context.dispatch(task),
                        Math.max(1, delayMillis),
                        TimeUnit.MILLISECONDS);
        return () -> due.cancel(false);
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(() -> context.dispatch(task));
    }
}

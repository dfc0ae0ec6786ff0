package dev.sluice.gateway.ingress;

import dev.sluice.gateway.exchange.Loop;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** The event loop of a Vert.x context. */
public final class VertxLoop implements Loop {
    private final Vertx vertx;
    private final Context context;

    /** The loop of {@code context}. */
    public VertxLoop(Vertx vertx, Context context) {
        this.vertx = vertx;
        this.context = context;
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
        long id = vertx.setTimer(Math.max(1, delayMillis), _ -> task.run());
        return () -> vertx.cancelTimer(id);
    }

    @Override
    public void execute(Runnable task) {
        context.runOnContext(_ -> task.run());
    }
}

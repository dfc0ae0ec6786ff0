package dev.sluice.llama;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * The way from the threads of models to one event loop. However many streams of the loop a step of
 * a model has something for, the loop is asked once, and not before the last of them is in: where
 * all cores compute it takes the thread of the model off its core each time.
 */
final class Mailbox {
    private final Executor loop;
    private final BooleanSupplier closed;
    private final Queue<LlamaStream> streams = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final Runnable delivery = this::deliver;

    /** A mailbox of {@code loop}, whose streams hear nothing more once it is {@code closed}. */
    Mailbox(Executor loop, BooleanSupplier closed) {
        this.loop = loop;
        this.closed = closed;
    }

    boolean isClosed() {
        return closed.getAsBoolean();
    }

    /** Asks for {@code stream} to be looked at on the loop. Any thread. */
    void post(LlamaStream stream) {
        put(stream);
        flush();
    }

    /** The same, when somebody asks the next time. */
    void put(LlamaStream stream) {
        streams.add(stream);
    }

    /** Asks for all that were put in. Any thread. */
    void flush() {
        if (!streams.isEmpty() && asked.compareAndSet(false, true)) {
            loop.execute(delivery);
        }
    }

    private void deliver() {
        asked.set(false);
        for (LlamaStream stream = streams.poll(); stream != null; stream = streams.poll()) {
            stream.deliver();
        }
    }
}

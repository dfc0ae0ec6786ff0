package dev.sluice.gateway.observe;

import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes one line for each exchange. Event loops only put records into a bounded queue; one thread
 * of its own writes them. When the queue is full, lines are dropped, counted, and the count is
 * told: a slow terminal never holds up a token.
 */
public final class AccessLog implements ExchangeListener, AutoCloseable {
    private static final int QUEUE = 16_384;

    private record Ended(ExchangeRecord record, Instant at) {}

    private final BlockingQueue<Ended> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong dropped = new AtomicLong();
    private final PrintStream out;
    private final boolean json;
    private final Clock clock;
    private final Thread writer;
    private volatile boolean closing;

    /** A log to {@code out}, as text or as JSON. */
    public AccessLog(PrintStream out, boolean json, Clock clock) {
        this.out = out;
        this.json = json;
        this.clock = clock;
        this.writer = Thread.ofPlatform().daemon().name("access-log").start(this::write);
    }

    @Override
    public void onStarted() {}

    @Override
    public void onEnded(ExchangeRecord record) {
        if (!queue.offer(new Ended(record, clock.instant()))) {
            dropped.incrementAndGet();
        }
    }

    private void write() {
        try {
            while (!closing || !queue.isEmpty()) {
                Ended next = queue.poll(100, TimeUnit.MILLISECONDS);
                if (next == null) {
                    out.flush();
                    continue;
                }
                print(next);
                if (queue.isEmpty()) {
                    out.flush();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        out.flush();
    }

    private void print(Ended ended) {
        Map<String, Object> pairs = AccessLine.pairs(ended.record(), ended.at());
        out.println(json ? AccessLine.json(pairs) : AccessLine.text(pairs));
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            out.println(json ? "{\"dropped_lines\":" + lost + "}" : "dropped_lines=" + lost);
        }
    }

    /** Writes what is queued and ends; returns within two seconds. */
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

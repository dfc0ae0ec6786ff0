package dev.sluice.gateway.observe;

import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes one line for each exchange. Event loops only put records into a bounded queue; one thread
 * of its own writes them, as many at once as are there. When the queue is full, lines are dropped,
 * counted, and the count is told: a slow terminal never holds up a token.
 */
public final class AccessLog implements ExchangeListener, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AccessLog.class.getName());
    private static final int QUEUE = 16_384;
    private static final int BATCH = 512;
    private static final long CLOSE_MILLIS = 2_000;

    private record Ended(ExchangeRecord record, Instant at) {}

    private final BlockingQueue<Ended> queue;
    private final AtomicLong dropped = new AtomicLong();
    private final PrintStream out;
    private final boolean json;
    private final Clock clock;
    private final Thread writer;
    private volatile boolean closing;

    /** A log to {@code out}, as text or as JSON. */
    public AccessLog(PrintStream out, boolean json, Clock clock) {
        this(out, json, clock, QUEUE);
    }

    AccessLog(PrintStream out, boolean json, Clock clock, int capacity) {
        this.out = out;
        this.json = json;
        this.clock = clock;
        this.queue = new ArrayBlockingQueue<>(capacity);
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
        List<Ended> batch = new ArrayList<>(BATCH);
        try {
            while (!closing || !queue.isEmpty()) {
                Ended first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, BATCH - 1);
                    print(batch);
                    batch.clear();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(List<Ended> batch) {
        StringBuilder lines = new StringBuilder();
        for (Ended ended : batch) {
            try {
                AccessLine line = AccessLine.of(ended.record, ended.at);
                lines.append(json ? line.json() : line.text()).append('\n');
            } catch (RuntimeException accident) {
                dropped.incrementAndGet();
                LOG.log(System.Logger.Level.ERROR, "an access line could not be made", accident);
            }
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            lines.append(json ? "{\"dropped_lines\":" + lost + "}" : "dropped_lines=" + lost)
                    .append('\n');
        }
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }

    /** Writes what is queued and ends; returns within two seconds, whatever the terminal does. */
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

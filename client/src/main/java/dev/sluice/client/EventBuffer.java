package dev.sluice.client;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Optional;

/**
 * What stands between the model and a slow reader: a bounded queue of events. It never blocks the
 * model's side, which is told when the queue is full and once more when half of it is free.
 */
final class EventBuffer {
    /** A few events may be as large as many. */
    private static final long MOST_BYTES = 1 << 20;

    private final int capacity;
    private final Runnable onRoom;
    private final ArrayDeque<Arrival> events = new ArrayDeque<>();
    private @Nullable Runnable onChange;
    private @Nullable Ending ending;
    private long bytes;
    private boolean full;
    private boolean discarded;

    /**
     * An empty buffer.
     *
     * @param onRoom called by the reader's thread when a buffer that was full has room again
     */
    EventBuffer(int capacity, Runnable onRoom) {
        this.capacity = capacity;
        this.onRoom = onRoom;
    }

    /** Adds an event; whether the buffer is full now. */
    boolean put(Arrival event) {
        Runnable listener;
        boolean isFull;
        synchronized (this) {
            if (ending != null) {
                return false;
            }
            events.add(event);
            bytes += event.bytes();
            full |= events.size() >= capacity || bytes >= MOST_BYTES;
            isFull = full;
            listener = onChange;
            notifyAll();
        }
        tell(listener);
        return isFull;
    }

    /** Nothing is added any more; what is there can still be read. */
    void end(Ending how) {
        end(how, false);
    }

    /** Nothing is added any more, and nothing is read. */
    void discard(Ending how) {
        end(how, true);
    }

    private void end(Ending how, boolean discard) {
        Runnable listener;
        synchronized (this) {
            // A whole message that is not read to its end is no whole message for its reader.
            if (ending == null || discard && !events.isEmpty()) {
                ending = how;
            }
            if (discard) {
                events.clear();
                discarded = true;
            }
            listener = onChange;
            notifyAll();
        }
        tell(listener);
    }

    /** How it ended, once it did. */
    synchronized Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /** Whether what was not read shall not be read. */
    synchronized boolean isDiscarded() {
        return discarded;
    }

    /** Events that wait for the reader. */
    synchronized int size() {
        return events.size();
    }

    /** Calls {@code listener} whenever there may be something to read, now and later. */
    void listen(Runnable listener) {
        synchronized (this) {
            onChange = listener;
        }
        listener.run();
    }

    /** The next event, as soon as there is one; empty at the end. */
    Optional<Arrival> take() throws InterruptedException {
        synchronized (this) {
            while (events.isEmpty() && ending == null) {
                wait();
            }
        }
        return poll();
    }

    /** Waits for the end; what is there is left there. */
    synchronized Ending awaitEnd() throws InterruptedException {
        while (ending == null) {
            wait();
        }
        return ending;
    }

    /** The next event if there is one now. */
    Optional<Arrival> poll() {
        Arrival event;
        boolean room = false;
        synchronized (this) {
            event = events.poll();
            if (event == null) {
                return Optional.empty();
            }
            bytes -= event.bytes();
            if (full && events.size() <= capacity / 2 && bytes <= MOST_BYTES / 2) {
                full = false;
                room = true;
            }
        }
        if (room) {
            onRoom.run();
        }
        return Optional.of(event);
    }

    private static void tell(@Nullable Runnable listener) {
        if (listener != null) {
            listener.run();
        }
    }
}

package dev.sluice.gateway.streams;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The streams that clients may take up again. Shared by all event loops. */
public final class StreamStore {
    /** What is kept of a stream when too much is kept already. */
    private static final long LITTLE = 4 << 10;

    private final Duration window;
    private final long buffer;
    private final long maxBytes;
    private final Map<String, KeptStream> byId = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * A store.
     *
     * @param window how long a stream goes on without a client and is kept after its end
     * @param buffer bytes of one stream
     * @param maxBytes bytes of all of them
     */
    public StreamStore(Duration window, long buffer, long maxBytes) {
        this.window = window;
        this.buffer = buffer;
        this.maxBytes = maxBytes;
    }

    boolean isEnabled() {
        return !window.isZero();
    }

    Duration window() {
        return window;
    }

    /** Bytes that may be kept behind a client that is there. */
    long behindClient() {
        return isFull() ? LITTLE : buffer / 2;
    }

    /** Bytes that may be kept for a client that has not taken them. */
    long aheadOfClient() {
        return isFull() ? LITTLE : buffer;
    }

    boolean isFull() {
        return bytes.get() > maxBytes;
    }

    /** How large all streams are together. */
    public long bytes() {
        return bytes.get();
    }

    /** How many streams are kept. */
    public int size() {
        return byId.size();
    }

    void grow(long more) {
        bytes.addAndGet(more);
    }

    void keep(KeptStream stream) {
        byId.put(stream.id(), stream);
    }

    void remove(KeptStream stream) {
        byId.remove(stream.id(), stream);
    }

    Optional<KeptStream> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }
}

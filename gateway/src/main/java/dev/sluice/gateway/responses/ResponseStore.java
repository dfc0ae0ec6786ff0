package dev.sluice.gateway.responses;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The responses that are kept, the oldest first. Bounded in number, bytes and age: what is over a
 * bound goes, the oldest first. Shared by all event loops; every call is short.
 */
public final class ResponseStore {
    /** One response may be this part of all. */
    private static final int LARGEST_PART = 4;

    private final int maxEntries;
    private final long maxBytes;
    private final long maxAgeNanos;
    private final LongSupplier nanoTime;
    private final Map<String, StoredResponse> byId = new LinkedHashMap<>();
    private long bytes;

    /** A store of at most {@code maxEntries} responses and {@code maxBytes} bytes. */
    public ResponseStore(int maxEntries, long maxBytes, Duration maxAge, LongSupplier nanoTime) {
        this.maxEntries = maxEntries;
        this.maxBytes = maxBytes;
        this.maxAgeNanos = maxAge.toNanos();
        this.nanoTime = nanoTime;
    }

    /** How many may be kept. */
    int maxEntries() {
        return maxEntries;
    }

    /** Whether anything is kept at all. */
    boolean isEnabled() {
        return maxEntries > 0;
    }

    /** How many responses are kept. */
    public synchronized int size() {
        expire();
        return byId.size();
    }

    /** How large they are together. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Keeps a response whose id has become known; of the same id the newer one. */
    synchronized void keep(StoredResponse response) {
        expire();
        response.keptAt(nanoTime.getAsLong());
        drop(byId.remove(response.id()));
        byId.put(response.id(), response);
        grow(response, response.size());
    }

    /** Counts {@code more} bytes of a response; it goes if it is too large by now. */
    synchronized void grow(StoredResponse response, long more) {
        if (!response.equals(byId.get(response.id()))) {
            return;
        }
        response.counted(more);
        bytes += more;
        if (response.countedBytes() > maxBytes / LARGEST_PART) {
            drop(byId.remove(response.id()));
        }
        Iterator<StoredResponse> oldest = byId.values().iterator();
        while ((byId.size() > maxEntries || bytes > maxBytes) && oldest.hasNext()) {
            StoredResponse next = oldest.next();
            oldest.remove();
            drop(next);
        }
    }

    /** The response of that id, whoever asked for it. */
    synchronized Optional<StoredResponse> find(String id) {
        expire();
        return Optional.ofNullable(byId.get(id));
    }

    /** Forgets a response. */
    synchronized void remove(StoredResponse response) {
        if (byId.remove(response.id(), response)) {
            drop(response);
        }
    }

    private void expire() {
        long now = nanoTime.getAsLong();
        Iterator<StoredResponse> oldest = byId.values().iterator();
        while (oldest.hasNext()) {
            StoredResponse next = oldest.next();
            if (now - next.keptAt() < maxAgeNanos) {
                return;
            }
            oldest.remove();
            drop(next);
        }
    }

    private void drop(@Nullable StoredResponse response) {
        if (response != null) {
            bytes -= response.countedBytes();
            response.dropped();
        }
    }
}

package dev.sluice.gateway.responses;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Raw;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * One response that is kept: what it answers, what became of it, and its stream. Written on the
 * loop of its exchange, read on any.
 */
final class StoredResponse {
    /** What an object costs beside its bytes. */
    private static final int OVERHEAD = 512;

    private final String principal;
    private final List<Raw> input;
    private final ByteBuilder frames = new ByteBuilder(1024);
    private final List<Runnable> followers = new ArrayList<>();
    private String id = "";
    private boolean upstreams;
    private @Nullable Raw object;
    private boolean ended;
    private boolean cancelled;
    private boolean dropped;
    private Runnable cancel = () -> {};
    private Runnable whenEnded = () -> {};

    // Of the store, and guarded by it.
    private long keptAt;
    private long counted;

    /** A response to {@code input}, the whole conversation before it. */
    StoredResponse(String principal, List<Raw> input) {
        this.principal = principal;
        this.input = List.copyOf(input);
    }

    long keptAt() {
        return keptAt;
    }

    void keptAt(long nanos) {
        keptAt = nanos;
    }

    long countedBytes() {
        return counted;
    }

    void counted(long more) {
        counted += more;
    }

    /** Whose it is. */
    String principal() {
        return principal;
    }

    /** The conversation that it answers. */
    List<Raw> input() {
        return input;
    }

    /** Bytes that it holds now. */
    synchronized long size() {
        long size = OVERHEAD;
        size += frames.length();
        size += object == null ? 0 : object.length();
        for (Raw item : input) {
            size += item.length();
        }
        return size;
    }

    synchronized String id() {
        return id;
    }

    /** Whether the upstream itself gave the id, and so may know it. */
    synchronized boolean isUpstreams() {
        return upstreams;
    }

    /** What the response is now. */
    synchronized void become(String newId, boolean fromUpstream, Raw newObject) {
        id = newId;
        upstreams = fromUpstream;
        object = newObject;
    }

    /** The response object, unless nothing is known of it. */
    synchronized @Nullable Raw object() {
        return object;
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    synchronized boolean isEnded() {
        return ended;
    }

    /** Whether it is kept no more, so that nothing need be written to it. */
    synchronized boolean isDropped() {
        return dropped;
    }

    synchronized void dropped() {
        dropped = true;
    }

    /** How it is cancelled while it runs. */
    synchronized void cancelBy(Runnable how) {
        cancel = how;
    }

    /** Runs {@code then} when nothing more comes. */
    synchronized void whenEnded(Runnable then) {
        whenEnded = then;
    }

    /** Cancels it if it runs; its end follows. */
    void cancel() {
        Runnable how;
        synchronized (this) {
            if (ended) {
                return;
            }
            cancelled = true;
            how = cancel;
        }
        how.run();
    }

    // ---- the stream ----

    /** The stream goes on. */
    void append(byte[] bytes, int offset, int length) {
        synchronized (this) {
            frames.add(bytes, offset, length);
        }
        tell();
    }

    /** Nothing more comes; {@code complete} is false if it was broken off. */
    void end(boolean complete) {
        Runnable then;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            cancelled |= !complete;
            cancel = () -> {};
            then = whenEnded;
        }
        then.run();
        tell();
    }

    private void tell() {
        List<Runnable> now;
        synchronized (this) {
            now = List.copyOf(followers);
        }
        now.forEach(Runnable::run);
    }

    /** Runs {@code more} whenever the stream has gone on, on the loop of the exchange. */
    synchronized void follow(Runnable more) {
        followers.add(more);
    }

    synchronized void unfollow(Runnable more) {
        followers.remove(more);
    }

    /** A copy of the stream as far as it came. */
    synchronized byte[] stream() {
        return frames.toBytes();
    }

    /**
     * Copies at most {@code most} bytes from {@code from} on into {@code out}; returns how many.
     */
    synchronized int copy(int from, int most, ByteBuilder out) {
        int count = Math.min(most, frames.length() - from);
        if (count > 0) {
            out.add(frames.array(), from, count);
        }
        return Math.max(0, count);
    }

    /** Whether the stream ends at {@code position}. */
    synchronized boolean endsAt(int position) {
        return ended && position >= frames.length();
    }
}

package dev.sluice.testkit.http;

import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Json;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A request that reached a {@link FakeUpstream}, whole, and what became of its answer and its
 * connection.
 */
public final class UpstreamRequest {
    private final HttpHead head;
    private final byte[] body;
    private final int attempt;
    private final int connection;
    private final long arrivedNanos = System.nanoTime();
    private final AtomicLong sent = new AtomicLong();
    private final CompletableFuture<Void> answered = new CompletableFuture<>();
    private final CompletableFuture<ConnectionEnd> closed;

    UpstreamRequest(
            HttpHead head,
            byte[] body,
            int attempt,
            int connection,
            CompletableFuture<ConnectionEnd> closed) {
        this.head = head;
        this.body = body;
        this.attempt = attempt;
        this.connection = connection;
        this.closed = closed;
    }

    /** GET, POST … */
    public String method() {
        return method(head);
    }

    /** The target as it was sent, with its query. */
    public String target() {
        return target(head);
    }

    /** The target without its query. */
    public String path() {
        return path(head);
    }

    /** A header's value; several lines are joined with commas. */
    public Optional<String> header(String name) {
        return head.value(name);
    }

    /** All headers as they came, in order. */
    public List<Map.Entry<String, String>> headers() {
        return head.headers();
    }

    /** A copy of the body, without framing. */
    public byte[] body() {
        return body.clone();
    }

    /** The body as strict UTF-8. */
    public String text() {
        return Json.utf8(body);
    }

    /** The body as a strict JSON object. */
    public ObjectNode json() {
        return Json.object(text());
    }

    /** 1 for the first request with this method and path, 2 for the next. */
    public int attempt() {
        return attempt;
    }

    /** Which connection brought it: 1 for the first that was accepted. */
    public int connection() {
        return connection;
    }

    /** When the last byte of the request was here, by {@link System#nanoTime}. */
    public long arrivedNanos() {
        return arrivedNanos;
    }

    /** Bytes of the answer that the socket has taken so far, with head and framing. */
    public long sent() {
        return sent.get();
    }

    /**
     * Waits until the socket has taken nothing for so long, as when nobody reads; returns {@link
     * #sent}. Fails after the limit.
     */
    public long awaitStandstill(Duration quiet, Duration limit) {
        AtomicLong last = new AtomicLong(sent());
        AtomicLong since = new AtomicLong(System.nanoTime());
        Eventually.within(
                limit,
                "the upstream stands still",
                () -> {
                    long now = sent();
                    if (last.getAndSet(now) != now) {
                        since.set(System.nanoTime());
                    }
                    return System.nanoTime() - since.get() >= quiet.toNanos();
                });
        return last.get();
    }

    /** Completes when the script has played to its end; never, when the peer went before. */
    public CompletableFuture<Void> whenAnswered() {
        return answered.copy();
    }

    /**
     * Completes when the connection ended, with how and when. A peer that half-closes counts as
     * gone.
     */
    public CompletableFuture<ConnectionEnd> whenClosed() {
        return closed.copy();
    }

    /**
     * Waits until the peer has closed or reset the connection; fails after the limit, or when this
     * side closed first.
     */
    public ConnectionEnd awaitPeerClose(Duration limit) {
        ConnectionEnd end = Eventually.completes(limit, "the peer closes the connection", closed);
        if (!end.byPeer()) {
            throw new AssertionError("the upstream closed the connection before the peer did");
        }
        return end;
    }

    @Override
    public String toString() {
        return head.startLine() + " (attempt " + attempt + ", " + body.length + " bytes)";
    }

    void addSent(int bytes) {
        sent.addAndGet(bytes);
    }

    void markAnswered() {
        answered.complete(null);
    }

    static String method(HttpHead head) {
        return head.startLine().substring(0, head.startLine().indexOf(' '));
    }

    static String target(HttpHead head) {
        String line = head.startLine();
        return line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
    }

    static String path(HttpHead head) {
        String target = target(head);
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }
}

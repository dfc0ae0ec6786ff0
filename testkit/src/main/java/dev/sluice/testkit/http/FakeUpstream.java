package dev.sluice.testkit.http;

import dev.sluice.testkit.Eventually;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * An upstream that does what its scripts say: an HTTP/1.1 server on a raw socket of 127.0.0.1,
 * which can therefore misbehave in every way a real one does, and which records what it was asked
 * and when its peers went away.
 *
 * {@snippet :
 * try (FakeUpstream upstream = FakeUpstream.start()) {
 *     upstream.on("/v1/chat/completions", Script.status(503), Script.stream(golden.bytes()));
 *     ... // a gateway with this upstream.uri() is called
 *     UpstreamRequest second = upstream.request(2);
 *     assertThat(second.json().path("model").stringValue()).isEqualTo("gpt-5-mini");
 * }
 * }
 *
 * Requests that are not HTTP/1.1 as it should be written, and scripts that break, are {@link
 * #failures}; {@link #close} throws them.
 */
public final class FakeUpstream implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration ARRIVAL = Duration.ofSeconds(10);
    private static final int BACKLOG = 4096;

    private final ServerSocket listener;
    private final Optional<SSLContext> tls;
    private final Map<String, Function<UpstreamRequest, Script>> routes = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();
    private final Set<UpstreamConnection> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final List<UpstreamRequest> requests = new CopyOnWriteArrayList<>();
    private final List<AssertionError> failures = new CopyOnWriteArrayList<>();
    private volatile Function<UpstreamRequest, Script> otherwise = FakeUpstream::notFound;
    private volatile Duration deadline = DEADLINE;
    private volatile int sendBuffer;
    private volatile boolean closed;

    private FakeUpstream(Optional<SSLContext> tls) {
        this.tls = tls;
        try {
            listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        on("GET /v1/models", Script.openAiModels("test-model"));
        Thread.ofVirtual().name("upstream-accept").start(this::accept);
    }

    /**
     * Starts on a free port. It lists one model, {@code test-model}, and answers 404 to everything
     * else until told otherwise.
     */
    public static FakeUpstream start() {
        return new FakeUpstream(Optional.empty());
    }

    /** As {@link #start()}, over TLS. */
    public static FakeUpstream start(SSLContext tls) {
        return new FakeUpstream(Optional.of(tls));
    }

    /**
     * Answers requests of a route, {@code /path} or {@code METHOD /path} without a query: the first
     * with the first script, the second with the second; the last script serves all that follow.
     */
    public FakeUpstream on(String route, Script first, Script... later) {
        return on(
                route,
                request ->
                        request.attempt() == 1 || later.length == 0
                                ? first
                                : later[Math.min(request.attempt() - 2, later.length - 1)]);
    }

    /** Answers requests of a route as the function says; it sees the whole request. */
    public FakeUpstream on(String route, Function<UpstreamRequest, Script> answer) {
        routes.put(route, answer);
        return this;
    }

    /** Answers all requests that no route takes. */
    public FakeUpstream otherwise(Script script) {
        return otherwise(_ -> script);
    }

    /** Answers all requests that no route takes, as the function says. */
    public FakeUpstream otherwise(Function<UpstreamRequest, Script> answer) {
        otherwise = answer;
        return this;
    }

    /** Answers GET /v1/models so. */
    public FakeUpstream models(Script script) {
        return on("GET /v1/models", script);
    }

    /**
     * Gives later connections a send buffer of about so many bytes, so that a peer that does not
     * read is felt early.
     */
    public FakeUpstream sendBuffer(int bytes) {
        sendBuffer = bytes;
        return this;
    }

    /** Changes how long a script may stand at a gate, or hold, before it fails (30 s). */
    public FakeUpstream deadline(Duration limit) {
        deadline = limit;
        return this;
    }

    /** The port of 127.0.0.1. */
    public int port() {
        return listener.getLocalPort();
    }

    /** {@code http://127.0.0.1:PORT}, or https. */
    public URI uri() {
        return URI.create((tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + port());
    }

    /** All requests so far, in the order of their arrival; those for the list of models too. */
    public List<UpstreamRequest> requests() {
        return List.copyOf(requests);
    }

    /** All requests so far with this path. */
    public List<UpstreamRequest> requests(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    /**
     * Forgets the requests so far, and their attempts: for tests that send thousands and then look
     * at the heap.
     */
    public void forgetRequests() {
        requests.clear();
        attempts.clear();
    }

    /** The n-th request that was not a GET, counted from 1; waits for it up to 10 s. */
    public UpstreamRequest request(int number) {
        return Eventually.present(
                ARRIVAL,
                "request " + number + " reaches the upstream",
                () ->
                        requests.stream()
                                .filter(r -> !r.method().equals("GET"))
                                .skip(number - 1L)
                                .findFirst());
    }

    /** The first request that was not a GET; waits for it up to 10 s. */
    public UpstreamRequest request() {
        return request(1);
    }

    /** Connections that are open now. */
    public int openConnections() {
        return open.size();
    }

    /** Connections ever accepted: fewer than requests where the peer keeps a pool. */
    public int acceptedConnections() {
        return accepted.get();
    }

    /** What went wrong so far: malformed requests, scripts that threw, gates that nobody opened. */
    public List<AssertionError> failures() {
        return List.copyOf(failures);
    }

    /** Forgets the failures: for tests that cause them on purpose. */
    public void forgiveFailures() {
        failures.clear();
    }

    /** Drops all connections (RST) and goes on listening: an upstream that restarts. */
    public void resetAll() {
        for (UpstreamConnection connection : open) {
            try {
                connection.reset();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Stops, and throws the first failure with the others suppressed. */
    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.forEach(UpstreamConnection::close);
        if (!failures.isEmpty()) {
            AssertionError first = failures.getFirst();
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    // For the connections

    Duration deadline() {
        return deadline;
    }

    UpstreamRequest arrived(
            HttpHead head, byte[] body, int connection, CompletableFuture<ConnectionEnd> closed) {
        String route = UpstreamRequest.method(head) + " " + UpstreamRequest.path(head);
        int attempt = attempts.computeIfAbsent(route, _ -> new AtomicInteger()).incrementAndGet();
        UpstreamRequest request = new UpstreamRequest(head, body, attempt, connection, closed);
        requests.add(request);
        return request;
    }

    Script scriptFor(UpstreamRequest request) {
        Function<UpstreamRequest, Script> answer =
                routes.get(request.method() + " " + request.path());
        if (answer == null) {
            answer = routes.getOrDefault(request.path(), otherwise);
        }
        return answer.apply(request);
    }

    void ended(UpstreamConnection connection) {
        open.remove(connection);
    }

    void fail(String what, Throwable cause) {
        if (!closed) {
            failures.add(new AssertionError(what, cause));
        }
    }

    private void accept() {
        while (!closed) {
            @Nullable Socket socket = null;
            try {
                socket = listener.accept();
                serve(socket);
            } catch (IOException e) {
                fail("cannot serve a connection", e);
                if (socket == null) {
                    return;
                }
            }
        }
    }

    private void serve(Socket tcp) throws IOException {
        tcp.setTcpNoDelay(true);
        if (sendBuffer > 0) {
            tcp.setSendBufferSize(sendBuffer);
        }
        Socket socket = tls.isPresent() ? secure(tcp, tls.get()) : tcp;
        UpstreamConnection connection =
                new UpstreamConnection(this, accepted.incrementAndGet(), tcp, socket);
        open.add(connection);
        connection.start();
    }

    private static Socket secure(Socket tcp, SSLContext context) throws IOException {
        String host = tcp.getInetAddress().getHostAddress();
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(tcp, host, tcp.getPort(), true);
        socket.setUseClientMode(false);
        return socket;
    }

    private static Script notFound(UpstreamRequest request) {
        return Script.json(
                404,
                "{\"error\":{\"message\":\"no"
                    + " route\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}");
    }
}

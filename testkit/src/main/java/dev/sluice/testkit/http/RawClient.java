package dev.sluice.testkit.http;

import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Json;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * An HTTP/1.1 client on a raw socket: sends exactly the bytes it is told, and reads only when it is
 * told, so that a test decides when the server meets a full socket. Every call ends within the
 * deadline (10 s unless changed) or fails. For one thread.
 *
 * {@snippet :
 * try (RawClient client = RawClient.connect(port)) {
 *     RawResponse response = client.post("/v1/chat/completions", json);
 *     assertThat(response.status()).isEqualTo(200);
 *     SseEvent first = response.events().take();
 *     client.reset();
 * }
 * }
 */
public final class RawClient implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final long GRACE_MILLIS = 1_000;

    private final Socket socket;
    private final HttpInput in;
    private final OutputStream out;
    private Duration deadline = DEADLINE;
    private long readUntil;
    private boolean closed;
    private Optional<RawResponse> current = Optional.empty();

    private RawClient(Socket socket) {
        try {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            this.out = socket.getOutputStream();
            this.in = new HttpInput(this::readSocket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects to a port of 127.0.0.1. */
    public static RawClient connect(int port) {
        return connect(port, 0);
    }

    /**
     * Connects with a receive buffer of about so many bytes (0: the system's), so that a client
     * that does not read is felt by the server early.
     */
    public static RawClient connect(int port, int receiveBufferBytes) {
        Socket socket = new Socket();
        try {
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            socket.connect(address, (int) DEADLINE.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot connect to port " + port, e);
        }
        return new RawClient(socket);
    }

    /** Speaks over a connected socket of the caller's making, TLS for example. */
    public static RawClient over(Socket connected) {
        return new RawClient(connected);
    }

    /** Changes how long each later call may take. */
    public RawClient deadline(Duration limit) {
        this.deadline = limit;
        return this;
    }

    /** Our port, by which the server may know this connection. */
    public int localPort() {
        return socket.getLocalPort();
    }

    /** Posts JSON and reads the head of the answer. */
    public RawResponse post(String target, String json) {
        return exchange(RawRequest.post(target, json));
    }

    /** Gets, and reads the head of the answer. */
    public RawResponse get(String target) {
        return exchange(RawRequest.get(target));
    }

    /** Sends a request and reads the head of the answer. */
    public RawResponse exchange(RawRequest request) {
        send(request);
        return response();
    }

    /** Sends a request. */
    public void send(RawRequest request) {
        send(request.bytes());
    }

    /** Sends exactly this text, as UTF-8. */
    public void send(String text) {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends exactly these bytes; fails when the server does not take them within the deadline. */
    public void send(byte[] bytes) {
        Eventually.completes(
                deadline, "the server takes " + bytes.length + " bytes", sendLater(bytes));
    }

    /**
     * Sends these bytes from another thread; the future completes when the socket took them all.
     */
    public CompletableFuture<Void> sendLater(byte[] bytes) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                out.write(bytes);
                                sent.complete(null);
                            } catch (IOException e) {
                                sent.completeExceptionally(e);
                            }
                        });
        return sent;
    }

    /** Sends byte by byte with a pause after each. */
    public void sendSlowly(byte[] bytes, Duration pause) {
        for (byte b : bytes) {
            send(new byte[] {b});
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    /**
     * Reads the next response's head; interim answers (100 and others, not 101) are passed over.
     */
    public RawResponse response() {
        return response(true);
    }

    /** Reads the response to a HEAD request, which has no body whatever its head says. */
    public RawResponse responseToHead() {
        return response(false);
    }

    private RawResponse response(boolean mayHaveBody) {
        if (current.isPresent() && !current.get().isAtEnd()) {
            throw new IllegalStateException("the response before this one was not read to its end");
        }
        try {
            startReading();
            RawResponse response = new RawResponse(this, HttpHead.readExpected(in), mayHaveBody);
            while (response.isInterim()) {
                response = new RawResponse(this, HttpHead.readExpected(in), mayHaveBody);
            }
            current = Optional.of(response);
            return response;
        } catch (IOException e) {
            throw broken("while a response head was expected", e);
        }
    }

    /** Says that we send no more (FIN), and goes on reading. */
    public void halfClose() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Drops the connection at once (RST). */
    public void reset() {
        try {
            closed = true;
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads and throws away what comes until the server ends the connection, and says how and when
     * it did.
     */
    public ConnectionEnd awaitEnd() {
        startReading();
        try {
            while (in.await()) {
                in.some(Long.MAX_VALUE);
            }
            return new ConnectionEnd(ConnectionEnd.How.FIN, in.nanos());
        } catch (SocketTimeoutException e) {
            throw broken("while the end of the connection was expected", e);
        } catch (IOException _) {
            return new ConnectionEnd(ConnectionEnd.How.RESET, System.nanoTime());
        }
    }

    /**
     * All that comes until the server ends the connection, byte for byte as ISO 8859-1: for answers
     * to what is no request.
     */
    public String rest() {
        StringBuilder all = new StringBuilder();
        startReading();
        try {
            while (in.await()) {
                all.append(new String(in.some(Long.MAX_VALUE), StandardCharsets.ISO_8859_1));
            }
        } catch (SocketTimeoutException e) {
            throw broken("while the end of the connection was expected", e);
        } catch (IOException reset) {
            return all.toString();
        }
        return all.toString();
    }

    /** Fails when a single byte (or the end of the connection) comes within this time. */
    public void assertSilentFor(Duration duration) {
        startReading(duration);
        try {
            boolean more = in.await();
            String what =
                    more
                            ? Json.excerpt(new String(in.some(100), StandardCharsets.ISO_8859_1))
                            : "the end";
            throw new AssertionError("expected silence, but there came: " + what);
        } catch (SocketTimeoutException _) {
            // As expected.
        } catch (IOException e) {
            throw broken("while silence was expected", e);
        }
    }

    /**
     * Closes. With unread input the kernel sends RST, otherwise FIN; {@link #halfClose} is a sure
     * FIN.
     */
    @Override
    public void close() {
        closed = true;
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether we closed; a TLS socket closes itself when the peer breaks it. */
    boolean isClosed() {
        return closed;
    }

    HttpInput in() {
        return in;
    }

    /** Begins an operation that reads: it has the deadline from now. */
    void startReading() {
        startReading(deadline);
    }

    void startReading(Duration limit) {
        readUntil = System.nanoTime() + limit.toNanos();
    }

    /** What went wrong, as the failure of a test. */
    AssertionError broken(String where, IOException e) {
        String what =
                switch (e) {
                    case SocketTimeoutException _ -> "nothing came in time";
                    case EOFException _ -> "the server ended the connection: " + e.getMessage();
                    case MalformedHttp _ -> "malformed HTTP: " + e.getMessage();
                    case SocketException _ -> "the connection broke: " + e.getMessage();
                    default -> e.toString();
                };
        return new AssertionError(what + " " + where, e);
    }

    private int readSocket(byte[] into, int offset, int length) throws IOException {
        long millis = (readUntil - System.nanoTime()) / 1_000_000;
        if (millis < -GRACE_MILLIS) {
            throw new SocketTimeoutException("bytes still come, but too late");
        }
        // After the deadline one last look at what is there already: a timeout of 0 would wait for
        // ever.
        socket.setSoTimeout((int) Math.max(1, millis));
        return socket.getInputStream().read(into, offset, length);
    }
}

package dev.sluice.testkit.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One connection to a {@link FakeUpstream}: one thread reads requests and is therefore the first to
 * see the peer go, another plays their scripts in order.
 */
final class UpstreamConnection {
    private static final int BODY_LIMIT = 256 << 20;
    private static final int SLICE = 4096;
    private static final long FAILURE_MILLIS = 50;

    private final FakeUpstream upstream;
    private final int number;

    /** The TCP socket under {@code socket}: for RST and for watching; the same one without TLS. */
    private final Socket tcp;

    private final Socket socket;
    private final HttpInput in;
    private final OutputStream out;
    private final CompletableFuture<ConnectionEnd> ended = new CompletableFuture<>();
    private final LinkedBlockingQueue<Optional<UpstreamRequest>> requests =
            new LinkedBlockingQueue<>();
    private final CompletableFuture<IOException> writeFailure = new CompletableFuture<>();
    private volatile boolean writing;
    private volatile boolean closing;
    private volatile boolean finished;

    UpstreamConnection(FakeUpstream upstream, int number, Socket tcp, Socket socket)
            throws IOException {
        this.upstream = upstream;
        this.number = number;
        this.tcp = tcp;
        this.socket = socket;
        this.in = new HttpInput(socket.getInputStream()::read);
        this.out = socket.getOutputStream();
    }

    void start() {
        Thread.ofVirtual().name("upstream-" + number + "-read").start(this::readRequests);
        Thread.ofVirtual().name("upstream-" + number + "-play").start(this::playScripts);
    }

    CompletableFuture<ConnectionEnd> whenEnded() {
        return ended;
    }

    /**
     * Writes at once what is small; what is large in slices, so that it is known how far a slow
     * peer has come.
     */
    void write(byte[] bytes, UpstreamRequest request) throws IOException {
        writing = true;
        try {
            for (int from = 0; from < bytes.length; from += SLICE) {
                int length = Math.min(SLICE, bytes.length - from);
                out.write(bytes, from, length);
                request.addSent(length);
            }
        } catch (IOException e) {
            writeFailure.complete(e);
            throw new ScriptRun.PeerGone();
        } finally {
            writing = false;
        }
    }

    /** FIN. We go on reading, so that it is seen when the peer closes. */
    void finish() throws IOException {
        finished = true;
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new ScriptRun.PeerGone();
        }
    }

    /** RST. */
    void reset() throws IOException {
        closing = true;
        try {
            tcp.setSoLinger(true, 0);
            tcp.close();
        } catch (SocketException e) {
            // The peer was faster, and the reading thread has closed already.
            if (!tcp.isClosed()) {
                throw e;
            }
        }
    }

    /** Ends everything, from any thread. */
    void close() {
        closing = true;
        closeSocket();
    }

    private void readRequests() {
        ConnectionEnd.How how = ConnectionEnd.How.FIN;
        try {
            for (Optional<HttpHead> head = HttpHead.read(in);
                    head.isPresent();
                    head = HttpHead.read(in)) {
                boolean late = finished;
                if (!late) {
                    requests.add(Optional.of(readRequest(head.get())));
                }
                resetIfUsedAfterFin(late);
            }
        } catch (EOFException _) {
            // The peer went in the middle of a request: that is its right.
        } catch (MalformedHttp e) {
            upstream.fail("connection " + number + ": the peer sent " + e.getMessage(), e);
            closing = true;
        } catch (IOException _) {
            how = ConnectionEnd.How.RESET;
        }
        end(how);
    }

    /**
     * As a real server, whose socket is gone: a request that crosses our FIN on the way meets RST.
     * Both threads look: after our FIN nobody takes what is left.
     */
    private void resetIfUsedAfterFin(boolean late) throws IOException {
        if (finished && (late || !requests.isEmpty())) {
            reset();
        }
    }

    private void end(ConnectionEnd.How seen) {
        long nanos = System.nanoTime();
        ConnectionEnd.How how = seen;
        if (closing) {
            how = ConnectionEnd.How.OURS;
        } else if (wasResetWhileWriting()) {
            how = ConnectionEnd.How.RESET;
        }
        ConnectionEnd end = new ConnectionEnd(how, nanos);
        closeSocket();
        upstream.ended(this);
        requests.add(Optional.empty());
        ended.complete(end);
    }

    /**
     * The kernel tells of a reset once: to a write if one is under way, and then the read sees a
     * plain end. A write after the peer's FIN fails too, but as a broken pipe.
     */
    private boolean wasResetWhileWriting() {
        try {
            long wait = writing ? FAILURE_MILLIS : 0;
            String message = writeFailure.get(wait, TimeUnit.MILLISECONDS).getMessage();
            return message != null && message.contains("reset");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException _) {
            return false;
        }
    }

    private UpstreamRequest readRequest(HttpHead head) throws IOException {
        String line = head.startLine();
        if (!line.endsWith(" HTTP/1.1") || line.split(" ", -1).length != 3) {
            throw new MalformedHttp("not a request line: " + line);
        }
        if (head.has("expect", "100-continue")) {
            out.write(HttpInput.latin1("HTTP/1.1 100 Continue\r\n\r\n"));
        }
        BodyInput.Framing framing = head.framing().orElseGet(() -> new BodyInput.Framing.Length(0));
        byte[] body = new BodyInput(in, framing).readAll(BODY_LIMIT);
        return upstream.arrived(head, body, number, ended);
    }

    private void playScripts() {
        try {
            for (Optional<UpstreamRequest> next = requests.take();
                    next.isPresent();
                    next = requests.take()) {
                play(next.get());
                if (finished) {
                    resetIfUsedAfterFin(false);
                    awaitPeer();
                    return;
                }
            }
        } catch (ScriptRun.PeerGone _) {
            // Not a fault; the reading thread has recorded it.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | AssertionError e) {
            upstream.fail("the script for connection " + number + " failed: " + e.getMessage(), e);
            close();
        }
    }

    private void play(UpstreamRequest request) throws IOException, InterruptedException {
        Script script = upstream.scriptFor(request);
        script.play(new ScriptRun(this, request, upstream.deadline()));
        request.markAnswered();
        if (request.header("connection").orElse("").equalsIgnoreCase("close")) {
            finish();
        }
    }

    /** After our FIN the peer has its time to close too. */
    private void awaitPeer() throws InterruptedException {
        try {
            ended.get(upstream.deadline().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException _) {
            close();
        }
    }

    private void closeSocket() {
        try {
            tcp.close();
        } catch (IOException e) {
            upstream.fail("cannot close connection " + number, e);
        }
    }
}

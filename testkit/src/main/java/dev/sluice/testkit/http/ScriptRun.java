package dev.sluice.testkit.http;

import dev.sluice.testkit.Gate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/** One script being played on one connection. */
final class ScriptRun {
    private final UpstreamConnection connection;
    private final UpstreamRequest request;
    private final Duration deadline;
    private final StringBuilder headers = new StringBuilder();
    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    private String version = "HTTP/1.1";
    private int status = 200;
    private BodyInput.Framing framing = new BodyInput.Framing.Chunked();
    private Optional<GZIPOutputStream> compressor = Optional.empty();
    private Optional<UnaryOperator<byte[]>> coder = Optional.empty();
    private boolean headSent;
    private boolean ended;

    /** The peer has gone; the script stops. Not a fault. */
    static final class PeerGone extends IOException {
        PeerGone() {
            super("the peer has gone");
        }
    }

    ScriptRun(UpstreamConnection connection, UpstreamRequest request, Duration deadline) {
        this.connection = connection;
        this.request = request;
        this.deadline = deadline;
    }

    void status(int code) {
        status = code;
    }

    void http10() {
        version = "HTTP/1.0";
        framing = new BodyInput.Framing.UntilClose();
    }

    void header(String name, String value) {
        headers.append(name).append(": ").append(value).append("\r\n");
    }

    void framing(BodyInput.Framing chosen) {
        framing = chosen;
    }

    void gzip() throws IOException {
        header("content-encoding", "gzip");
        compressor = Optional.of(new GZIPOutputStream(compressed, 512, true));
    }

    void coded(String coding, UnaryOperator<byte[]> each) {
        header("content-encoding", coding);
        coder = Optional.of(each);
    }

    void sendHead() throws IOException {
        if ((compressor.isPresent() || coder.isPresent())
                && framing instanceof BodyInput.Framing.Length) {
            throw new IllegalStateException("a coding with a content-length, which nobody knows");
        }
        headSent = true;
        String framingHeader =
                switch (framing) {
                    case BodyInput.Framing.Length length ->
                            "content-length: " + length.bytes() + "\r\n";
                    case BodyInput.Framing.Chunked _ -> "transfer-encoding: chunked\r\n";
                    case BodyInput.Framing.UntilClose _ -> "connection: close\r\n";
                };
        write(
                HttpInput.latin1(
                        version
                                + " "
                                + status
                                + " "
                                + reason(status)
                                + "\r\n"
                                + headers
                                + framingHeader
                                + "\r\n"));
    }

    void send(byte[] bytes) throws IOException {
        if (!headSent) {
            sendHead();
        }
        byte[] coded = coder.isPresent() ? coder.get().apply(bytes) : bytes;
        writeFramed(compressor.isPresent() ? compress(coded, compressor.get()) : coded);
    }

    /**
     * Bytes as they are. In the place of a head they are the whole answer, and nothing is added at
     * its end.
     */
    void raw(byte[] bytes) throws IOException {
        ended |= !headSent;
        headSent = true;
        write(bytes);
    }

    void frames(long count, Duration interval, LongFunction<byte[]> frame)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        for (long i = 0; i < count; i++) {
            // Against the start and not the last event: late events do not delay the later ones.
            pauseUntil(start + i * interval.toNanos());
            send(frame.apply(i));
        }
    }

    void fill(long count, int pieceBytes) throws IOException {
        byte[] piece = new byte[pieceBytes];
        Arrays.fill(piece, (byte) 'a');
        for (long left = count; left > 0; left -= pieceBytes) {
            send(left >= pieceBytes ? piece : Arrays.copyOf(piece, (int) left));
        }
    }

    void await(Gate gate) throws IOException, InterruptedException {
        if (!awaitUnlessGone(gate.arrive(), deadline.toNanos())) {
            throw new IllegalStateException(
                    "nobody opened the gate within " + deadline.toMillis() + " ms");
        }
    }

    void pause(Duration duration) throws IOException, InterruptedException {
        pauseUntil(System.nanoTime() + duration.toNanos());
    }

    void hold() throws IOException, InterruptedException {
        ended = true;
        if (!awaitUnlessGone(new CompletableFuture<>(), deadline.toNanos())) {
            connection.reset();
        }
    }

    /**
     * Ends the body as its framing demands. Without a single step of the body that is an empty
     * body.
     */
    void end() throws IOException {
        if (ended) {
            return;
        }
        ended = true;
        if (!headSent) {
            sendHead();
        }
        if (compressor.isPresent()) {
            compressor.get().finish();
            writeFramed(takeCompressed());
        }
        switch (framing) {
            case BodyInput.Framing.Chunked _ -> write(HttpInput.latin1("0\r\n\r\n"));
            case BodyInput.Framing.UntilClose _ -> connection.finish();
            case BodyInput.Framing.Length _ -> {}
        }
    }

    void close() throws IOException {
        ended = true;
        connection.finish();
    }

    void reset() throws IOException {
        ended = true;
        connection.reset();
    }

    private void pauseUntil(long nanos) throws IOException, InterruptedException {
        long left = nanos - System.nanoTime();
        if (left > 0 && awaitUnlessGone(new CompletableFuture<>(), left)) {
            throw new PeerGone();
        }
    }

    /** Waits for the future; false after the time, PeerGone when the peer goes. */
    private boolean awaitUnlessGone(CompletableFuture<Void> future, long nanos)
            throws IOException, InterruptedException {
        try {
            CompletableFuture.anyOf(future, connection.whenEnded())
                    .get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        if (!future.isDone()) {
            throw new PeerGone();
        }
        return true;
    }

    private byte[] compress(byte[] bytes, GZIPOutputStream gzip) throws IOException {
        gzip.write(bytes);
        gzip.flush();
        return takeCompressed();
    }

    private byte[] takeCompressed() {
        byte[] bytes = compressed.toByteArray();
        compressed.reset();
        return bytes;
    }

    private void writeFramed(byte[] bytes) throws IOException {
        boolean chunked = framing instanceof BodyInput.Framing.Chunked;
        // An empty chunk would end the body.
        if (bytes.length > 0) {
            write(chunked ? chunk(bytes) : bytes);
        }
    }

    private static byte[] chunk(byte[] bytes) {
        byte[] size = HttpInput.latin1(Integer.toHexString(bytes.length) + "\r\n");
        byte[] chunk = Arrays.copyOf(size, size.length + bytes.length + 2);
        System.arraycopy(bytes, 0, chunk, size.length, bytes.length);
        chunk[chunk.length - 2] = '\r';
        chunk[chunk.length - 1] = '\n';
        return chunk;
    }

    private void write(byte[] bytes) throws IOException {
        connection.write(bytes, request);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 404 -> "Not Found";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            default -> "Status";
        };
    }
}

package dev.sluice.testkit.http;

import dev.sluice.testkit.Json;
import dev.sluice.testkit.sse.SseParser;
import dev.sluice.testkit.stream.BedrockFrameParser;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A response whose head has been read. The body comes when it is asked for: part by part ({@link
 * #read}), whole ({@link #body}), as events ({@link #events}), slowly ({@link #readSlowly}), or to
 * whatever end it takes ({@link #drain}). Except for the last, a body that breaks off is a failure.
 */
public final class RawResponse {
    private static final int SLICES_PER_SECOND = 20;

    private final RawClient client;
    private final HttpHead head;
    private final int status;
    private final BodyInput body;
    private long received;

    /** How a body ended. */
    public enum BodyEnd {
        /** As its framing says it must. */
        COMPLETE,
        /** The server closed before the framing's end. */
        TRUNCATED,
        /** The server reset. */
        RESET
    }

    RawResponse(RawClient client, HttpHead head, boolean mayHaveBody) throws IOException {
        this.client = client;
        this.head = head;
        this.status = status(head.startLine());
        this.body = new BodyInput(client.in(), framing(mayHaveBody));
    }

    private BodyInput.Framing framing(boolean mayHaveBody) throws IOException {
        if (!mayHaveBody || status < 200 || status == 204 || status == 304) {
            return new BodyInput.Framing.Length(0);
        }
        return head.framing().orElseGet(BodyInput.Framing.UntilClose::new);
    }

    private static int status(String line) throws MalformedHttp {
        boolean known = line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.0 ");
        if (!known
                || line.length() < 12
                || !line.substring(9, 12).chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedHttp("not a status line: " + line);
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    boolean isInterim() {
        return status < 200 && status != 101;
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** A header's value; several lines are joined with commas. */
    public Optional<String> header(String name) {
        return head.value(name);
    }

    /** All headers as they came, in order. */
    public List<Map.Entry<String, String>> headers() {
        return head.headers();
    }

    /** Body bytes read so far, without framing. */
    public long received() {
        return received;
    }

    /** Whether the whole body was read. */
    public boolean isAtEnd() {
        return body.isAtEnd();
    }

    /**
     * Waits for the next bytes of the body; empty at its proper end. A chunk never shares a part
     * with another chunk.
     */
    public Optional<BodyPart> read() {
        client.startReading();
        return readOn();
    }

    /** Begins an operation that reads several parts: they share one deadline from now. */
    void startReading() {
        client.startReading();
    }

    /** As {@link #read}, within the deadline that is running. */
    Optional<BodyPart> readOn() {
        try {
            return next();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /**
     * Waits no longer than this for the next bytes; empty when none came, which must not be the end
     * of the body.
     */
    Optional<BodyPart> readWithin(Duration limit) {
        client.startReading(limit);
        try {
            Optional<BodyPart> part = next();
            if (part.isEmpty()) {
                throw new AssertionError("the body ended after " + received + " bytes");
            }
            return part;
        } catch (SocketTimeoutException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** The rest of the body. */
    public byte[] body() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        client.startReading();
        for (Optional<BodyPart> part = readOn(); part.isPresent(); part = readOn()) {
            all.writeBytes(part.get().bytes());
        }
        return all.toByteArray();
    }

    /** The rest of the body, as strict UTF-8. */
    public String text() {
        return Json.utf8(body());
    }

    /** The rest of the body, as strict JSON. */
    public JsonNode json() {
        return Json.parse(body());
    }

    /**
     * The body as events, each as it arrives, in the one form that we may write: server-sent, or
     * lines of JSON or the frames of AWS where the head says so.
     */
    public SseReader events() {
        return new SseReader(this, parser(SseParser.strict()));
    }

    private SseParser parser(SseParser usual) {
        return switch (header("content-type").orElse("")) {
            case "application/x-ndjson" -> SseParser.ndjson();
            case "application/vnd.amazon.eventstream" -> new BedrockFrameParser();
            default -> usual;
        };
    }

    /**
     * The body as events, each as it arrives, in whatever form: for streams relayed as a sloppy
     * upstream wrote them.
     */
    public SseReader lenientEvents() {
        return new SseReader(this, parser(SseParser.lenient()));
    }

    /** Throws the rest away and says how the body ended; {@link #received} counts. */
    public BodyEnd drain() {
        return drainTo(null);
    }

    /** As {@link #drain()}, keeping the bytes in {@code kept}. */
    public BodyEnd drain(ByteArrayOutputStream kept) {
        return drainTo(kept);
    }

    private BodyEnd drainTo(@Nullable ByteArrayOutputStream kept) {
        client.startReading();
        try {
            for (Optional<BodyPart> part = next(); part.isPresent(); part = next()) {
                if (kept != null) {
                    kept.writeBytes(part.get().bytes());
                }
            }
            return BodyEnd.COMPLETE;
        } catch (EOFException _) {
            return BodyEnd.TRUNCATED;
        } catch (SocketException e) {
            if (client.isClosed()) {
                throw broken(e);
            }
            return BodyEnd.RESET;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /**
     * Reads no faster than this for so long (or until the body ends), a slice each 50 ms, as a
     * client on a bad line would. Returns the bytes read.
     */
    public long readSlowly(int bytesPerSecond, Duration duration) {
        long before = received;
        long start = System.nanoTime();
        client.in().limitReads(Math.max(1, bytesPerSecond / SLICES_PER_SECOND));
        try {
            while (!isAtEnd() && System.nanoTime() - start < duration.toNanos()) {
                long allowed = (System.nanoTime() - start) / 1_000 * bytesPerSecond / 1_000_000;
                if (received - before < allowed) {
                    read();
                } else {
                    LockSupport.parkNanos(1_000_000_000L / SLICES_PER_SECOND);
                }
            }
        } finally {
            client.in().limitReads(Integer.MAX_VALUE);
        }
        return received - before;
    }

    private Optional<BodyPart> next() throws IOException {
        Optional<BodyPart> part =
                body.read().map(bytes -> new BodyPart(bytes, client.in().nanos()));
        received += part.map(p -> p.bytes().length).orElse(0);
        return part;
    }

    private AssertionError broken(IOException e) {
        return client.broken(
                "(status " + status + ", after " + received + " bytes of the body)", e);
    }
}

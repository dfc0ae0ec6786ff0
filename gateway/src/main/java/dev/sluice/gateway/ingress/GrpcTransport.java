package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.gateway.exchange.ClientWatch;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * The way to a client of gRPC. What the encoder writes are frames; the one with the trailers is the
 * last and becomes those of HTTP/2.
 */
final class GrpcTransport implements IngressTransport {
    private static final String CONTENT_TYPE = "application/grpc";
    private static final String STATUS = "grpc-status";
    private static final String UNKNOWN = "2";
    private static final int PREFIX = 5;
    private static final int TRAILERS = 0x80;
    private static final int MOST_DIGITS = 8;

    private final HttpServerResponse response;
    private final int most;
    private final ByteBuilder pending = new ByteBuilder(512);
    private @Nullable ClientWatch watch;
    private Runnable whenOver = () -> {};
    private boolean told;
    private boolean gone;

    GrpcTransport(HttpServerRequest request, int mostHeldBytes) {
        this.response = request.response();
        this.most = mostHeldBytes;
    }

    /** How long the client waits for the whole answer; empty if it does not say. */
    static Optional<Duration> deadline(Headers headers) {
        String said = headers.get("grpc-timeout").orElse("");
        int digits = said.length() - 1;
        if (digits < 1 || digits > MOST_DIGITS) {
            return Optional.empty();
        }
        for (int i = 0; i < digits; i++) {
            if (said.charAt(i) < '0' || said.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        long count = Long.parseLong(said, 0, digits, 10);
        return switch (said.charAt(digits)) {
            case 'H' -> Optional.of(Duration.ofHours(count));
            case 'M' -> Optional.of(Duration.ofMinutes(count));
            case 'S' -> Optional.of(Duration.ofSeconds(count));
            case 'm' -> Optional.of(Duration.ofMillis(count));
            case 'u' -> Optional.of(Duration.ofNanos(count * 1000));
            case 'n' -> Optional.of(Duration.ofNanos(count));
            default -> Optional.empty();
        };
    }

    @Override
    public void bind(ClientWatch bound, Runnable over) {
        watch = bound;
        whenOver = over;
        response.setWriteQueueMaxSize(most);
        response.drainHandler(_ -> drained());
        response.closeHandler(_ -> closed());
        response.exceptionHandler(_ -> closed());
    }

    private void drained() {
        if (watch != null && !gone) {
            watch.onDrained();
        }
    }

    private void closed() {
        if (gone) {
            return;
        }
        gone = true;
        if (watch != null) {
            watch.onClientGone();
        }
        over();
    }

    private void over() {
        Runnable once = whenOver;
        whenOver = () -> {};
        once.run();
    }

    @Override
    public void startStream(int status, Headers headers) {
        if (!gone) {
            head(headers);
        }
    }

    private void head(Headers headers) {
        response.setStatusCode(200);
        for (Header header : headers.all()) {
            response.putHeader(header.name(), header.value());
        }
        response.putHeader("content-type", CONTENT_TYPE);
    }

    @Override
    public ByteBuilder out() {
        return pending;
    }

    @Override
    public void flush() {
        if (gone) {
            pending.clear();
            return;
        }
        byte[] frames = pending.array();
        int end = 0;
        while (end + PREFIX <= pending.length() && !told) {
            int length = length(frames, end);
            if ((frames[end] & TRAILERS) != 0) {
                trailers(new String(frames, end + PREFIX, length, StandardCharsets.US_ASCII));
            } else {
                end += PREFIX + length;
            }
        }
        if (end > 0) {
            response.write(Buffer.buffer(end).appendBytes(frames, 0, end));
        }
        pending.clear();
        pending.shrink(4096);
    }

    private static int length(byte[] frames, int at) {
        return (frames[at + 1] & 0xff) << 24
                | (frames[at + 2] & 0xff) << 16
                | (frames[at + 3] & 0xff) << 8
                | frames[at + 4] & 0xff;
    }

    private void trailers(String fields) {
        told = true;
        fields.lines()
                .forEach(
                        field -> {
                            int colon = field.indexOf(": ");
                            response.putTrailer(
                                    field.substring(0, colon), field.substring(colon + 2));
                        });
    }

    @Override
    public boolean isWritable() {
        return !response.writeQueueFull();
    }

    /** A stream that ends without a status has not ended as it should. */
    @Override
    public void endStream() {
        flush();
        if (!gone) {
            if (!told) {
                response.putTrailer(STATUS, UNKNOWN);
            }
            gone = true;
            response.end();
            over();
        }
    }

    /** A failure has its status among the header fields, and no message. */
    @Override
    public void reply(int status, Headers headers, byte[] body) {
        if (gone) {
            return;
        }
        gone = true;
        head(headers);
        if (headers.get(STATUS).isEmpty()) {
            response.putTrailer(STATUS, "0");
            response.end(Buffer.buffer(body));
        } else {
            response.end();
        }
        over();
    }

    @Override
    public void abort() {
        if (!gone) {
            gone = true;
            response.reset();
            over();
        }
    }

    /** Whether a request is one of gRPC. */
    static boolean isFor(Headers headers) {
        String type = headers.get("content-type").orElse("").toLowerCase(Locale.ROOT);
        return type.equals(CONTENT_TYPE)
                || type.startsWith(CONTENT_TYPE + "+proto")
                || type.startsWith(CONTENT_TYPE + ";");
    }
}

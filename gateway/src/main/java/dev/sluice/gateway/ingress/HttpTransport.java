package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.gateway.exchange.ClientWatch;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

import org.jspecify.annotations.Nullable;

/** The way to a client over HTTP/1.1 or HTTP/2. */
final class HttpTransport implements IngressTransport {
    private static final System.Logger LOG = System.getLogger(HttpTransport.class.getName());

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final TurnEnd turnEnd;

    /** More than this is not held for a client: the upstream is paused first. */
    private final int most;

    private @Nullable ClientWatch watch;
    private @Nullable ByteBuilder pending;
    private @Nullable ChunkWriter chunks;
    private boolean waiting;
    private boolean ending;
    private boolean gone;
    private Runnable whenOver = () -> {};

    HttpTransport(HttpServerRequest request, TurnEnd turnEnd, int mostHeldBytes) {
        this.request = request;
        this.response = request.response();
        this.turnEnd = turnEnd;
        this.most = mostHeldBytes;
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
        if (watch != null) {
            watch.onDrained();
        }
    }

    private void closed() {
        if (gone) {
            return;
        }
        gone = true;
        release();
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

    private void release() {
        if (pending != null) {
            turnEnd.giveBack(pending);
            pending = null;
        }
    }

    @Override
    public void startStream(int status, Headers headers) {
        if (gone) {
            return;
        }
        put(status, headers);
        if (request.version() == HttpVersion.HTTP_1_1) {
            response.setChunked(true);
        }
    }

    private void put(int status, Headers headers) {
        response.setStatusCode(status);
        for (Header header : headers.all()) {
            response.putHeader(header.name(), header.value());
        }
    }

    @Override
    public ByteBuilder out() {
        if (pending == null) {
            pending = turnEnd.take();
        }
        return pending;
    }

    @Override
    public void flush() {
        if (!waiting && !gone && pending != null && !pending.isEmpty()) {
            waiting = true;
            turnEnd.add(this);
        }
    }

    @Override
    public boolean isWritable() {
        return (pending == null || pending.length() < most) && !response.writeQueueFull();
    }

    @Override
    public void endStream() {
        if (!gone) {
            ending = true;
            if (!waiting) {
                waiting = true;
                turnEnd.add(this);
            }
        }
    }

    /**
     * Writes what this turn has gathered. An accident ends this client's connection and concerns no
     * other.
     */
    void send() {
        try {
            sendGathered();
        } catch (RuntimeException | Error accident) {
            LOG.log(System.Logger.Level.ERROR, "a client cannot be written to", accident);
            cut();
            if (watch != null) {
                watch.onClientGone();
            }
        }
    }

    private void sendGathered() {
        waiting = false;
        if (gone) {
            release();
            return;
        }
        ByteBuilder gathered = pending;
        boolean large = false;
        if (ending) {
            gone = true;
            response.end(buffer(gathered));
        } else if (gathered != null) {
            large = gathered.length() >= most;
            write(gathered);
        }
        release();
        if (ending) {
            over();
        } else if (large && isWritable()) {
            drained();
        }
    }

    private void write(ByteBuilder gathered) {
        if (chunks != null && chunks.takes(gathered.length()) && !response.writeQueueFull()) {
            chunks.write(gathered);
        } else {
            boolean first = !response.headWritten();
            response.write(buffer(gathered));
            if (first) {
                chunks = ChunkWriter.of(request).orElse(null);
            }
        }
    }

    private static Buffer buffer(@Nullable ByteBuilder gathered) {
        return gathered == null || gathered.isEmpty()
                ? Buffer.buffer()
                : Buffer.buffer(gathered.length())
                        .appendBytes(gathered.array(), 0, gathered.length());
    }

    @Override
    public void reply(int status, Headers headers, byte[] body) {
        if (gone) {
            return;
        }
        gone = true;
        put(status, headers);
        response.end(Buffer.buffer(body));
        over();
    }

    @Override
    public void abort() {
        if (!gone) {
            cut();
        }
    }

    private void cut() {
        gone = true;
        release();
        if (request.version() == HttpVersion.HTTP_2) {
            response.reset();
        } else {
            request.connection().close();
        }
        over();
    }
}

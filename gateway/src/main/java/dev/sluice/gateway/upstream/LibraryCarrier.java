package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.provider.Head;

import io.netty.buffer.ByteBuf;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.impl.ConnectionBase;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A request of the HTTP library and its response. */
final class LibraryCarrier implements HttpStream.Carrier {
    private static final byte[] NOTHING = new byte[0];

    private final HttpStream stream;
    private byte[] body;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private boolean stopped;

    LibraryCarrier(byte[] body, HttpStream stream) {
        this.body = body;
        this.stream = stream;
    }

    /** A connection was had, or not. */
    void obtained(AsyncResult<HttpClientRequest> result) {
        if (result.failed()) {
            stream.unreachable(result.cause());
            return;
        }
        HttpClientRequest obtained = result.result();
        request = obtained;
        obtained.exceptionHandler(stream::brokeOff);
        if (stream.connected(this)) {
            obtained.response().onComplete(this::answered);
            obtained.send(Buffer.buffer(body));
            body = NOTHING;
        } else {
            leave(obtained);
        }
    }

    /**
     * A crowd of clients that left while they were connected leaves no crowd of idle connections.
     */
    private static void leave(HttpClientRequest unsent) {
        if (unsent.version() == HttpVersion.HTTP_1_1) {
            unsent.connection().close();
        } else {
            unsent.reset();
        }
    }

    private void answered(AsyncResult<HttpClientResponse> result) {
        if (stream.isOver()) {
            return;
        }
        if (result.failed()) {
            stream.brokeOff(result.cause());
            return;
        }
        HttpClientResponse answer = result.result();
        response = answer;
        answer.exceptionHandler(stream::brokeOff);
        stream.head(new Head(answer.statusCode(), headers(answer)));
        if (!stream.isOver()) {
            answer.handler(this::piece);
            answer.endHandler(_ -> ended());
        }
    }

    private static Headers headers(HttpClientResponse answer) {
        List<Header> list = new ArrayList<>();
        for (Map.Entry<String, String> entry : answer.headers()) {
            list.add(new Header(entry.getKey(), entry.getValue()));
        }
        return new Headers(list);
    }

    private void piece(Buffer buffer) {
        ByteBuf bytes = ((BufferInternal) buffer).getByteBuf();
        if (bytes.hasArray()) {
            int offset = bytes.arrayOffset() + bytes.readerIndex();
            stream.bytes(bytes.array(), offset, bytes.readableBytes());
        } else {
            byte[] copy = buffer.getBytes();
            stream.bytes(copy, 0, copy.length);
        }
    }

    private void ended() {
        socketRead(true);
        stream.ended();
    }

    @Override
    public void reading(boolean wanted) {
        if (response == null) {
            return;
        }
        if (wanted) {
            response.resume();
        } else {
            response.pause();
        }
        socketRead(wanted);
    }

    /**
     * Whether the socket is read. The library alone would read on for a paused response until it
     * holds some dozens of pieces, which are megabytes. Over HTTP/2 the window of the stream stops
     * the server.
     */
    private void socketRead(boolean wanted) {
        if (wanted == stopped
                && request != null
                && request.version() == HttpVersion.HTTP_1_1
                && request.connection() instanceof ConnectionBase connection) {
            stopped = !wanted;
            connection.channel().config().setAutoRead(wanted);
        }
    }

    @Override
    public void reset() {
        socketRead(true);
        if (request != null) {
            request.reset();
        }
    }
}

package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.provider.Head;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;
import dev.sluice.gateway.coding.ContentCoding;
import dev.sluice.gateway.exchange.Loop;

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
import java.util.Optional;

/** One request to a model server and its answer. */
final class HttpStream implements Stream {
    private static final System.Logger LOG = System.getLogger(HttpStream.class.getName());
    private static final byte[] NOTHING = new byte[0];

    private final HttpUpstream upstream;
    private final Loop loop;
    private byte[] body;
    private final Receiver receiver;
    private final Stream connection = new Connection();
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private @Nullable CodedBody coded;
    private boolean over;
    private boolean readingStopped;

    HttpStream(HttpUpstream upstream, Loop loop, byte[] body, Receiver receiver) {
        this.upstream = upstream;
        this.loop = loop;
        this.body = body;
        this.receiver = receiver;
    }

    /** A connection was had, or not. */
    void obtained(AsyncResult<HttpClientRequest> result) {
        guarded(() -> ask(result));
    }

    private void ask(AsyncResult<HttpClientRequest> result) {
        if (result.failed()) {
            fail(Accidents.unreachable(upstream, result.cause()));
            return;
        }
        HttpClientRequest obtained = result.result();
        request = obtained;
        obtained.exceptionHandler(this::brokeOff);
        if (over) {
            leave(obtained);
            return;
        }
        receiver.onConnected();
        obtained.response().onComplete(answer -> guarded(() -> answered(answer)));
        obtained.send(Buffer.buffer(body));
        body = NOTHING;
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
        if (over) {
            return;
        }
        if (result.failed()) {
            brokeOff(result.cause());
            return;
        }
        HttpClientResponse answer = result.result();
        response = answer;
        Head head = new Head(answer.statusCode(), headers(answer));
        answer.exceptionHandler(this::brokeOff);
        Optional<String> coding =
                head.headers()
                        .get("content-encoding")
                        .filter(c -> !c.isBlank() && !c.trim().equalsIgnoreCase("identity"));
        if (coding.isPresent() && !decode(coding.get())) {
            return;
        }
        receiver.onHead(head);
        if (over) {
            return;
        }
        answer.handler(this::piece);
        answer.endHandler(_ -> ended());
    }

    /** An accident outside of the receiver, who looks after his own, ends this stream alone. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error accident) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "an accident on the way to provider `" + upstream.name() + "`",
                    accident);
            cancel();
            receiver.onFailure(
                    Failure.of(
                            FailureCode.INTERNAL,
                            "the gateway failed on the way to the upstream; see its log"));
        }
    }

    private boolean decode(String field) {
        Optional<ContentCoding> coding = ContentCoding.of(field);
        if (coding.isEmpty()) {
            connection.cancel();
            receiver.onFailure(
                    Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream's answer has a content-encoding that is not known"));
            return false;
        }
        coded = new CodedBody(coding.get()::decoding, receiver, connection, loop);
        return true;
    }

    private static Headers headers(HttpClientResponse answer) {
        List<Header> list = new ArrayList<>();
        for (Map.Entry<String, String> entry : answer.headers()) {
            list.add(new Header(entry.getKey(), entry.getValue()));
        }
        return new Headers(list);
    }

    private void piece(Buffer buffer) {
        if (over) {
            return;
        }
        ByteBuf bytes = ((BufferInternal) buffer).getByteBuf();
        if (bytes.hasArray()) {
            int offset = bytes.arrayOffset() + bytes.readerIndex();
            deliver(bytes.array(), offset, bytes.readableBytes());
        } else {
            byte[] copy = buffer.getBytes();
            deliver(copy, 0, copy.length);
        }
    }

    private void deliver(byte[] bytes, int offset, int length) {
        if (coded == null) {
            receiver.onBytes(bytes, offset, length);
        } else {
            coded.onBytes(bytes, offset, length);
        }
    }

    private void ended() {
        if (over) {
            return;
        }
        finish();
        if (coded == null) {
            receiver.onEnd();
        } else {
            coded.onEnd();
        }
    }

    private void brokeOff(Throwable cause) {
        fail(Accidents.brokeOff(upstream, response != null, cause));
    }

    private void fail(Failure failure) {
        if (!over) {
            finish();
            if (coded == null) {
                receiver.onFailure(failure);
            } else {
                coded.onFailure(failure);
            }
        }
    }

    private void finish() {
        over = true;
        reading(true);
        upstream.streamOver();
    }

    /**
     * Whether the socket is read. The library alone would read on for a paused response until it
     * holds some dozens of pieces, which are megabytes. Over HTTP/2 the window of the stream stops
     * the server.
     */
    private void reading(boolean wanted) {
        if (wanted != readingStopped || request == null) {
            return;
        }
        if (request.version() == HttpVersion.HTTP_1_1
                && request.connection() instanceof ConnectionBase connection) {
            readingStopped = !wanted;
            connection.channel().config().setAutoRead(wanted);
        }
    }

    @Override
    public void pause() {
        way().pause();
    }

    @Override
    public void resume() {
        way().resume();
    }

    private Stream way() {
        return coded == null ? connection : coded;
    }

    @Override
    public void cancel() {
        if (coded != null) {
            coded.cancel();
        }
        connection.cancel();
    }

    /** The connection below the body's coding. */
    private final class Connection implements Stream {
        @Override
        public void pause() {
            if (response != null && !over) {
                response.pause();
                reading(false);
            }
        }

        @Override
        public void resume() {
            if (response != null && !over) {
                response.resume();
                reading(true);
            }
        }

        @Override
        public void cancel() {
            if (!over) {
                finish();
                if (request != null) {
                    request.reset();
                }
            }
        }
    }
}

package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.request.Request;
import dev.sluice.gateway.exchange.ClientCall;
import dev.sluice.gateway.exchange.Loop;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One client on a WebSocket, with as many answers at once as it asks for. An answer that fails
 * leaves the connection open; what ends it is said by a close code.
 */
final class Socket {
    private static final System.Logger LOG = System.getLogger(Socket.class.getName());

    /** RFC 6455, 7.4.1. */
    private static final short GOING_AWAY = 1001;

    private static final short UNSUPPORTED_DATA = 1003;
    private static final short INVALID_TEXT = 1007;
    static final short POLICY = 1008;
    private static final short TOO_BIG = 1009;
    private static final short INTERNAL = 1011;
    private static final short TRY_LATER = 1013;

    /** Answers at once. */
    private static final int MOST = 100;

    private final ServerWebSocket socket;
    private final SocketSpeech speech;
    private final Headers headers;
    private final String principal;
    private final Exchanges exchanges;
    private final IngressSettings settings;
    private final Consumer<Socket> whenOver;
    private final Map<String, SocketTransport> running = new HashMap<>();
    private final ByteBuilder message = new ByteBuilder(1024);
    private final Heartbeat heartbeat;
    private boolean draining;
    private boolean closed;

    Socket(
            ServerWebSocket socket,
            SocketSpeech speech,
            Headers headers,
            String principal,
            Loop loop,
            Exchanges exchanges,
            IngressSettings settings,
            Consumer<Socket> whenOver) {
        this.socket = socket;
        this.speech = speech;
        this.headers = headers;
        this.principal = principal;
        this.exchanges = exchanges;
        this.settings = settings;
        this.whenOver = whenOver;
        this.heartbeat =
                new Heartbeat(
                        loop,
                        exchanges::keepalive,
                        () -> socket.writePing(Buffer.buffer()),
                        () -> close(GOING_AWAY, "no pong came"));
    }

    void open() {
        socket.setWriteQueueMaxSize(settings.slowReaderBytes());
        socket.frameHandler(this::frame);
        socket.pongHandler(_ -> heartbeat.heard());
        socket.drainHandler(_ -> drained());
        socket.exceptionHandler(this::broken);
        socket.closeHandler(_ -> ended());
        heartbeat.start();
    }

    // ---- what the client says ----

    private void frame(WebSocketFrame frame) {
        if (closed || frame.isClose() || frame.isPing()) {
            return;
        }
        if (frame.isBinary()) {
            close(UNSUPPORTED_DATA, "messages are text here");
        } else if (frame.isText() || frame.isContinuation()) {
            Buffer data = frame.binaryData();
            if (message.length() + (long) data.length() > settings.maxBodyBytes()) {
                close(TOO_BIG, "a message is larger than " + settings.maxBodyBytes() + " bytes");
                return;
            }
            message.add(data.getBytes());
            if (frame.isFinal()) {
                byte[] whole = message.toBytes();
                message.clear();
                message.shrink(4096);
                whole(whole);
            }
        }
    }

    private void whole(byte[] text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            close(INVALID_TEXT, "a message is not UTF-8");
            return;
        }
        try {
            switch (speech.read(text)) {
                case SocketSpeech.Message.Begin begin -> begin(begin.lane(), begin.body());
                case SocketSpeech.Message.Cancel cancel -> {
                    // One that is not there has ended by itself in the meantime.
                    SocketTransport answer = running.get(cancel.lane());
                    if (answer != null) {
                        answer.cancel();
                    }
                }
                case SocketSpeech.Message.Unclear unclear ->
                        refuse(unclear.lane(), unclear.failure(), requestId());
            }
        } catch (RuntimeException | Error accident) {
            LOG.log(System.Logger.Level.ERROR, "a message cannot be answered", accident);
            close(INTERNAL, "the gateway failed");
        }
    }

    private static String requestId() {
        return "req_" + RequestId.random();
    }

    private void refuse(String lane, Failure failure, String requestId) {
        send(speech.error(speech.dialect(lane).encodeError(failure, requestId)));
    }

    private void begin(String lane, byte[] body) {
        String requestId = requestId();
        Optional<Failure> refusal = refusal(lane);
        if (refusal.isPresent()) {
            refuse(lane, refusal.get(), requestId);
            return;
        }
        try {
            start(lane, requestId, body);
        } catch (FailureException e) {
            running.remove(lane);
            refuse(lane, e.failure(), requestId);
        } catch (MalformedJson e) {
            running.remove(lane);
            Failure failure =
                    Failure.invalid(e.path(), "the request is not as expected: " + e.getMessage());
            refuse(lane, failure, requestId);
        }
    }

    private Optional<Failure> refusal(String lane) {
        if (running.containsKey(lane)) {
            return Optional.of(
                    Failure.invalid("id", "an answer of this name is under way; wait for its end"));
        }
        if (running.size() >= MOST) {
            return Optional.of(
                    Failure.of(
                            FailureCode.RATE_LIMIT,
                            "one connection may have " + MOST + " answers at once"));
        }
        return exchanges.refusal();
    }

    private void start(String lane, String requestId, byte[] body) {
        ClientDialect dialect = speech.dialect(lane);
        Call call = new Call(Operation.GENERATE, "", headers, body);
        Request request = exchanges.withModel(dialect, dialect.decodeRequest(call));
        SocketTransport transport = new SocketTransport(this, speech);
        running.put(lane, transport);
        transport.carries(
                exchanges.start(
                        new ClientCall(
                                requestId,
                                RequestId.random(),
                                principal,
                                dialect,
                                Operation.GENERATE,
                                call,
                                request,
                                false),
                        transport,
                        () -> leave(lane)));
    }

    private void leave(String lane) {
        running.remove(lane);
        if (draining && running.isEmpty()) {
            close(GOING_AWAY, "the gateway is stopping");
        }
    }

    // ---- what the client is told ----

    boolean isWritable() {
        return !closed && !socket.isClosed() && !socket.writeQueueFull();
    }

    void send(byte[] text) {
        if (!closed && !socket.isClosed()) {
            socket.writeTextMessage(new String(text, StandardCharsets.UTF_8));
        }
    }

    private void drained() {
        List.copyOf(running.values()).forEach(SocketTransport::drained);
    }

    /** Cuts a client that takes nothing, with all its answers. */
    void cut() {
        close(TRY_LATER, "an answer could not be delivered");
    }

    /** Closes when the last answer has ended. */
    void drain() {
        draining = true;
        if (running.isEmpty()) {
            close(GOING_AWAY, "the gateway is stopping");
        }
    }

    private void close(short code, String why) {
        if (!closed) {
            socket.close(code, why);
            ended();
        }
    }

    /** Whatever it is, the connection ends; a client that has broken the protocol is told how. */
    private void broken(Throwable why) {
        if (why instanceof CorruptedWebSocketFrameException violation) {
            close((short) violation.closeStatus().code(), "a frame is not as RFC 6455 has it");
        } else {
            ended();
        }
    }

    private void ended() {
        if (closed) {
            return;
        }
        closed = true;
        heartbeat.stop();
        List.copyOf(running.values()).forEach(SocketTransport::gone);
        whenOver.accept(this);
    }
}

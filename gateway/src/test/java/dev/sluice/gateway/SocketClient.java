package dev.sluice.gateway;

import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLContext;

/** A client on a WebSocket, the JDK's own. */
final class SocketClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HttpClient http;
    private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final AtomicInteger pings = new AtomicInteger();
    private final WebSocket socket;
    private final boolean reads;

    private SocketClient(URI uri, boolean reads, UnaryOperator<WebSocket.Builder> more) {
        this(HttpClient.newHttpClient(), uri, reads, more);
    }

    private SocketClient(
            HttpClient http, URI uri, boolean reads, UnaryOperator<WebSocket.Builder> more) {
        this.http = http;
        this.reads = reads;
        socket =
                Eventually.completes(
                        LIMIT,
                        "the WebSocket is open",
                        more.apply(http.newWebSocketBuilder()).buildAsync(uri, new Reader()));
    }

    /** Connects to {@code path} of the gateway. */
    static SocketClient connect(TestGateway gateway, String path) {
        return connect(gateway, path, builder -> builder);
    }

    /** The same with more in the handshake. */
    static SocketClient connect(
            TestGateway gateway, String path, UnaryOperator<WebSocket.Builder> more) {
        return new SocketClient(uri(gateway, path), true, more);
    }

    /** One that speaks under TLS, with whom {@code trust} trusts. */
    static SocketClient secure(TestGateway gateway, String path, SSLContext trust) {
        return new SocketClient(
                HttpClient.newBuilder().sslContext(trust).build(),
                URI.create("wss://localhost:" + gateway.port() + path),
                true,
                builder -> builder);
    }

    /** One that takes the first message and nothing after it until it is told to. */
    static SocketClient stalled(TestGateway gateway, String path) {
        return new SocketClient(uri(gateway, path), false, builder -> builder);
    }

    private static URI uri(TestGateway gateway, String path) {
        return URI.create("ws://127.0.0.1:" + gateway.port() + path);
    }

    /** The status by which the gateway refuses the handshake. */
    static int refusal(TestGateway gateway, String path, UnaryOperator<WebSocket.Builder> more) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            more.apply(http.newWebSocketBuilder())
                    .buildAsync(uri(gateway, path), new WebSocket.Listener() {})
                    .join();
            return 101;
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return refused.getResponse().statusCode();
            }
            throw e;
        }
    }

    void say(String text) {
        Eventually.completes(LIMIT, "a message is sent", socket.sendText(text, true));
    }

    void sayBinary(byte[] bytes) {
        Eventually.completes(
                LIMIT, "a message is sent", socket.sendBinary(ByteBuffer.wrap(bytes), true));
    }

    /** The next message. */
    JsonNode take() {
        try {
            JsonNode message = messages.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no message came within " + LIMIT);
            }
            return message;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The text of the answer {@code id} to its end; messages of others are dropped. */
    String text(String id) {
        StringBuilder text = new StringBuilder();
        while (true) {
            JsonNode message = take();
            if (message.path("id").asString("").equals(id)) {
                switch (message.path("type").asString("")) {
                    case "token" -> text.append(message.path("text").asString(""));
                    case "done" -> {
                        return text.toString();
                    }
                    default -> throw new AssertionError(message.toString());
                }
            }
        }
    }

    String subprotocol() {
        return socket.getSubprotocol();
    }

    int pings() {
        return pings.get();
    }

    /** The code by which the gateway closes. */
    int closeCode() {
        return Eventually.completes(LIMIT, "the WebSocket is closed", closed);
    }

    /** Goes away without a word. */
    void vanish() {
        socket.abort();
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }

    private final class Reader implements WebSocket.Listener {
        private final StringBuilder partial = new StringBuilder();

        @Override
        public void onOpen(WebSocket opened) {
            opened.request(reads ? Long.MAX_VALUE : 1);
        }

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                messages.add(Json.parse(partial.toString()));
                partial.setLength(0);
            }
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
            pings.incrementAndGet();
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}

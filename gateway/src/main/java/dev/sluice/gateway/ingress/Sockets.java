package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.Headers;
import dev.sluice.gateway.exchange.Loop;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes requests for a WebSocket, and knows those of one event loop that are open. */
final class Sockets {
    private static final String OWN_PATH = "/ws";
    private static final List<String> RESPONSES_PATHS = List.of("/v1/responses", "/responses");

    private final Loop loop;
    private final RouteTable routes;
    private final Exchanges exchanges;
    private final Set<Socket> open = new HashSet<>();

    Sockets(Loop loop, RouteTable routes, Exchanges exchanges) {
        this.loop = loop;
        this.routes = routes;
        this.exchanges = exchanges;
    }

    /** What is spoken on a WebSocket at {@code path}; empty if the request is for none. */
    Optional<SocketSpeech> speech(HttpServerRequest request, String path, Headers headers) {
        if (!request.canUpgradeToWebSocket()) {
            return Optional.empty();
        }
        if (path.equals(OWN_PATH)) {
            return routes.own().map(OwnSpeech::new);
        }
        return RESPONSES_PATHS.contains(path)
                ? routes.find("POST", path, headers)
                        .map(RouteTable.Match::dialect)
                        .map(ResponsesSpeech::new)
                : Optional.empty();
    }

    /** The key that a client shows, in a header field or as a browser can. */
    static String shownKey(Headers headers) {
        String key = KeyCheck.shown(headers);
        String offered = headers.get("sec-websocket-protocol").orElse("");
        return key.isEmpty() ? SocketSpeech.key(offered).orElse("") : key;
    }

    /**
     * Opens the WebSocket that {@code request} asks for.
     *
     * @param principal whose key it is; a browser, which cannot read why it is refused, is let in
     *     without one and told by the close code
     */
    void open(
            HttpServerRequest request,
            SocketSpeech speech,
            Headers headers,
            Optional<String> principal,
            IngressSettings settings,
            Runnable over) {
        request.toWebSocket()
                .onSuccess(
                        socket -> {
                            if (principal.isPresent()) {
                                take(socket, speech, headers, principal.get(), settings, over);
                            } else {
                                socket.close(Socket.POLICY, "this API key is not known here");
                                over.run();
                            }
                        })
                .onFailure(_ -> over.run());
    }

    private void take(
            ServerWebSocket webSocket,
            SocketSpeech speech,
            Headers headers,
            String principal,
            IngressSettings settings,
            Runnable over) {
        Socket socket =
                new Socket(
                        webSocket,
                        speech,
                        headers,
                        principal,
                        loop,
                        exchanges,
                        settings,
                        closed -> {
                            open.remove(closed);
                            over.run();
                        });
        open.add(socket);
        socket.open();
    }

    /** Closes those without an answer under way, and each of the others when its last has ended. */
    void drain() {
        List.copyOf(open).forEach(Socket::drain);
    }
}

package dev.sluice.gateway.ingress;

import dev.sluice.gateway.config.Listen;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.impl.ConnectionBase;

import java.util.concurrent.TimeUnit;

/** The socket that clients come to: HTTP/1.1 and HTTP/2 on one port, with or without TLS. */
public final class Listener {
    private static final int BACKLOG = 8192;
    private static final int CHUNK = 64 << 10;

    /** Bytes of a request line. */
    static final int LONGEST_LINE = 8192;

    private static final int HTTP2_STREAMS = 1000;

    private final HttpServer server;
    private final Listen listen;

    /** A socket for {@code ingress}; {@code maxHeaderBytes} bounds the head of a request. */
    public Listener(Vertx vertx, Listen listen, int maxHeaderBytes, HttpIngress ingress) {
        this.listen = listen;
        HttpServerOptions options =
                new HttpServerOptions()
                        .setHost(listen.host())
                        .setPort(listen.port())
                        .setAcceptBacklog(BACKLOG)
                        .setMaxHeaderSize(maxHeaderBytes)
                        .setMaxInitialLineLength(LONGEST_LINE)
                        .setMaxChunkSize(CHUNK)
                        .setHandle100ContinueAutomatically(true)
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setWriteIdleTimeout((int) ingress.headTimeout().toMillis())
                        // Everything is written on the loop: no queue between threads is needed.
                        .setStrictThreadMode(true)
                        .setMaxWebSocketFrameSize(ingress.largestFrame())
                        .setWebSocketSubProtocols(SocketSpeech.NAMES)
                        .setCompressionSupported(false)
                        .setDecompressionSupported(false)
                        .setHttp2ClearTextEnabled(true)
                        .setInitialSettings(
                                new Http2Settings()
                                        .setMaxConcurrentStreams(HTTP2_STREAMS)
                                        .setMaxHeaderListSize(maxHeaderBytes));
        listen.tls()
                .ifPresent(
                        tls ->
                                options.setSsl(true)
                                        .setUseAlpn(true)
                                        .setKeyCertOptions(
                                                new PemKeyCertOptions()
                                                        .addCertPath(tls.certificate().toString())
                                                        .addKeyPath(tls.key().toString())));
        server =
                vertx.createHttpServer(options)
                        .connectionHandler(connection -> connected(connection, ingress))
                        .requestHandler(ingress::handle)
                        .invalidRequestHandler(ingress::unreadable);
    }

    /**
     * The ingress hears of a connection with its first request. Before that nothing is written, so
     * that the library ends by its timeout for writing whoever says nothing or never comes to the
     * end of a head; from then on the ingress looks after it, which knows what is under way.
     */
    private static void connected(HttpConnection connection, HttpIngress ingress) {
        ChannelPipeline pipeline = ((ConnectionBase) connection).channel().pipeline();
        if (pipeline.get(IdleStateHandler.class) != null) {
            pipeline.remove(IdleStateHandler.class);
        }
        ingress.connected(connection);
    }

    /** Opens the port. */
    public Future<Void> open() {
        return server.listen(listen.port(), listen.host()).mapEmpty();
    }

    /** The port that is open. */
    public int port() {
        return server.actualPort();
    }
}

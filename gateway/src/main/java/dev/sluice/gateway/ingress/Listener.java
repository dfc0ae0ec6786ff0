package dev.sluice.gateway.ingress;

import dev.sluice.gateway.config.Listen;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;

/** The socket that clients come to: HTTP/1.1 and HTTP/2 on one port, with or without TLS. */
public final class Listener {
    private static final int BACKLOG = 8192;
    private static final int CHUNK = 64 << 10;
    private static final int LINE = 8192;
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
                        .setMaxInitialLineLength(LINE)
                        .setMaxChunkSize(CHUNK)
                        .setHandle100ContinueAutomatically(true)
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
                        .connectionHandler(ingress::connected)
                        .requestHandler(ingress::handle);
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

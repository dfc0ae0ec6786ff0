package dev.sluice.gateway.upstream;

import dev.sluice.gateway.config.Protocol;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpClientCodec;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.impl.ConnectionBase;

/** Opens the connections of one event loop to one model server. */
public final class Connections {
    private static final System.Logger LOG = System.getLogger(Connections.class.getName());
    private static final int HTTP2_CONNECTION_WINDOW = 1 << 24;
    private static final int HTTP2_STREAM_WINDOW = 256 << 10;
    private static final int KEEP_ALIVE_SECONDS = 30;
    private static final int CHUNK = 64 << 10;

    private Connections() {}

    /**
     * A pool of connections that stay on the calling event loop; {@code maxHeaderBytes} bounds the
     * head of an answer.
     */
    public static HttpClient open(Vertx vertx, UpstreamPlan upstream, int maxHeaderBytes) {
        HttpClientOptions options =
                new HttpClientOptions()
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setConnectTimeout((int) upstream.timeouts().connect().toMillis())
                        .setDecompressionSupported(false)
                        .setMaxHeaderSize(maxHeaderBytes)
                        .setMaxChunkSize(CHUNK)
                        .setMaxRedirects(0)
                        .setHttp2ConnectionWindowSize(HTTP2_CONNECTION_WINDOW)
                        .setInitialSettings(
                                new Http2Settings().setInitialWindowSize(HTTP2_STREAM_WINDOW));
        protocol(options, upstream.protocol());
        if (upstream.base().getScheme().equals("https")) {
            tls(options, upstream);
        }
        PoolOptions pool =
                new PoolOptions()
                        .setHttp1MaxSize(upstream.connections())
                        .setHttp2MaxSize(4)
                        .setMaxWaitQueueSize(upstream.connections() * 4);
        return vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(Connections::connected)
                .build();
    }

    private static void connected(HttpConnection connection) {
        connection.exceptionHandler(Connections::broken);
        if (connection instanceof ConnectionBase base) {
            ChannelPipeline pipeline = base.channel().pipeline();
            if (pipeline.get("codec") instanceof HttpClientCodec) {
                pipeline.addBefore("codec", "chunks", new ChunkJoiner());
            }
        }
    }

    /**
     * A connection broke. The stream on it is told that by itself, and when there is none nobody is
     * concerned; without a handler the network library would log every reset as an error.
     */
    private static void broken(Throwable cause) {
        LOG.log(System.Logger.Level.DEBUG, "a connection to an upstream broke", cause);
    }

    private static void protocol(HttpClientOptions options, Protocol protocol) {
        switch (protocol) {
            case AUTO -> options.setProtocolVersion(HttpVersion.HTTP_1_1);
            case HTTP_1_1 -> options.setProtocolVersion(HttpVersion.HTTP_1_1);
            case H2 -> options.setProtocolVersion(HttpVersion.HTTP_2).setUseAlpn(true);
            case H2C ->
                    options.setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);
        }
    }

    private static void tls(HttpClientOptions options, UpstreamPlan upstream) {
        options.setSsl(true)
                .setTrustAll(!upstream.tls().verify())
                .setVerifyHost(upstream.tls().verify());
        upstream.tls()
                .ca()
                .ifPresent(
                        ca ->
                                options.setTrustOptions(
                                        new PemTrustOptions().addCertPath(ca.toString())));
        if (upstream.protocol() == Protocol.AUTO) {
            options.setProtocolVersion(HttpVersion.HTTP_2).setUseAlpn(true);
        }
    }
}

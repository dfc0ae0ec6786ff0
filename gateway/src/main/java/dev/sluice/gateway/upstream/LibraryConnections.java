package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.gateway.config.Protocol;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;

import java.net.URI;

/**
 * Connections of the HTTP library to one model server: over TLS, where the server chooses between
 * HTTP/1.1 and HTTP/2, and over HTTP/2 without.
 */
final class LibraryConnections implements Connections {
    private static final System.Logger LOG = System.getLogger(LibraryConnections.class.getName());
    private static final int HTTP2_CONNECTION_WINDOW = 1 << 24;
    private static final int HTTP2_STREAM_WINDOW = 256 << 10;
    private static final int KEEP_ALIVE_SECONDS = 30;
    private static final int CHUNK = 64 << 10;

    private final HttpClient client;
    private final URI base;

    /** No connection yet; {@code mostHeadBytes} bounds the head of an answer. */
    LibraryConnections(Vertx vertx, UpstreamPlan upstream, int mostHeadBytes) {
        base = upstream.base();
        HttpClientOptions options =
                new HttpClientOptions()
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setConnectTimeout((int) upstream.timeouts().connect().toMillis())
                        .setDecompressionSupported(false)
                        .setMaxHeaderSize(mostHeadBytes)
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
        client =
                vertx.httpClientBuilder()
                        .with(options)
                        .with(pool)
                        .withConnectHandler(
                                connection ->
                                        connection.exceptionHandler(LibraryConnections::broken))
                        .build();
    }

    @Override
    public void send(UpstreamRequest request, HttpStream stream) {
        RequestOptions options =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost(base.getHost())
                        .setPort(HttpUpstream.port(base))
                        .setSsl(base.getScheme().equals("https"))
                        .setURI(request.path())
                        .setFollowRedirects(false)
                        .setConnectTimeout(request.connectTimeoutMillis());
        MultiMap fields = HttpHeaders.headers();
        for (Header header : request.headers().all()) {
            fields.add(header.name(), header.value());
        }
        LibraryCarrier carrier = new LibraryCarrier(request.body(), stream);
        client.request(options.setHeaders(fields)).onComplete(carrier::obtained);
    }

    @Override
    public void close() {
        client.close().onFailure(LibraryConnections::notClosed);
    }

    private static void notClosed(Throwable cause) {
        LOG.log(System.Logger.Level.WARNING, "connections to an upstream do not close", cause);
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

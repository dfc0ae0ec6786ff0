package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;
import dev.sluice.gateway.exchange.Loop;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import java.net.URI;
import java.util.Optional;

/** A model server over HTTP, as one event loop sees it: its connections belong to this loop. */
public final class HttpUpstream implements Provider {
    private static final CharSequence IDENTITY = HttpHeaders.createOptimized("identity");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence ANY_ANSWER =
            HttpHeaders.createOptimized(
                    "application/json, text/event-stream, application/x-ndjson");
    private static final CharSequence SLUICE = HttpHeaders.createOptimized("sluice");

    private final String name;
    private final Dialect dialect;
    private final Quirks quirks;
    private final URI base;
    private final Headers headers;
    private final HttpClient client;
    private final Loop loop;

    /**
     * An upstream.
     *
     * @param base where it is, such as {@code http://127.0.0.1:8081/v1}
     * @param headers what every request bears: credentials and whatever the configuration adds
     * @param client connections of this loop
     */
    public HttpUpstream(
            String name,
            Dialect dialect,
            Quirks quirks,
            URI base,
            Headers headers,
            HttpClient client,
            Loop loop) {
        this.name = name;
        this.dialect = dialect;
        this.quirks = quirks;
        this.base = base;
        this.headers = headers;
        this.client = client;
        this.loop = loop;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Dialect> dialect() {
        return Optional.of(dialect);
    }

    @Override
    public Quirks quirks() {
        return quirks;
    }

    @Override
    public Stream open(ProviderCall call, Receiver receiver) {
        HttpStream stream = new HttpStream(this, loop, call.encoded().body(), receiver);
        client.request(options(call)).onComplete(stream::obtained);
        return stream;
    }

    private RequestOptions options(ProviderCall call) {
        RequestOptions options =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost(base.getHost())
                        .setPort(port())
                        .setSsl(base.getScheme().equals("https"))
                        .setURI(path(call.operation(), call))
                        .setFollowRedirects(false)
                        .setConnectTimeout(call.connectTimeout().toMillis());
        MultiMap fields = HttpHeaders.headers();
        fields.set(HttpHeaders.CONTENT_TYPE, JSON);
        fields.set(HttpHeaders.ACCEPT, ANY_ANSWER);
        fields.set(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
        fields.set(HttpHeaders.USER_AGENT, SLUICE);
        for (Header header : headers.all()) {
            fields.set(header.name(), header.value());
        }
        for (Header header : call.encoded().headers().all()) {
            fields.set(header.name(), header.value());
        }
        return options.setHeaders(fields);
    }

    private String path(Operation operation, ProviderCall call) {
        String root = base.getRawPath() == null ? "" : base.getRawPath();
        return root + dialect.upstreamPath(operation, call.target());
    }

    private int port() {
        return base.getPort() > 0 ? base.getPort() : base.getScheme().equals("https") ? 443 : 80;
    }

    /** Host and port, for messages. */
    String address() {
        return base.getHost() + ":" + port();
    }
}

package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.failure.Redactor;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;
import dev.sluice.dialect.bedrock.SigV4;
import dev.sluice.gateway.exchange.Loop;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A model server over HTTP, as one event loop sees it: its connections belong to this loop. They
 * are opened when it is first asked. Once it is retired they are closed with the last stream; an
 * exchange that began before and tries again afterwards opens them for that time.
 */
public final class HttpUpstream implements Provider {
    private static final System.Logger LOG = System.getLogger(HttpUpstream.class.getName());
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
    private final Optional<Signing> signing;
    private final Redactor redactor;
    private final Supplier<HttpClient> connections;
    private final Loop loop;
    private @Nullable HttpClient client;
    private int streams;
    private boolean retired;

    /**
     * An upstream.
     *
     * @param base where it is, such as {@code http://127.0.0.1:8081/v1}
     * @param headers what every request bears: credentials and whatever the configuration adds
     * @param signing how every request is signed; empty if none is
     * @param connections opens a pool of connections on this loop
     */
    public HttpUpstream(
            String name,
            Dialect dialect,
            Quirks quirks,
            URI base,
            Headers headers,
            Optional<Signing> signing,
            Supplier<HttpClient> connections,
            Loop loop) {
        this.name = name;
        this.dialect = dialect;
        this.quirks = quirks;
        this.base = base;
        this.headers = headers;
        this.signing = signing;
        this.redactor = Redactor.of(secrets(dialect, headers, signing));
        this.connections = connections;
        this.loop = loop;
    }

    /**
     * All values but those that the dialect has for everybody; of a credential, what follows its
     * scheme.
     */
    private static List<String> secrets(
            Dialect dialect, Headers headers, Optional<Signing> signing) {
        Headers forEverybody = dialect.credentials("");
        List<String> secrets = new ArrayList<>();
        signing.map(Signing::credentials)
                .ifPresent(
                        credentials -> {
                            secrets.add(credentials.secretKey());
                            credentials.sessionToken().ifPresent(secrets::add);
                        });
        for (Header header : headers.all()) {
            if (!forEverybody.all().contains(header)) {
                secrets.add(header.value().substring(header.value().lastIndexOf(' ') + 1));
            }
        }
        return secrets;
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
        RequestOptions options = options(call);
        HttpClient pool = client;
        if (pool == null) {
            pool = connections.get();
            client = pool;
        }
        streams++;
        HttpStream stream = new HttpStream(this, loop, call.encoded().body(), receiver);
        pool.request(options).onComplete(stream::obtained);
        return stream;
    }

    @Override
    public String withoutSecrets(String text) {
        return redactor.clean(text);
    }

    @Override
    public void retire() {
        retired = true;
        letGo();
    }

    /** A stream is over: it needs its connection no more. */
    void streamOver() {
        streams--;
        if (retired) {
            // Not in the middle of what the connection is just telling.
            loop.execute(this::letGo);
        }
    }

    private void letGo() {
        HttpClient idle = client;
        if (streams == 0 && idle != null) {
            client = null;
            idle.close()
                    .onFailure(
                            cause ->
                                    LOG.log(
                                            System.Logger.Level.WARNING,
                                            "connections to provider " + name + " do not close",
                                            cause));
        }
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
        signing.ifPresent(how -> sign(how, call, options.getURI(), fields));
        return options.setHeaders(fields);
    }

    /** Signs what nobody on the way changes: the host, and of what type the body is. */
    private void sign(Signing how, ProviderCall call, String path, MultiMap fields) {
        boolean usual = port() == (base.getScheme().equals("https") ? 443 : 80);
        Headers signed =
                Headers.of(
                        "host",
                        usual ? base.getHost() : address(),
                        "content-type",
                        fields.get(HttpHeaders.CONTENT_TYPE));
        for (Header header :
                SigV4.sign(
                                "POST",
                                path,
                                signed,
                                call.encoded().body(),
                                how.credentials(),
                                how.region(),
                                Instant.ofEpochMilli(loop.currentTimeMillis()))
                        .all()) {
            fields.set(header.name(), header.value());
        }
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

package dev.sluice.client;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
import java.util.concurrent.Executor;

/** A model server over HTTP, for one stream. */
final class HttpProvider implements Provider {
    private final String name;
    private final Dialect dialect;
    private final Quirks quirks;
    private final URI base;
    private final Headers headers;
    private final HttpClient http;
    private final Executor loop;

    HttpProvider(
            String name,
            Dialect dialect,
            Quirks quirks,
            URI base,
            Headers headers,
            HttpClient http,
            Executor loop) {
        this.name = name;
        this.dialect = dialect;
        this.quirks = quirks;
        this.base = base;
        this.headers = headers;
        this.http = http;
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
        Accidents accidents = new Accidents("`" + name + "` at " + base.getAuthority());
        HttpStream stream = new HttpStream(loop, receiver, accidents);
        stream.send(http, request(call));
        return stream;
    }

    private HttpRequest request(ProviderCall call) {
        String path = dialect.upstreamPath(call.operation(), call.target());
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .POST(BodyPublishers.ofByteArray(call.encoded().body()))
                        .setHeader("content-type", "application/json")
                        .setHeader(
                                "accept",
                                "application/json, text/event-stream, application/x-ndjson,"
                                        + " application/vnd.amazon.eventstream")
                        .setHeader("accept-encoding", "identity")
                        .setHeader("user-agent", "sluice-java");
        for (Header header : headers.all()) {
            request.setHeader(header.name(), header.value());
        }
        for (Header header : call.encoded().headers().all()) {
            request.setHeader(header.name(), header.value());
        }
        return request.build();
    }
}

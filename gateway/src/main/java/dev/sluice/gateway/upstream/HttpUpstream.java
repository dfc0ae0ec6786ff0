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
import dev.sluice.gateway.config.Protocol;
import dev.sluice.gateway.exchange.Loop;

import io.vertx.core.internal.ContextInternal;

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
    private static final String ANY_ANSWER =
            "application/json, text/event-stream, application/x-ndjson";

    private final String name;
    private final Dialect dialect;
    private final Quirks quirks;
    private final URI base;

    /** What every request bears, unless its dialect says otherwise for this one. */
    private final Headers usual;

    private final Optional<Signing> signing;
    private final Redactor redactor;
    private final Supplier<Connections> open;
    private final Loop loop;
    private @Nullable Connections connections;
    private int streams;
    private boolean retired;

    /**
     * An upstream; {@code mostHeadBytes} bounds the head of an answer. It lives on the event loop
     * of {@code context}, which is that of {@code loop}.
     */
    public HttpUpstream(UpstreamPlan plan, ContextInternal context, Loop loop, int mostHeadBytes) {
        this.name = plan.name();
        this.dialect = plan.dialect();
        this.quirks = plan.quirks();
        this.base = plan.base();
        this.usual = usual(plan.headers());
        this.signing = plan.signing();
        this.redactor = Redactor.of(secrets(dialect, plan.headers(), signing));
        this.open = () -> open(plan, context, loop, mostHeadBytes);
        this.loop = loop;
    }

    private static Headers usual(Headers configured) {
        FieldList fields = new FieldList();
        fields.set("content-type", "application/json");
        fields.set("accept", ANY_ANSWER);
        fields.set("accept-encoding", "identity");
        fields.set("user-agent", "sluice");
        fields.setAll(configured);
        return fields.toHeaders();
    }

    private static Connections open(
            UpstreamPlan plan, ContextInternal context, Loop loop, int mostHeadBytes) {
        boolean isPlain =
                plan.base().getScheme().equals("http")
                        && (plan.protocol() == Protocol.AUTO
                                || plan.protocol() == Protocol.HTTP_1_1);
        return isPlain
                ? new PlainConnections(context, loop, plan, mostHeadBytes)
                : new LibraryConnections(context.owner(), plan, mostHeadBytes);
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
        UpstreamRequest request = request(call);
        Connections opened = connections;
        if (opened == null) {
            opened = open.get();
            connections = opened;
        }
        streams++;
        HttpStream stream = new HttpStream(this, loop, receiver);
        opened.send(request, stream);
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
        Connections idle = connections;
        if (streams == 0 && idle != null) {
            connections = null;
            idle.close();
        }
    }

    private UpstreamRequest request(ProviderCall call) {
        String path = path(call.operation(), call);
        FieldList fields = new FieldList();
        fields.setAll(usual);
        fields.setAll(call.encoded().headers());
        if (signing.isPresent()) {
            fields.setAll(signature(signing.get(), call, path, fields.get("content-type")));
        }
        return new UpstreamRequest(
                path,
                fields.toHeaders(),
                call.encoded().body(),
                (int) call.connectTimeout().toMillis());
    }

    /** Signs what nobody on the way changes: the host, and of what type the body is. */
    private Headers signature(Signing how, ProviderCall call, String path, String contentType) {
        return SigV4.sign(
                "POST",
                path,
                Headers.of("host", authority(base), "content-type", contentType),
                call.encoded().body(),
                how.credentials(),
                how.region(),
                Instant.ofEpochMilli(loop.currentTimeMillis()));
    }

    private String path(Operation operation, ProviderCall call) {
        String root = base.getRawPath() == null ? "" : base.getRawPath();
        return root + dialect.upstreamPath(operation, call.target());
    }

    /** The port of {@code base}, its scheme's usual one if it names none. */
    static int port(URI base) {
        return base.getPort() > 0 ? base.getPort() : usualPort(base);
    }

    private static int usualPort(URI base) {
        return base.getScheme().equals("https") ? 443 : 80;
    }

    /** What the field {@code host} says (RFC 9110, 7.2). */
    static String authority(URI base) {
        return port(base) == usualPort(base) ? base.getHost() : base.getHost() + ":" + port(base);
    }

    /** Host and port, for messages. */
    String address() {
        return base.getHost() + ":" + port(base);
    }
}

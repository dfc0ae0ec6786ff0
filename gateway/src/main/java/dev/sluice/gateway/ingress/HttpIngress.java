package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureException;
import dev.sluice.dialect.bedrock.SigV4Check;
import dev.sluice.gateway.exchange.Candidates;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeSettings;
import dev.sluice.gateway.exchange.Loop;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Takes the requests of one event loop: finds the dialect, checks the key, reads the body, and
 * starts an exchange. Whatever is wrong is told in the client's dialect.
 */
public final class HttpIngress {
    private final Loop loop;
    private final RouteTable routes;
    private final KeptAnswers kept;
    private final WebFiles files;
    private final Refusals refusals;
    private final TurnEnd turnEnd;
    private final IdleConnections connections;
    private final Exchanges exchanges;
    private final Sockets sockets;
    private final GrpcStandard grpc;
    private final Pings pings;
    private final Probes probes;
    private final Admissions admissions;
    private KeyCheck keys;
    private IngressSettings settings;
    private CrossOrigin crossOrigin;

    /**
     * An ingress on {@code loop} that serves {@code dialects}; {@code streams} counts the streams
     * of all ingresses, for whoever asks after the server's health.
     */
    public HttpIngress(
            Loop loop,
            List<? extends ClientDialect> dialects,
            KeyCheck keys,
            Candidates candidates,
            ExchangeSettings exchangeSettings,
            IngressSettings settings,
            ExchangeListener listener,
            KeptAnswers kept,
            WebFiles files,
            IntSupplier streams) {
        this.loop = loop;
        this.routes = new RouteTable(dialects);
        this.keys = keys;
        this.settings = settings;
        this.crossOrigin = crossOrigin(keys, settings);
        this.kept = kept;
        this.files = files;
        this.exchanges =
                new Exchanges(
                        loop, candidates, exchangeSettings, settings.maxStreams(), listener, kept);
        this.sockets = new Sockets(loop, routes, exchanges);
        this.grpc = new GrpcStandard(exchanges);
        this.pings = new Pings(loop, exchanges::keepalive);
        this.refusals = new Refusals(loop);
        this.turnEnd = new TurnEnd(loop);
        this.connections = new IdleConnections(loop, settings.headTimeout());
        this.probes = new Probes(exchanges::isStopping, streams, routes, files);
        this.admissions = new Admissions(loop, kept, refusals, turnEnd, exchanges);
    }

    private static CrossOrigin crossOrigin(KeyCheck keys, IngressSettings settings) {
        return new CrossOrigin(settings.origins(), keys.principal("").isEmpty());
    }

    /** How long a client may take to the end of the head of a request. */
    Duration headTimeout() {
        return settings.headTimeout();
    }

    /** Bytes of the largest frame that is read: of a message that is too large, one is told. */
    int largestFrame() {
        return settings.maxBodyBytes() + (64 << 10);
    }

    /** Exchanges that have not ended. */
    public int running() {
        return exchanges.running();
    }

    /** Lets every request that comes from now on go by these; on the loop. */
    public void changeOver(
            KeyCheck nextKeys,
            Candidates nextCandidates,
            ExchangeSettings nextExchangeSettings,
            IngressSettings nextSettings) {
        keys = nextKeys;
        exchanges.changeOver(nextCandidates, nextExchangeSettings, nextSettings.maxStreams());
        settings = nextSettings;
        crossOrigin = crossOrigin(nextKeys, nextSettings);
    }

    /** Takes no new work from now on. */
    public void refuseNewWork() {
        exchanges.refuseNewWork();
        sockets.drain();
        grpc.stopping();
    }

    /** Ends all exchanges with their dialect's error. */
    public void cutAll() {
        exchanges.cutAll();
    }

    /** A client has connected; on the loop. */
    public void connected(HttpConnection connection) {
        connections.opened(connection);
    }

    /** Handles a request; on the loop. */
    public void handle(HttpServerRequest request) {
        String path = path(request);
        Headers headers = headers(request);
        boolean isGrpc = GrpcTransport.isFor(headers);
        Runnable over = begin(request, isGrpc);
        request.response().endHandler(_ -> over.run());
        request.response().closeHandler(_ -> over.run());
        if (CrossOrigin.isPreflight(request.method().name(), headers)) {
            List<String> methods = methods(path);
            crossOrigin.preflight(request, methods.isEmpty() ? List.of("GET") : methods);
            return;
        }
        crossOrigin.allow(request);
        if (Probes.isOne(path)) {
            probes.answer(request, path, headers);
            return;
        }
        String requestId =
                RequestId.fromClient(headers.get("x-request-id"))
                        .orElseGet(() -> "req_" + RequestId.random());
        if (isGrpc && GrpcStandard.isHealth(path)) {
            grpc.health(request, path, over);
            return;
        }
        Optional<SocketSpeech> speech = sockets.speech(request, path, headers);
        if (speech.isPresent()) {
            openSocket(request, speech.get(), headers, requestId);
            return;
        }
        Optional<ClientDialect> comesBack = kept.dialectOf(request.method().name(), path);
        if (comesBack.isPresent()) {
            comeBack(request, comesBack.get(), headers, requestId, over);
            return;
        }
        if (isGrpc && GrpcStandard.isReflection(path)) {
            reflect(request, headers, requestId, over);
            return;
        }
        Optional<RouteTable.Match> match = routes.find(request.method().name(), path, headers);
        if (match.isEmpty()) {
            if (isGrpc) {
                refusals.refuse(request, routes.grpc(), requestId, Refusals.noMethod());
                return;
            }
            if (files.serve(request, path)) {
                return;
            }
            refusals.refuse(
                    request,
                    routes.guess(path, headers),
                    requestId,
                    Refusals.unserved(request, methods(path)));
            return;
        }
        String shown =
                KeyCheck.shown(headers, match.get().dialect().keyParameter(), query(request));
        Optional<String> principal = keys.principal(shown);
        if (principal.isEmpty()) {
            refusals.refuse(request, match.get().dialect(), requestId, Refusals.unknownKey(shown));
            return;
        }
        boolean signed = SigV4Check.isIn(headers) && keys.principal("").isEmpty();
        admissions.admit(
                new Admissions.Arrival(
                        request, match.get(), headers, requestId, principal.get(), signed, over),
                settings,
                crossOrigin);
    }

    /** Watches over the request's connection until the result is run. */
    private Runnable begin(HttpServerRequest request, boolean isGrpc) {
        Runnable idle = connections.begin(request.connection());
        if (!isGrpc || request.version() != HttpVersion.HTTP_2) {
            return idle;
        }
        Runnable unpinged = pings.begin(request.connection());
        return () -> {
            idle.run();
            unpinged.run();
        };
    }

    /** Tells a client of gRPC what is served here. */
    private void reflect(
            HttpServerRequest request, Headers headers, String requestId, Runnable over) {
        String shown = KeyCheck.shown(headers);
        if (keys.principal(shown).isPresent()) {
            grpc.reflection(request, over);
        } else {
            refusals.refuse(request, routes.grpc(), requestId, Refusals.unknownKey(shown));
        }
    }

    /** Opens a WebSocket, or says as an HTTP error why not. */
    private void openSocket(
            HttpServerRequest request, SocketSpeech speech, Headers headers, String requestId) {
        Optional<String> principal = keys.principal(Sockets.shownKey(headers));
        boolean browser = headers.get("origin").isPresent();
        Optional<Failure> refusal =
                !crossOrigin.admits(request)
                        ? Optional.of(Refusals.otherOrigin())
                        : principal.isEmpty() && !browser
                                ? Optional.of(Refusals.unknownKey(Sockets.shownKey(headers)))
                                : exchanges.refusal();
        if (refusal.isPresent()) {
            refusals.refuse(request, speech.dialect(""), requestId, refusal.get());
        } else {
            Runnable over = connections.begin(request.connection());
            sockets.open(request, speech, headers, principal, settings, over);
        }
    }

    /** Answers a client that comes back to what was kept. */
    private void comeBack(
            HttpServerRequest request,
            ClientDialect dialect,
            Headers headers,
            String requestId,
            Runnable over) {
        Optional<String> principal = keys.principal(KeyCheck.shown(headers));
        if (principal.isEmpty()) {
            refusals.refuse(
                    request, dialect, requestId, Refusals.unknownKey(KeyCheck.shown(headers)));
            return;
        }
        String query = query(request);
        HttpTransport transport = new HttpTransport(request, turnEnd, settings.slowReaderBytes());
        try {
            request.response().putHeader("x-request-id", requestId);
            KeptAnswers.Return back =
                    new KeptAnswers.Return(
                            request.method().name(),
                            path(request),
                            query,
                            headers.get("last-event-id").orElse("").trim(),
                            principal.get());
            KeptAnswers.Answering answering = kept.answer(back, transport, loop);
            transport.bind(answering, over);
            answering.start();
        } catch (FailureException e) {
            refusals.refuse(request, dialect, requestId, e.failure());
        }
    }

    /**
     * Handles a request whose head or framing cannot be read; on the loop. The connection ends with
     * it, since nobody can tell where the next request would begin.
     */
    public void unreadable(HttpServerRequest request) {
        refusals.unreadable(request, routes.guess("", headers(request)));
    }

    /** The methods that {@code path} takes; empty if no dialect has it. */
    private List<String> methods(String path) {
        List<String> methods = new ArrayList<>(routes.methods(path));
        methods.addAll(kept.methods(path));
        return methods;
    }

    private static String path(HttpServerRequest request) {
        String path = request.path();
        return path == null ? "" : path;
    }

    private static String query(HttpServerRequest request) {
        String query = request.query();
        return query == null ? "" : query;
    }

    private static Headers headers(HttpServerRequest request) {
        List<Header> list = new ArrayList<>();
        for (Map.Entry<String, String> entry : request.headers()) {
            list.add(new Header(entry.getKey(), entry.getValue()));
        }
        return new Headers(list);
    }
}

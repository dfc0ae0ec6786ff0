package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.request.Request;
import dev.sluice.dialect.KnownServers;
import dev.sluice.dialect.bedrock.SigV4Check;
import dev.sluice.dialect.grpc.GrpcDialect;
import dev.sluice.gateway.exchange.Candidates;
import dev.sluice.gateway.exchange.ClientCall;
import dev.sluice.gateway.exchange.Exchange;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeSettings;
import dev.sluice.gateway.exchange.Loop;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Takes the requests of one event loop: finds the dialect, checks the key, reads the body, and
 * starts an exchange. Whatever is wrong is told in the client's dialect.
 */
public final class HttpIngress {
    private static final System.Logger LOG = System.getLogger(HttpIngress.class.getName());

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
    private KeyCheck keys;
    private IngressSettings settings;
    private CrossOrigin crossOrigin;

    /** An ingress on {@code loop} that serves {@code dialects}. */
    public HttpIngress(
            Loop loop,
            List<? extends ClientDialect> dialects,
            KeyCheck keys,
            Candidates candidates,
            ExchangeSettings exchangeSettings,
            IngressSettings settings,
            ExchangeListener listener,
            KeptAnswers kept,
            WebFiles files) {
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
        if (path.equals("/health") || path.equals("/ready") || path.equals("/")) {
            probe(request, path, headers);
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
        new Admission(request, match.get(), headers, requestId, principal.get(), over).admit();
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

    /** One request between its head and its exchange. */
    private final class Admission {
        private final HttpServerRequest request;
        private final RouteTable.Match match;
        private final Headers headers;
        private final String requestId;
        private final String principal;
        private final Runnable over;

        /** Whether the request is signed and its signature matters: not where all may come in. */
        private final boolean isSigned;

        Admission(
                HttpServerRequest request,
                RouteTable.Match match,
                Headers headers,
                String requestId,
                String principal,
                Runnable over) {
            this.request = request;
            this.over = over;
            this.match = match;
            this.headers = headers;
            this.requestId = requestId;
            this.principal = principal;
            this.isSigned = SigV4Check.isIn(headers) && keys.principal("").isEmpty();
        }

        void admit() {
            switch (match.operation()) {
                case LIST_MODELS ->
                        list(() -> match.dialect().encodeModels(exchanges.candidates().models()));
                case LIST_LOADED -> list(() -> match.dialect().encodeLoaded());
                case SHOW_VERSION -> list(() -> match.dialect().encodeVersion());
                case SHOW_MODEL -> read();
                case GENERATE, COMPLETE, COUNT_TOKENS, EMBED -> {
                    Optional<Failure> refusal = refusal();
                    if (refusal.isPresent()) {
                        refused(refusal.get());
                    } else {
                        read();
                    }
                }
            }
        }

        private Optional<Failure> refusal() {
            if (!crossOrigin.admits(request)) {
                return Optional.of(Refusals.otherOrigin());
            }
            // One that comes back to its stream takes no place that it does not have.
            return headers.get("last-event-id").isPresent()
                    ? Optional.empty()
                    : exchanges.refusal();
        }

        /** Answers a request that has no body. */
        private void list(Supplier<byte[]> answer) {
            Optional<Failure> forged = forged(new byte[0]);
            if (forged.isPresent()) {
                refused(forged.get());
            } else {
                answer(answer.get());
            }
        }

        /** What is wrong with the request's signature, where keys are asked for. */
        private Optional<Failure> forged(byte[] body) {
            return isSigned
                    ? SignatureCheck.problem(
                            request, headers, body, Instant.ofEpochMilli(loop.currentTimeMillis()))
                    : Optional.empty();
        }

        private void read() {
            new RequestBody(request, headers, settings, loop).read(this::body, this::refused);
        }

        private void showModel(Call call) {
            String id = match.dialect().decodeModelName(call);
            Optional<ModelCard> card =
                    exchanges.candidates().models().stream()
                            .filter(m -> m.id().equals(id))
                            .findFirst();
            if (card.isPresent()) {
                answer(match.dialect().encodeModel(card.get()));
            } else {
                refused(
                        new Failure(
                                FailureCode.NOT_FOUND,
                                "there is no model of this name; GET /v1/models lists them all",
                                "model",
                                null,
                                null,
                                0));
            }
        }

        /** Answers with a document of the gateway's own, and says whose: others find it by that. */
        private void answer(byte[] body) {
            transport()
                    .reply(
                            200,
                            Headers.of(
                                    "content-type",
                                    "application/json",
                                    "server",
                                    KnownServers.SLUICE,
                                    "x-request-id",
                                    requestId),
                            body);
        }

        private void refused(Failure failure) {
            refusals.refuse(request, match.dialect(), requestId, failure);
        }

        private void body(byte[] body) {
            if (request.response().closed()) {
                // The client went while its body was decoded.
                return;
            }
            Optional<Failure> forged = forged(body);
            if (forged.isPresent()) {
                refused(forged.get());
                return;
            }
            try {
                boolean inAddress =
                        request.method().equals(HttpMethod.GET) && match.operation().generates();
                byte[] asked = inAddress ? ofQuery() : body;
                body(new Call(match.operation(), match.rest(), query(request), headers, asked));
            } catch (FailureException e) {
                refused(e.failure());
            } catch (MalformedJson e) {
                refused(
                        Failure.invalid(
                                e.path(), "the request is not as expected: " + e.getMessage()));
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.ERROR, "request " + requestId + ": an accident", e);
                refused(
                        Failure.of(
                                FailureCode.INTERNAL,
                                "the gateway failed while it read the request; its log names "
                                        + requestId));
            }
        }

        /** A client that cannot send a body has it all in the address. */
        private byte[] ofQuery() {
            return StreamQuery.body(query(request));
        }

        private void body(Call call) {
            switch (call.operation()) {
                case GENERATE, COMPLETE -> {
                    if (!kept.keeps(match.dialect()) || !takesUp(call)) {
                        start(call, match.dialect().decodeRequest(call));
                    }
                }
                case COUNT_TOKENS -> start(call, match.dialect().decodeCountRequest(call));
                case EMBED -> start(call, match.dialect().decodeEmbedRequest(call));
                case SHOW_MODEL -> showModel(call);
                case LIST_MODELS, LIST_LOADED, SHOW_VERSION ->
                        throw new IllegalStateException(call.operation() + " has no body");
            }
        }

        private IngressTransport transport() {
            return isGrpc()
                    ? new GrpcTransport(request, settings.slowReaderBytes())
                    : new HttpTransport(request, turnEnd, settings.slowReaderBytes());
        }

        /** Goes on with a stream that the client has lost, if that is what it asks for. */
        private boolean takesUp(Call call) {
            IngressTransport transport = transport();
            Optional<KeptAnswers.Answering> answering =
                    kept.resume(match.dialect(), call, principal, transport, loop);
            answering.ifPresent(
                    again -> {
                        request.response().putHeader("x-request-id", requestId);
                        transport.bind(again, over);
                        again.start();
                    });
            return answering.isPresent();
        }

        private void start(Call call, Request decoded) {
            Optional<Failure> refusal = exchanges.refusal();
            if (refusal.isPresent()) {
                refused(refusal.get());
                return;
            }
            boolean strict =
                    headers.get("x-gateway-strict").map(v -> v.trim().equals("true")).orElse(false);
            ClientCall asked =
                    new ClientCall(
                            requestId,
                            RequestId.random(),
                            principal,
                            match.dialect(),
                            match.operation(),
                            call,
                            exchanges.withModel(match.dialect(), decoded),
                            strict);
            Optional<Duration> limit =
                    isGrpc() ? GrpcTransport.deadline(headers) : Optional.empty();
            if (limit.isEmpty()) {
                exchanges.start(asked, transport(), over);
                return;
            }
            Deadline deadline = new Deadline(loop);
            Exchange exchange =
                    exchanges.start(
                            asked,
                            transport(),
                            () -> {
                                deadline.over();
                                over.run();
                            });
            deadline.of(exchange, limit.get());
        }

        private boolean isGrpc() {
            return match.dialect() instanceof GrpcDialect;
        }
    }

    /** The methods that {@code path} takes; empty if no dialect has it. */
    private List<String> methods(String path) {
        List<String> methods = new ArrayList<>(routes.methods(path));
        methods.addAll(kept.methods(path));
        return methods;
    }

    private void probe(HttpServerRequest request, String path, Headers headers) {
        if (path.equals("/")) {
            root(request, headers);
            return;
        }
        boolean ready = !exchanges.isStopping();
        int status = path.equals("/ready") && !ready ? 503 : 200;
        String body =
                "{\"status\":\""
                        + (ready ? "ok" : "stopping")
                        + "\",\"streams\":"
                        + exchanges.running()
                        + "}\n";
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body);
    }

    /** Programs look here whether somebody is at home; a browser wants to see something. */
    private void root(HttpServerRequest request, Headers headers) {
        boolean browser = headers.get("accept").orElse("").contains("text/html");
        if (!browser || !files.serve(request, "/")) {
            String greeting =
                    routes.greeting(headers).orElse("Sluice is running. Models: /v1/models\n");
            request.response().putHeader("content-type", "text/plain").end(greeting);
        }
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

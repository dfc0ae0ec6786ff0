package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.request.Request;
import dev.sluice.dialect.bedrock.SigV4Check;
import dev.sluice.gateway.exchange.Candidate;
import dev.sluice.gateway.exchange.Candidates;
import dev.sluice.gateway.exchange.ClientCall;
import dev.sluice.gateway.exchange.Exchange;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeSettings;
import dev.sluice.gateway.exchange.Loop;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Takes the requests of one event loop: finds the dialect, checks the key, reads the body, and
 * starts an exchange. Whatever is wrong is told in the client's dialect.
 */
public final class HttpIngress {
    private static final System.Logger LOG = System.getLogger(HttpIngress.class.getName());

    /** The error code of HTTP/2 for an answer that needs no more of its request. */
    private static final long NO_ERROR = 0;

    private static final long LINGER_MILLIS = 2_000;

    private final Loop loop;
    private final RouteTable routes;
    private final ExchangeListener listener;
    private final KeptAnswers kept;
    private final TurnEnd turnEnd;
    private final IdleConnections connections;
    private final Set<Exchange> running = new HashSet<>();
    private KeyCheck keys;
    private Candidates candidates;
    private ExchangeSettings exchangeSettings;
    private IngressSettings settings;
    private boolean stopping;

    /** An ingress on {@code loop} that serves {@code dialects}. */
    public HttpIngress(
            Loop loop,
            List<Dialect> dialects,
            KeyCheck keys,
            Candidates candidates,
            ExchangeSettings exchangeSettings,
            IngressSettings settings,
            ExchangeListener listener,
            KeptAnswers kept) {
        this.loop = loop;
        this.routes = new RouteTable(dialects);
        this.keys = keys;
        this.candidates = candidates;
        this.exchangeSettings = exchangeSettings;
        this.settings = settings;
        this.listener = listener;
        this.kept = kept;
        this.turnEnd = new TurnEnd(loop);
        this.connections = new IdleConnections(loop, settings.headTimeout());
    }

    /** How long a client may take to the end of the head of a request. */
    Duration headTimeout() {
        return settings.headTimeout();
    }

    /** Exchanges that have not ended. */
    public int running() {
        return running.size();
    }

    /** Lets every request that comes from now on go by these; on the loop. */
    public void changeOver(
            KeyCheck nextKeys,
            Candidates nextCandidates,
            ExchangeSettings nextExchangeSettings,
            IngressSettings nextSettings) {
        keys = nextKeys;
        candidates = nextCandidates;
        exchangeSettings = nextExchangeSettings;
        settings = nextSettings;
    }

    /** Takes no new work from now on. */
    public void refuseNewWork() {
        stopping = true;
    }

    /** Ends all exchanges with their dialect's error. */
    public void cutAll() {
        for (Exchange exchange : List.copyOf(running)) {
            exchange.onShutdown();
        }
    }

    /** A client has connected; on the loop. */
    public void connected(HttpConnection connection) {
        connections.opened(connection);
    }

    /** Handles a request; on the loop. */
    public void handle(HttpServerRequest request) {
        Runnable over = connections.begin(request.connection());
        request.response().endHandler(_ -> over.run());
        request.response().closeHandler(_ -> over.run());
        String path = path(request);
        if (path.equals("/health") || path.equals("/ready") || path.equals("/")) {
            probe(request, path);
            return;
        }
        Headers headers = headers(request);
        String requestId =
                RequestId.fromClient(headers.get("x-request-id"))
                        .orElseGet(() -> "req_" + RequestId.random());
        Optional<Dialect> comesBack = kept.dialectOf(path);
        if (comesBack.isPresent()) {
            comeBack(request, comesBack.get(), headers, requestId, over);
            return;
        }
        Optional<RouteTable.Match> match = routes.find(request.method().name(), path, headers);
        if (match.isEmpty()) {
            refuse(request, routes.guess(path, headers), requestId, unserved(request, path));
            return;
        }
        Optional<String> principal = keys.principal(KeyCheck.shown(headers));
        if (principal.isEmpty()) {
            refuse(request, match.get().dialect(), requestId, unknownKey(headers));
            return;
        }
        new Admission(request, match.get(), headers, requestId, principal.get(), over).admit();
    }

    /** Answers a client that comes back to what was kept. */
    private void comeBack(
            HttpServerRequest request,
            Dialect dialect,
            Headers headers,
            String requestId,
            Runnable over) {
        Optional<String> principal = keys.principal(KeyCheck.shown(headers));
        if (principal.isEmpty()) {
            refuse(request, dialect, requestId, unknownKey(headers));
            return;
        }
        String query = request.query() == null ? "" : request.query();
        HttpTransport transport = new HttpTransport(request, turnEnd, settings.slowReaderBytes());
        try {
            request.response().putHeader("x-request-id", requestId);
            KeptAnswers.Return back =
                    new KeptAnswers.Return(
                            request.method().name(), path(request), query, principal.get());
            KeptAnswers.Answering answering = kept.answer(back, transport, loop);
            transport.bind(answering, over);
            answering.start();
        } catch (FailureException e) {
            refuse(request, dialect, requestId, e.failure());
        }
    }

    /**
     * Handles a request whose head or framing cannot be read; on the loop. The connection ends with
     * it, since nobody can tell where the next request would begin.
     */
    public void unreadable(HttpServerRequest request) {
        Headers headers = headers(request);
        String requestId = "req_" + RequestId.random();
        Throwable why = request.decoderResult().cause();
        Failure failure =
                Failure.of(
                        FailureCode.INVALID_REQUEST,
                        switch (why) {
                            case TooLongHttpLineException _ ->
                                    "the first line of the request is longer than "
                                            + Listener.LONGEST_LINE
                                            + " bytes";
                            case TooLongHttpHeaderException _ ->
                                    "the header of the request is larger than allowed"
                                            + " (limits.header)";
                            case null, default -> "the request is not HTTP as RFC 9112 has it";
                        });
        int status =
                switch (why) {
                    case TooLongHttpLineException _ -> 414;
                    case TooLongHttpHeaderException _ -> 431;
                    case null, default -> 400;
                };
        Dialect dialect = routes.guess("", headers);
        refuse(request, dialect, requestId, dialect.encodeError(failure, requestId), status);
        request.connection().close();
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
                case LIST_MODELS -> list(() -> match.dialect().encodeModels(candidates.models()));
                case LIST_LOADED -> list(() -> match.dialect().encodeLoaded());
                case SHOW_VERSION -> list(() -> match.dialect().encodeVersion());
                case SHOW_MODEL -> read();
                case GENERATE, COMPLETE, COUNT_TOKENS -> {
                    if (stopping) {
                        refused(
                                Failure.of(
                                        FailureCode.UNAVAILABLE,
                                        "the gateway is stopping and takes no new requests"));
                    } else if (running.size() >= settings.maxStreams()) {
                        refused(
                                Failure.of(
                                                FailureCode.UNAVAILABLE,
                                                "the gateway has all the streams open that it may"
                                                        + " have (limits.streams)")
                                        .withRetryAfter(Duration.ofSeconds(1)));
                    } else {
                        read();
                    }
                }
            }
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
                    candidates.models().stream().filter(m -> m.id().equals(id)).findFirst();
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

        private void answer(byte[] body) {
            request.response()
                    .putHeader("content-type", "application/json")
                    .putHeader("x-request-id", requestId)
                    .end(Buffer.buffer(body));
        }

        private void refused(Failure failure) {
            refuse(request, match.dialect(), requestId, failure);
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
                body(new Call(match.operation(), match.rest(), headers, body));
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

        private void body(Call call) {
            switch (call.operation()) {
                case GENERATE, COMPLETE -> start(call, match.dialect().decodeRequest(call));
                case COUNT_TOKENS -> start(call, match.dialect().decodeCountRequest(call));
                case SHOW_MODEL -> showModel(call);
                case LIST_MODELS, LIST_LOADED, SHOW_VERSION ->
                        throw new IllegalStateException(call.operation() + " has no body");
            }
        }

        private void start(Call call, Request decoded) {
            boolean strict =
                    headers.get("x-gateway-strict").map(v -> v.trim().equals("true")).orElse(false);
            HttpTransport transport =
                    new HttpTransport(request, turnEnd, settings.slowReaderBytes());
            List<Candidate> answering = candidates.forModel(decoded.model());
            KeptAnswers.Admitted admitted =
                    kept.admit(
                            new ClientCall(
                                    requestId,
                                    RequestId.random(),
                                    principal,
                                    match.dialect(),
                                    match.operation(),
                                    call,
                                    decoded,
                                    strict),
                            answering,
                            transport,
                            loop);
            Exchange exchange =
                    new Exchange(
                            admitted.call(),
                            loop,
                            admitted.client(),
                            answering,
                            exchangeSettings,
                            listener);
            running.add(exchange);
            transport.bind(
                    admitted.watch(exchange),
                    () -> {
                        running.remove(exchange);
                        over.run();
                    });
            exchange.start();
        }
    }

    private void refuse(
            HttpServerRequest request, Dialect dialect, String requestId, Failure failure) {
        ErrorReply error = dialect.encodeError(failure, requestId);
        refuse(request, dialect, requestId, error, error.status());
    }

    private void refuse(
            HttpServerRequest request,
            Dialect dialect,
            String requestId,
            ErrorReply error,
            int status) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        var response = request.response().setStatusCode(status);
        response.putHeader("content-type", "application/json");
        response.putHeader("x-request-id", requestId);
        response.putHeader(dialect.requestIdHeader(), requestId);
        for (Header header : error.headers().all()) {
            response.putHeader(header.name(), header.value());
        }
        if (!request.isEnded()) {
            boolean isShared = request.version() == HttpVersion.HTTP_2;
            if (!isShared) {
                response.putHeader("connection", "close");
            }
            // To end it at once would reset a client that still sends, before it has read why.
            loop.schedule(LINGER_MILLIS, () -> endRest(request, isShared));
        }
        response.end(Buffer.buffer(error.body()));
    }

    /** Takes no more of a request that was refused; on a shared connection, of its stream alone. */
    private static void endRest(HttpServerRequest request, boolean isShared) {
        if (!isShared) {
            request.connection().close();
        } else if (!request.isEnded()) {
            request.response().reset(NO_ERROR);
        }
    }

    private Failure unserved(HttpServerRequest request, String path) {
        List<String> methods = routes.methods(path);
        return methods.isEmpty()
                ? Failure.of(
                        FailureCode.NOT_FOUND,
                        "nothing is served on this path; models answer on /v1/chat/completions,"
                                + " /v1/responses and /v1/messages, and /v1/models lists them")
                : Failure.of(
                        FailureCode.METHOD_NOT_ALLOWED,
                        "this path takes "
                                + String.join(" or ", methods)
                                + ", not "
                                + request.method().name());
    }

    private static Failure unknownKey(Headers headers) {
        return Failure.of(
                FailureCode.AUTHENTICATION,
                KeyCheck.shown(headers).isEmpty()
                        ? "no API key; send one as `Authorization: Bearer KEY` or `x-api-key: KEY`"
                        : "this API key is not known here");
    }

    private void probe(HttpServerRequest request, String path) {
        boolean ready = !stopping;
        int status = path.equals("/ready") && !ready ? 503 : 200;
        String body =
                path.equals("/")
                        ? routes.greeting(headers(request))
                                .orElse("Sluice is running. Models: /v1/models\n")
                        : "{\"status\":\""
                                + (ready ? "ok" : "stopping")
                                + "\",\"streams\":"
                                + running.size()
                                + "}\n";
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", path.equals("/") ? "text/plain" : "application/json")
                .end(body);
    }

    private static String path(HttpServerRequest request) {
        String path = request.path();
        return path == null ? "" : path;
    }

    private static Headers headers(HttpServerRequest request) {
        List<Header> list = new ArrayList<>();
        for (Map.Entry<String, String> entry : request.headers()) {
            list.add(new Header(entry.getKey(), entry.getValue()));
        }
        return new Headers(list);
    }
}

package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.Headers.Header;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.request.Request;
import dev.sluice.gateway.exchange.Candidate;
import dev.sluice.gateway.exchange.Candidates;
import dev.sluice.gateway.exchange.ClientCall;
import dev.sluice.gateway.exchange.Exchange;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeSettings;
import dev.sluice.gateway.exchange.Loop;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes the requests of one event loop: finds the dialect, checks the key, reads the body, and
 * starts an exchange. Whatever is wrong is told in the client's dialect.
 */
public final class HttpIngress {
    private static final System.Logger LOG = System.getLogger(HttpIngress.class.getName());

    private final Loop loop;
    private final RouteTable routes;
    private final KeyCheck keys;
    private final Candidates candidates;
    private final ExchangeSettings exchangeSettings;
    private final IngressSettings settings;
    private final ExchangeListener listener;
    private final KeptAnswers kept;
    private final TurnEnd turnEnd;
    private final IdleConnections connections;
    private final Set<Exchange> running = new HashSet<>();
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

    /** Exchanges that have not ended. */
    public int running() {
        return running.size();
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
            refuse(request, routes.guess(headers), requestId, unserved(request, path));
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

    /** One request between its head and its exchange. */
    private final class Admission {
        private final HttpServerRequest request;
        private final RouteTable.Match match;
        private final Headers headers;
        private final String requestId;
        private final String principal;
        private final Runnable over;

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
        }

        void admit() {
            switch (match.operation()) {
                case LIST_MODELS -> answer(match.dialect().encodeModels(candidates.models()));
                case SHOW_MODEL -> showModel();
                case GENERATE, COUNT_TOKENS -> {
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
                                        .withRetryAfter(java.time.Duration.ofSeconds(1)));
                    } else {
                        new RequestBody(request, headers, settings, loop)
                                .read(this::body, this::refused);
                    }
                }
            }
        }

        private void showModel() {
            String id = URLDecoder.decode(match.rest(), StandardCharsets.UTF_8);
            Optional<ModelCard> card =
                    candidates.models().stream().filter(m -> m.id().equals(id)).findFirst();
            if (card.isPresent()) {
                answer(match.dialect().encodeModel(card.get()));
            } else {
                refused(
                        Failure.of(
                                FailureCode.NOT_FOUND,
                                "there is no model of this name; GET /v1/models lists them all"));
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
            try {
                Call call = new Call(match.rest(), headers, body);
                Request decoded =
                        match.operation() == Operation.GENERATE
                                ? match.dialect().decodeRequest(call)
                                : match.dialect().decodeCountRequest(call);
                start(call, decoded);
            } catch (FailureException e) {
                refused(e.failure());
            } catch (MalformedJson e) {
                refused(
                        Failure.invalid(
                                e.path(), "the request is not as expected: " + e.getMessage()));
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "request " + requestId + ": an accident", e);
                refused(
                        Failure.of(
                                FailureCode.INTERNAL,
                                "the gateway failed while it read the request; its log names "
                                        + requestId));
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
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        ErrorReply error = dialect.encodeError(failure, requestId);
        var response = request.response().setStatusCode(error.status());
        response.putHeader("content-type", "application/json");
        response.putHeader("x-request-id", requestId);
        response.putHeader(dialect.requestIdHeader(), requestId);
        for (Header header : error.headers().all()) {
            response.putHeader(header.name(), header.value());
        }
        if (!request.isEnded()) {
            response.putHeader("connection", "close");
        }
        response.end(Buffer.buffer(error.body()));
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
                        ? "Sluice is running. Models: /v1/models\n"
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

package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.Call;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.dialect.ModelCard;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.request.Request;
import dev.sluice.dialect.KnownServers;
import dev.sluice.dialect.grpc.GrpcDialect;
import dev.sluice.gateway.exchange.ClientCall;
import dev.sluice.gateway.exchange.Exchange;
import dev.sluice.gateway.exchange.Loop;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Leads requests whose key is known from their head to their answer: reads the body, has the
 * dialect decode it, and starts an exchange.
 */
final class Admissions {
    private static final System.Logger LOG = System.getLogger(Admissions.class.getName());

    private final Loop loop;
    private final KeptAnswers kept;
    private final Refusals refusals;
    private final TurnEnd turnEnd;
    private final Exchanges exchanges;

    Admissions(
            Loop loop, KeptAnswers kept, Refusals refusals, TurnEnd turnEnd, Exchanges exchanges) {
        this.loop = loop;
        this.kept = kept;
        this.refusals = refusals;
        this.turnEnd = turnEnd;
        this.exchanges = exchanges;
    }

    /**
     * A request of which the head has been read.
     *
     * @param signed whether it is signed and its signature matters: not where all may come in
     * @param over runs when the answer is over
     */
    record Arrival(
            HttpServerRequest request,
            RouteTable.Match match,
            Headers headers,
            String requestId,
            String principal,
            boolean signed,
            Runnable over) {
        String query() {
            String query = request.query();
            return query == null ? "" : query;
        }
    }

    /** Lets {@code arrival} in, or says why not. */
    void admit(Arrival arrival, IngressSettings settings, CrossOrigin crossOrigin) {
        new Admission(arrival, settings, crossOrigin).admit();
    }

    /** One request between its head and its exchange. */
    private final class Admission {
        private final Arrival arrival;
        private final HttpServerRequest request;
        private final RouteTable.Match match;
        private final IngressSettings settings;
        private final CrossOrigin crossOrigin;

        Admission(Arrival arrival, IngressSettings settings, CrossOrigin crossOrigin) {
            this.arrival = arrival;
            this.request = arrival.request();
            this.match = arrival.match();
            this.settings = settings;
            this.crossOrigin = crossOrigin;
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
            return arrival.headers().get("last-event-id").isPresent()
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
            return arrival.signed()
                    ? SignatureCheck.problem(
                            request,
                            arrival.headers(),
                            body,
                            Instant.ofEpochMilli(loop.currentTimeMillis()))
                    : Optional.empty();
        }

        private void read() {
            new RequestBody(request, arrival.headers(), settings, loop)
                    .read(this::body, this::refused);
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
                                    arrival.requestId()),
                            body);
        }

        private void refused(Failure failure) {
            refusals.refuse(request, match.dialect(), arrival.requestId(), failure);
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
                body(
                        new Call(
                                match.operation(),
                                match.rest(),
                                arrival.query(),
                                arrival.headers(),
                                asked));
            } catch (FailureException e) {
                refused(e.failure());
            } catch (MalformedJson e) {
                refused(
                        Failure.invalid(
                                e.path(), "the request is not as expected: " + e.getMessage()));
            } catch (RuntimeException | Error e) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "request " + arrival.requestId() + ": an accident",
                        e);
                refused(
                        Failure.of(
                                FailureCode.INTERNAL,
                                "the gateway failed while it read the request; its log names "
                                        + arrival.requestId()));
            }
        }

        /** A client that cannot send a body has it all in the address. */
        private byte[] ofQuery() {
            return StreamQuery.body(arrival.query());
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
                    kept.resume(match.dialect(), call, arrival.principal(), transport, loop);
            answering.ifPresent(
                    again -> {
                        request.response().putHeader("x-request-id", arrival.requestId());
                        transport.bind(again, arrival.over());
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
                    arrival.headers()
                            .get("x-gateway-strict")
                            .map(v -> v.trim().equals("true"))
                            .orElse(false);
            ClientCall asked =
                    new ClientCall(
                            arrival.requestId(),
                            RequestId.random(),
                            arrival.principal(),
                            match.dialect(),
                            match.operation(),
                            call,
                            exchanges.withModel(match.dialect(), decoded),
                            strict);
            Optional<Duration> limit =
                    isGrpc() ? GrpcTransport.deadline(arrival.headers()) : Optional.empty();
            if (limit.isEmpty()) {
                exchanges.start(asked, transport(), arrival.over());
                return;
            }
            Deadline deadline = new Deadline(loop);
            Exchange exchange =
                    exchanges.start(
                            asked,
                            transport(),
                            () -> {
                                deadline.over();
                                arrival.over().run();
                            });
            deadline.of(exchange, limit.get());
        }

        private boolean isGrpc() {
            return match.dialect() instanceof GrpcDialect;
        }
    }
}

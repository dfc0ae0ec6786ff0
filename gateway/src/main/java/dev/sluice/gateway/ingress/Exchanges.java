package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.ClientDialect;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.request.Request;
import dev.sluice.gateway.exchange.Candidate;
import dev.sluice.gateway.exchange.Candidates;
import dev.sluice.gateway.exchange.ClientCall;
import dev.sluice.gateway.exchange.Exchange;
import dev.sluice.gateway.exchange.ExchangeListener;
import dev.sluice.gateway.exchange.ExchangeRecord;
import dev.sluice.gateway.exchange.ExchangeSettings;
import dev.sluice.gateway.exchange.Loop;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Starts the exchanges of one event loop, by whatever way their clients came, and knows them. */
final class Exchanges {
    private final Loop loop;
    private final ExchangeListener listener;
    private final KeptAnswers kept;
    private final Set<Exchange> running = new HashSet<>();
    private Candidates candidates;
    private ExchangeSettings settings;
    private int most;
    private boolean stopping;

    Exchanges(
            Loop loop,
            Candidates candidates,
            ExchangeSettings settings,
            int most,
            ExchangeListener listener,
            KeptAnswers kept) {
        this.loop = loop;
        this.candidates = candidates;
        this.settings = settings;
        this.most = most;
        this.listener = listener;
        this.kept = kept;
    }

    /** Lets every exchange that begins from now on go by these. */
    void changeOver(Candidates nextCandidates, ExchangeSettings nextSettings, int nextMost) {
        candidates = nextCandidates;
        settings = nextSettings;
        most = nextMost;
    }

    Candidates candidates() {
        return candidates;
    }

    /** How long a client hears nothing before it is sent a sign of life; zero means for ever. */
    Duration keepalive() {
        return settings.keepalive();
    }

    int running() {
        return running.size();
    }

    boolean isStopping() {
        return stopping;
    }

    void refuseNewWork() {
        stopping = true;
    }

    /** Ends all with their dialect's error. */
    void cutAll() {
        List.copyOf(running).forEach(Exchange::onShutdown);
    }

    /** Why no exchange can begin now; empty if one can. */
    Optional<Failure> refusal() {
        if (stopping) {
            return Optional.of(
                    Failure.of(
                            FailureCode.UNAVAILABLE,
                            "the gateway is stopping and takes no new requests"));
        }
        if (running.size() >= most) {
            return Optional.of(
                    Failure.of(
                                    FailureCode.UNAVAILABLE,
                                    "the gateway has all the streams open that it may have"
                                            + " (limits.streams)")
                            .withRetryAfter(Duration.ofSeconds(1)));
        }
        return Optional.empty();
    }

    /** {@code request} with a model, where {@code dialect} lets clients leave it out. */
    Request withModel(ClientDialect dialect, Request request) {
        return dialect.mayOmitModel() ? DefaultModel.chosen(request, candidates.models()) : request;
    }

    /**
     * Starts the exchange that {@code call} asks for; {@code over} runs when the answer is over.
     *
     * @throws dev.sluice.core.failure.FailureException when nobody can answer
     */
    Exchange start(ClientCall call, IngressTransport transport, Runnable over) {
        List<Candidate> answering = candidates.forModel(call.request().model());
        KeptAnswers.Admitted admitted = kept.admit(call, answering, transport, loop);
        Place place = new Place();
        Exchange exchange =
                new Exchange(
                        admitted.call(),
                        loop,
                        admitted.client(),
                        answering,
                        settings,
                        candidates.departure(call.request().model()),
                        place);
        place.take(exchange);
        transport.bind(
                admitted.watch(exchange),
                () -> {
                    place.clientIsOver();
                    over.run();
                });
        exchange.start();
        return exchange;
    }

    /**
     * The place of an exchange among those that run. It is given back when the client has its
     * answer and the exchange has ended, which may go on without the client.
     */
    private final class Place implements ExchangeListener {
        private boolean clientOver;
        private boolean ended;
        private Runnable leave = () -> {};

        void take(Exchange exchange) {
            running.add(exchange);
            leave = () -> running.remove(exchange);
        }

        void clientIsOver() {
            clientOver = true;
            settle();
        }

        private void settle() {
            if (clientOver && ended) {
                leave.run();
            }
        }

        @Override
        public void onStarted() {
            listener.onStarted();
        }

        @Override
        public void onEnded(ExchangeRecord record) {
            ended = true;
            settle();
            listener.onEnded(record);
        }
    }
}

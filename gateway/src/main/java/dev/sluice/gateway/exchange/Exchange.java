package dev.sluice.gateway.exchange;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.provider.Head;

import java.time.Duration;
import java.util.List;

/**
 * One request and its response. {@link Tries} ask one upstream after the other until one answers;
 * an {@link Attempt} reads what one of them says; {@link ClientStream} writes what the client gets;
 * {@link Deadlines} know what is due; {@link Ending} sees to it that the end is told as what it is.
 * Here they are joined, and here is what happens with every piece that comes.
 *
 * <p>Everything happens on one event loop, so there are no locks. What an upstream says before its
 * first content (role, start, pings) is held back: until then another upstream may be asked and a
 * failure is a true HTTP status. From the first content on there is no way back, and a failure is
 * told within the stream.
 */
public final class Exchange implements ClientWatch {
    private final ExchangeSettings settings;
    private final Departure departure;
    private final ExchangeListener listener;
    private final Accidents accidents;
    private final CandidateOrder order;
    private final Tries tries;
    private final Deadlines deadlines;
    private final Tally tally;
    private final ClientStream client;
    private final Ending ending;

    /** Tokens that came before the client left. */
    private long tokensBefore;

    /**
     * An exchange that is ready to start.
     *
     * @param candidates who may answer, in the order in which they are asked; not empty
     */
    public Exchange(
            ClientCall call,
            Loop loop,
            ClientTransport transport,
            List<Candidate> candidates,
            ExchangeSettings settings,
            Departure departure,
            ExchangeListener listener) {
        this.settings = settings;
        this.departure = departure;
        this.listener = listener;
        this.accidents = new Accidents(call.requestId());
        this.order = new CandidateOrder(candidates);
        this.tries = new Tries(this, order, loop);
        this.deadlines =
                new Deadlines(
                        loop,
                        this::onDue,
                        call.streamed() ? settings.keepalive() : Duration.ZERO,
                        settings.slowReader());
        this.tally = new Tally(deadlines.start());
        this.client = new ClientStream(call, transport, loop, tally.measures());
        this.ending = new Ending(loop, listener, accidents, order, tries, deadlines, tally, client);
    }

    /** Asks the first upstream. */
    public void start() {
        accidents.contain(listener::onStarted);
        tries.ask();
        deadlines.arm();
    }

    // ---- the parts ----

    ClientCall call() {
        return client.call();
    }

    ClientStream client() {
        return client;
    }

    ExchangeSettings settings() {
        return settings;
    }

    Accidents accidents() {
        return accidents;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    Tally tally() {
        return tally;
    }

    Ending ending() {
        return ending;
    }

    // ---- what upstreams bring ----

    /** A candidate is about to be asked: nothing stays of the one before. */
    void asking(Candidate candidate) {
        tally.clear();
        client.begin(candidate);
        deadlines.asked(candidate.timeouts());
    }

    /** How {@code candidate} is asked. */
    Asking asked(Candidate candidate) {
        boolean strict = settings.strict() || call().strict();
        Asking asking = Asking.of(call(), candidate, strict, client::context);
        client.warn(asking.warnings());
        return asking;
    }

    /** Something comes from the upstream: the time of all that this turn brings. */
    void turn() {
        deadlines.turn();
    }

    void headOf(Head head, Dialect upstream) {
        order.answeredWith(head);
        client.answeredWith(head, upstream);
    }

    /** What comes next is content. */
    void content() {
        commit();
        tally.measures().token(deadlines.now());
        deadlines.content();
    }

    /** What comes next is for the client, whatever becomes of it: the point of no return. */
    void commit() {
        if (tries.isAsking()) {
            tries.answering();
            deadlines.answering(order.candidate().timeouts());
            if (call().streamed()) {
                open();
            }
        }
    }

    private void open() {
        Attempt answering = tries.attempt();
        if (answering != null) {
            answering.observe();
        }
        tally.letGo(call().request());
        client.open();
    }

    /** The present try has failed. */
    void attemptFailed(Failure failure) {
        tries.failed(failure);
    }

    boolean isEnded() {
        return tries.isEnded();
    }

    /**
     * After a piece of the upstream was read: sends what it brought, and pauses the upstream if the
     * client cannot follow.
     */
    void afterRead() {
        Attempt reading = tries.attempt();
        if (reading != null && client.heldBytes() > settings.maxEventBytes()) {
            reading.failed(
                    Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream sends signs of life without end and no content"));
        }
        if (client.hasLeft() && !isEnded() && isDrained()) {
            ending.cancel();
        }
        if (isEnded() || !client.isStarted()) {
            return;
        }
        if (client.flush()) {
            deadlines.sent();
        }
        if (!deadlines.isPaused() && !client.isWritable()) {
            pause();
        }
    }

    private void pause() {
        deadlines.paused();
        Attempt present = tries.attempt();
        if (present != null) {
            present.pause();
        }
    }

    // ---- how the client fares ----

    @Override
    public void onDrained() {
        if (deadlines.isPaused() && !isEnded()) {
            deadlines.resumed();
            Attempt present = tries.attempt();
            if (present != null) {
                present.resume();
            }
        }
    }

    /** Whether a client that leaves ends this, even if it might come back. */
    public boolean endsWithClient() {
        return departure.kind() == Departure.Kind.CANCEL;
    }

    /**
     * Whatever phase this is, the upstream is given up in the same turn, unless somebody wants the
     * answer to go on.
     */
    @Override
    public void onClientGone() {
        if (isEnded() || client.hasLeft()) {
            return;
        }
        if (departure.ends()) {
            ending.cancel();
            return;
        }
        tokensBefore = tally.measures().tokens();
        client.leave();
        onDrained();
        if (departure.kind() == Departure.Kind.DRAIN) {
            deadlines.left(departure.time());
        }
    }

    /** Whether as much has come since the client left as may. */
    private boolean isDrained() {
        return departure.kind() == Departure.Kind.DRAIN
                && (tally.measures().tokens() - tokensBefore >= departure.tokens()
                        || deadlines.isDeparted());
    }

    // ---- who may end it ----

    /** The deadline that the client set for the whole answer has passed. */
    public void onDeadline() {
        ending.fail(Failure.of(FailureCode.TIMEOUT, "the deadline of the call has passed"));
    }

    /** The gateway stops and will wait no longer. */
    public void onShutdown() {
        ending.fail(
                Failure.of(
                        FailureCode.UNAVAILABLE,
                        "the gateway is stopping; send the request again"));
    }

    /** Somebody who may has cancelled the answer; its client is told. */
    public void onCancel() {
        ending.fail(Failure.of(FailureCode.CANCELLED, "the answer was cancelled"));
    }

    // ---- time ----

    private void onDue(Deadlines.Due due) {
        Timeouts timeouts = order.candidate().timeouts();
        try {
            switch (due) {
                case TOTAL ->
                        ending.fail(late("the answer was not complete after ", timeouts.total()));
                case DEPARTURE -> ending.cancel();
                case SLOW_READER ->
                        ending.cut(
                                Failure.of(
                                        FailureCode.SLOW_READER,
                                        "the client took nothing for "
                                                + settings.slowReader().toMillis()
                                                + " ms"));
                case SILENCE -> silence(timeouts);
                case KEEPALIVE -> {
                    client.keepAlive();
                    deadlines.sent();
                }
                case NOTHING -> {}
            }
        } catch (RuntimeException | Error accident) {
            ending.fail(accidents.failure(accident, "waited"));
        }
    }

    private static Failure late(String what, Duration limit) {
        return Failure.of(FailureCode.TIMEOUT, what + limit.toMillis() + " ms");
    }

    private void silence(Timeouts timeouts) {
        Attempt silent = tries.attempt();
        if (silent != null) {
            silent.silent(
                    tries.isAnswering()
                            ? late("the upstream fell silent for ", timeouts.interToken())
                            : late("the upstream sent no token within ", timeouts.firstToken()));
        }
    }
}

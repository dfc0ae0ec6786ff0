package dev.sluice.gateway.exchange;

import dev.sluice.core.event.Answer;
import dev.sluice.core.event.Embeddings;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.FailureException;
import dev.sluice.core.request.Embed;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * How an exchange ends: what its client gets last, what becomes of its upstream, and its record. It
 * ends once, whoever is first.
 */
final class Ending {
    /** How long an upstream may take to end its answer after it has said all. */
    private static final long LINGER_MILLIS = 1_000;

    private final Loop loop;
    private final ExchangeListener listener;
    private final Accidents accidents;
    private final CandidateOrder order;
    private final Tries tries;
    private final Deadlines deadlines;
    private final Tally tally;
    private final ClientStream client;

    Ending(
            Loop loop,
            ExchangeListener listener,
            Accidents accidents,
            CandidateOrder order,
            Tries tries,
            Deadlines deadlines,
            Tally tally,
            ClientStream client) {
        this.loop = loop;
        this.listener = listener;
        this.accidents = accidents;
        this.order = order;
        this.tries = tries;
        this.deadlines = deadlines;
        this.tally = tally;
        this.client = client;
    }

    // ---- well ----

    /**
     * The stream is whole.
     *
     * @param upstreamDone whether the upstream has said all; if not it is cancelled
     */
    void complete(boolean upstreamDone) {
        if (!tries.isEnded()) {
            client.end();
            end(Outcome.COMPLETE, Optional.empty());
            leave(upstreamDone);
        }
    }

    /** The answer to a client that wants no stream is whole. */
    void complete(Answer answer, boolean upstreamDone) {
        if (tries.isEnded()) {
            return;
        }
        tally.answered(answer);
        byte[] body;
        try {
            body = client.call().dialect().encodeAnswer(answer, client.context());
        } catch (FailureException refused) {
            fail(refused.failure());
            return;
        }
        reply(body, upstreamDone);
    }

    /** Answers with a document. */
    void reply(byte[] body) {
        tries.answering();
        reply(body, true);
    }

    private void reply(byte[] body, boolean upstreamDone) {
        client.reply(body);
        end(Outcome.COMPLETE, Optional.empty());
        leave(upstreamDone);
    }

    /** The upstream's whole {@code answer} has come, in a document that is the client's. */
    void reply(byte[] body, Answer answer) {
        tally.answered(answer);
        tally.measures().token(deadlines.now());
        reply(body);
    }

    /** A provider inside the process has counted. */
    void counted() {
        counted(tally.usage().totalInput());
    }

    /** The tokens of the request are known. */
    void counted(long tokens) {
        reply(client.call().dialect().encodeCount(tokens));
    }

    /** Embeddings have come; a {@code document} that is the client's already goes on as it is. */
    void embedded(Embeddings embeddings, byte @Nullable [] document) {
        ClientCall call = client.call();
        refuseOtherCount(call.request().embed(), embeddings.vectors().size());
        tally.usage(embeddings.usage());
        tally.measures().token(deadlines.now());
        reply(
                document == null
                        ? call.dialect().encodeEmbeddings(embeddings, client.context())
                        : document);
    }

    private static void refuseOtherCount(@Nullable Embed asked, int vectors) {
        if (asked != null && asked.tokens() == null && asked.texts().size() != vectors) {
            throw Failure.of(
                            FailureCode.UPSTREAM_BROKEN,
                            "the upstream sent "
                                    + vectors
                                    + " embeddings for "
                                    + asked.texts().size()
                                    + " texts")
                    .asException();
        }
    }

    /**
     * Lets go of an upstream whose answer is used up: its connection may serve again if it ends by
     * itself soon.
     */
    private void leave(boolean upstreamDone) {
        Attempt last = tries.attempt();
        if (last == null) {
            return;
        }
        if (!upstreamDone) {
            last.cancel();
            return;
        }
        last.release();
        if (!last.bodyEnded()) {
            loop.execute(() -> linger(last));
        }
    }

    private void linger(Attempt last) {
        if (!last.bodyEnded()) {
            loop.schedule(LINGER_MILLIS, last::cancel);
        }
    }

    // ---- badly ----

    /**
     * With a failure that the client is told. When even that cannot be done, the client is cut:
     * what it has cannot pass for whole.
     */
    void fail(Failure failure) {
        if (tries.isEnded()) {
            return;
        }
        Attempt last = tries.attempt();
        try {
            client.fail(failure, order.forbidsMore(), last == null ? 0 : last.eventsRelayed());
        } catch (RuntimeException | Error accident) {
            accidents.report(accident);
            accidents.contain(client::abort);
        }
        giveUp(
                failure.code() == FailureCode.CANCELLED ? Outcome.CANCELLED : Outcome.FAILED,
                failure);
    }

    /** With a failure that the upstream has told within the stream, so that the client has it. */
    void failedInBand(Failure failure) {
        client.end();
        giveUp(Outcome.FAILED, failure);
    }

    /** The client can be told nothing any more. */
    void cut(Failure failure) {
        accidents.contain(client::abort);
        giveUp(Outcome.FAILED, failure);
    }

    /** There is no client any more. */
    void cancel() {
        giveUp(Outcome.CANCELLED, clientGone());
    }

    private static Failure clientGone() {
        return Failure.of(FailureCode.CANCELLED, "the client went away");
    }

    private void giveUp(Outcome outcome, Failure failure) {
        Attempt last = tries.attempt();
        if (last != null) {
            last.observeLast();
            last.cancel();
        }
        end(outcome, Optional.of(failure));
    }

    // ---- the record ----

    private void end(Outcome outcome, Optional<Failure> failure) {
        if (!tries.isEnded()) {
            tries.end();
            deadlines.stop();
            client.drop();
            accidents.contain(() -> listener.onEnded(record(outcome, failure)));
        }
    }

    /** A client that has left does not have the answer, however it ended. */
    private ExchangeRecord record(Outcome outcome, Optional<Failure> failure) {
        boolean unseen = client.hasLeft() && outcome == Outcome.COMPLETE;
        Attempt last = tries.attempt();
        return tally.record(
                client,
                order,
                last != null && last.isRelay(),
                outcome == Outcome.COMPLETE,
                unseen ? Outcome.CANCELLED : outcome,
                unseen ? Optional.of(clientGone()) : failure,
                loop.nanoTime() - deadlines.start());
    }
}

package dev.sluice.gateway.exchange;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureException;

import org.jspecify.annotations.Nullable;

/**
 * The search for an upstream that answers: one try after the other, until one has content or none
 * is left.
 *
 * <pre>
 *          failed, may be retried                content
 *         ┌────────────────────── ASKING ───────────────────► ANSWERING
 *         ▼                        ▲  │                           │
 *      WAITING ────────────────────┘  │ failed for good           │ whole, broken off
 *         │       time to try again   ▼                           ▼
 *         └────────────────────────► ENDED ◄──────────────────────┘
 * </pre>
 *
 * Any phase may end at once: the client leaves, a limit is reached, the gateway stops.
 */
final class Tries {
    private enum Phase {
        /** An upstream is asked and has shown no content; the next may be asked at once. */
        ASKING,
        /** No upstream is asked until it is time for another try. */
        WAITING,
        /** An upstream answers: no way back. */
        ANSWERING,
        /** All is over. */
        ENDED
    }

    private final Exchange exchange;
    private final CandidateOrder order;
    private final Loop loop;
    private Phase phase = Phase.ASKING;

    /** Who is asked, answers or has answered; none while it waits or when the gateway answers. */
    private @Nullable Attempt attempt;

    private Loop.@Nullable Timer retry;

    Tries(Exchange exchange, CandidateOrder order, Loop loop) {
        this.exchange = exchange;
        this.order = order;
        this.loop = loop;
    }

    boolean isAsking() {
        return phase == Phase.ASKING;
    }

    boolean isAnswering() {
        return phase == Phase.ANSWERING;
    }

    boolean isEnded() {
        return phase == Phase.ENDED;
    }

    /** Who is asked or has answered, if anybody. */
    @Nullable Attempt attempt() {
        return attempt;
    }

    /** Asks the candidate whose turn it is. */
    void ask() {
        Candidate candidate = order.candidate();
        phase = Phase.ASKING;
        attempt = null;
        order.begin();
        exchange.asking(candidate);
        try {
            switch (exchange.asked(candidate)) {
                case Asking.OfNobody own -> exchange.ending().reply(own.answer());
                case Asking.OfUpstream upstream -> {
                    Attempt next = new Attempt(exchange, upstream);
                    attempt = next;
                    next.open(upstream.request());
                }
            }
        } catch (FailureException refused) {
            notAsked(refused.failure());
        } catch (RuntimeException | Error accident) {
            notAsked(exchange.accidents().failure(accident, "wrote the request"));
        }
    }

    private void notAsked(Failure failure) {
        Attempt unsent = attempt;
        if (unsent != null) {
            unsent.cancel();
            attempt = null;
        }
        failed(failure);
    }

    /** The present try has failed: another one, the next upstream, or the end. */
    void failed(Failure failure) {
        switch (phase) {
            case ASKING, WAITING -> {
                long wait = order.after(failure);
                if (wait == CandidateOrder.NONE) {
                    exchange.ending().fail(failure);
                } else if (wait == CandidateOrder.NEXT_UPSTREAM) {
                    ask();
                } else {
                    waitToAsk(wait);
                }
            }
            case ANSWERING -> exchange.ending().fail(failure);
            case ENDED -> {}
        }
    }

    private void waitToAsk(long millis) {
        phase = Phase.WAITING;
        attempt = null;
        exchange.deadlines().betweenTries();
        retry = loop.schedule(millis, this::askAgain);
    }

    private void askAgain() {
        retry = null;
        if (phase == Phase.WAITING) {
            ask();
        }
    }

    /** The answer has begun, so that there is no other try. */
    void answering() {
        phase = Phase.ANSWERING;
    }

    /** No try follows. */
    void end() {
        phase = Phase.ENDED;
        if (retry != null) {
            retry.cancel();
        }
    }
}

package dev.sluice.gateway.exchange;

import dev.sluice.core.event.Answer;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.TokenEstimate;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** What becomes known of an answer while it comes: the stuff of the exchange's record. */
final class Tally {
    private final Measures measures;
    private Usage usage = Usage.NONE;
    private @Nullable StopReason stopReason;

    /** Guesses of this gateway, 0 if there is none. */
    private long promptGuess;

    private long answerGuess;

    Tally(long start) {
        measures = new Measures(start);
    }

    /** Another try begins: what the one before told is not of the answer. */
    void clear() {
        usage = Usage.NONE;
        stopReason = null;
    }

    Measures measures() {
        return measures;
    }

    Usage usage() {
        return usage;
    }

    /** Usage was told, which is cumulative. */
    void usage(Usage told) {
        usage = usage.merge(told);
    }

    /** The answer stops for this reason, if any is told. */
    void stopReason(@Nullable StopReason told) {
        stopReason = told == null ? stopReason : told;
    }

    /** What the upstream has told of the answer so far. */
    void told(Usage told, Optional<StopReason> reason) {
        usage(told);
        stopReason(reason.orElse(null));
    }

    /**
     * The prompt is about to be let go of. If nobody has counted it yet its tokens are guessed now:
     * the answer may break off before anybody does.
     */
    void letGo(Request prompt) {
        if (usage.totalInput() < 0) {
            promptGuess = TokenEstimate.of(prompt);
        }
    }

    /** The whole answer is known. */
    void answered(Answer answer) {
        told(answer.usage(), Optional.of(answer.stopReason()));
        if (usage.output() < 0) {
            answerGuess = TokenEstimate.of(answer);
        }
    }

    /**
     * What the answer has cost. A count that nobody told is guessed, and so is the output of an
     * answer that broke off before the upstream had counted all of it: what was relayed is never
     * free.
     */
    private Usage charged(ClientCall call, boolean whole) {
        if (measures.tokens() == 0 || !call.operation().generates()) {
            return usage;
        }
        long seen = Math.max(answerGuess, measures.tokens());
        boolean isShort = usage.output() < 0 || !whole && usage.output() < seen;
        boolean isUncounted = usage.totalInput() < 0;
        return isShort || isUncounted
                ? new Usage(
                        isUncounted ? prompt(call) : usage.input(),
                        usage.cacheRead(),
                        usage.cacheWrite(),
                        isShort ? seen : usage.output(),
                        usage.reasoning(),
                        true)
                : usage;
    }

    private long prompt(ClientCall call) {
        return promptGuess > 0 ? promptGuess : TokenEstimate.of(call.request());
    }

    /**
     * The record of the exchange, which ends now.
     *
     * @param whole whether the upstream has said all, whatever became of the client
     */
    ExchangeRecord record(
            ClientStream client,
            CandidateOrder order,
            boolean relayed,
            boolean whole,
            Outcome outcome,
            Optional<Failure> failure,
            long nanos) {
        ClientCall call = client.call();
        return new ExchangeRecord(
                call.requestId(),
                call.principal(),
                call.dialect().name(),
                call.operation(),
                order.candidate().label(),
                call.request().model(),
                call.streamed(),
                relayed,
                order.tries(),
                client.status(),
                outcome,
                Optional.ofNullable(stopReason),
                failure,
                charged(call, whole),
                measures,
                nanos / 1e6,
                client.warnings());
    }
}

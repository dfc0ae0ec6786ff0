package dev.sluice.gateway.exchange;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.Fault;
import dev.sluice.core.provider.Head;

import java.time.Duration;
import java.util.List;

/**
 * Who is asked, and whether and when another try follows one that has failed: falling back and
 * retrying as rules, without the doing.
 */
final class CandidateOrder {
    /** What {@link #after} tells: no other try. */
    static final long NONE = -1;

    /** What {@link #after} tells: another upstream, at once. */
    static final long NEXT_UPSTREAM = 0;

    /** The longest wait before another try; a client's own retry is better than a longer one. */
    private static final long MOST_WAIT_MILLIS = 5_000;

    private static final long FIRST_BACKOFF_MILLIS = 250;

    private final List<Candidate> candidates;
    private int index;
    private int ofCandidate;
    private int tries;

    /** What the upstream says of another try: {@code true}, {@code false} or nothing. */
    private String advice = "";

    CandidateOrder(List<Candidate> candidates) {
        this.candidates = List.copyOf(candidates);
    }

    /** Who is asked now, or was last. */
    Candidate candidate() {
        return candidates.get(index);
    }

    /** How many tries there were. */
    int tries() {
        return tries;
    }

    /** Another try begins. */
    void begin() {
        ofCandidate++;
        tries++;
        advice = "";
    }

    /** The upstream has answered with {@code head}. */
    void answeredWith(Head head) {
        advice = head.headers().get("x-should-retry").orElse("").trim();
    }

    /** Whether the client's own tries would only add to those that were made, or are forbidden. */
    boolean forbidsMore() {
        return tries > 1 || advice.equals("false");
    }

    /**
     * Moves on after a failure.
     *
     * @return milliseconds until the same upstream is tried again, {@link #NEXT_UPSTREAM} or {@link
     *     #NONE}
     */
    long after(Failure failure) {
        if (index + 1 < candidates.size() && mayFallBack(failure)) {
            index++;
            ofCandidate = 0;
            return NEXT_UPSTREAM;
        }
        return mayRetry(failure) && ofCandidate <= candidate().retries() ? wait(failure) : NONE;
    }

    private static boolean mayFallBack(Failure failure) {
        return failure.code().fault() != Fault.CLIENT
                || failure.code() == FailureCode.BILLING
                || failure.code() == FailureCode.NOT_FOUND
                || failure.code() == FailureCode.PERMISSION
                || failure.code() == FailureCode.UNSUPPORTED;
    }

    private boolean mayRetry(Failure failure) {
        return switch (advice) {
            case "true" -> true;
            case "false" -> false;
            default -> failure.code().retryable() && failure.code() != FailureCode.TIMEOUT;
        };
    }

    private long wait(Failure failure) {
        Duration asked = failure.retryAfter();
        long wait =
                asked == null
                        ? FIRST_BACKOFF_MILLIS << Math.min(4, ofCandidate - 1)
                        : Math.max(1, asked.toMillis());
        return wait > MOST_WAIT_MILLIS ? NONE : wait;
    }
}

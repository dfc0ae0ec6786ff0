package dev.sluice.core.failure;

/**
 * Carries a {@link Failure} out of code that reads or writes a request and cannot go on. It has no
 * stack trace: it is an answer, not an accident.
 */
public final class FailureException extends RuntimeException {
    private final Failure failure;

    /** Carries {@code failure}. */
    public FailureException(Failure failure) {
        super(failure.message(), null, false, false);
        this.failure = failure;
    }

    /** What went wrong. */
    public Failure failure() {
        return failure;
    }
}

package dev.sluice.gateway.config;

/**
 * A value that a configuration record does not accept. Its problem names the record's key alone;
 * whoever reads a file adds the rest of the path and the place.
 */
public final class InvalidValue extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    InvalidValue(Problem problem) {
        super(problem.sentence());
        this.problem = problem;
    }

    /** A key, what is wrong with it, and what would be right. */
    static InvalidValue of(String key, String what, String expected) {
        return new InvalidValue(Problem.of(key, what).expecting(expected));
    }

    /** What is wrong, with a path that starts at the record. */
    public Problem problem() {
        return problem;
    }
}

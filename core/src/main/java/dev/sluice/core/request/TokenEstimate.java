package dev.sluice.core.request;

/** x. */
public final class TokenEstimate {
    private TokenEstimate() {}

    /** x. */
    public static long of(Request request) {
        return 1L + request.messages().size();
    }
}

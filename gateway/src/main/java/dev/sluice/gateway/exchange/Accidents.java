package dev.sluice.gateway.exchange;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;

/** Accidents in the gateway itself while it answers one request: logged with its id, told by it. */
record Accidents(String requestId) {
    private static final System.Logger LOG = System.getLogger(Exchange.class.getName());

    void report(Throwable accident) {
        LOG.log(
                System.Logger.Level.ERROR,
                "request " + requestId + ": an accident in the gateway",
                accident);
    }

    /** Reports an accident that happened while the gateway {@code did} something. */
    Failure failure(Throwable accident, String did) {
        report(accident);
        return Failure.of(
                FailureCode.INTERNAL,
                "the gateway failed while it " + did + "; its log names request " + requestId);
    }

    /** Does what must not keep anything else from being done. */
    void contain(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error accident) {
            report(accident);
        }
    }
}

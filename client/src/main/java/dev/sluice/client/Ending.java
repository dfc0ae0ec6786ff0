package dev.sluice.client;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;

import org.jspecify.annotations.Nullable;

/**
 * How a stream ended.
 *
 * @param failure what made it fail; null if the message is whole
 * @param accident the exception behind the failure, if there was one
 */
record Ending(@Nullable Failure failure, @Nullable Throwable accident) {
    /** The message is whole. */
    static final Ending WHOLE = new Ending(null, null);

    /** The message failed. */
    static Ending of(Failure failure) {
        return new Ending(failure, null);
    }

    /** Somebody on this side wanted no more. */
    static Ending cancelled(String by) {
        return of(Failure.of(FailureCode.CANCELLED, "the stream was cancelled " + by));
    }
}

package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;

import java.time.Duration;

/** Writes failures as this dialect's errors: a sentence, and nothing but the status beside it. */
final class OllamaErrors {
    private OllamaErrors() {}

    /** The reply to a request that failed before the first byte of its answer. */
    static ErrorReply reply(Failure failure) {
        ByteBuilder body = new ByteBuilder(256);
        write(failure, body);
        Duration wait = failure.retryAfter();
        Headers headers =
                wait == null
                        ? Headers.NONE
                        : Headers.of("retry-after", Long.toString((wait.toMillis() + 999) / 1000));
        return new ErrorReply(status(failure.code()), headers, body.toBytes());
    }

    private static int status(FailureCode code) {
        return code == FailureCode.BILLING ? 403 : code.status();
    }

    /** Writes {@code {"error":…}}. */
    static void write(Failure failure, ByteBuilder out) {
        out.add("{\"error\":").quoted(sentence(failure)).add('}');
    }

    /** Clients know by these two words that it is the model that is missing. */
    private static String sentence(Failure failure) {
        boolean model =
                failure.code() == FailureCode.NOT_FOUND
                        && "model".equals(failure.param())
                        && !failure.message().contains("not found");
        return model ? "model not found: " + failure.message() : failure.message();
    }
}

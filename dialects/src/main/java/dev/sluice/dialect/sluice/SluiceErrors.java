package dev.sluice.dialect.sluice;

import dev.sluice.core.dialect.ErrorReply;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.json.ByteBuilder;

import java.time.Duration;
import java.util.Locale;

/** Writes failures: the same object as a reply and as an event. */
final class SluiceErrors {
    private SluiceErrors() {}

    /** The reply to a request that failed before the first byte of its answer. */
    static ErrorReply reply(Failure failure, SluiceForm form, String requestId) {
        ByteBuilder body = new ByteBuilder(256);
        switch (form) {
            case SluiceForm.Lines lines -> lines.begin("", 0, true, body);
            case SluiceForm.Sse _ -> body.add('{');
        }
        members(failure, requestId, body);
        body.add('}');
        Duration wait = failure.retryAfter();
        Headers headers =
                wait == null
                        ? Headers.NONE
                        : Headers.of("retry-after", Long.toString((wait.toMillis() + 999) / 1000));
        return new ErrorReply(failure.code().status(), headers, body.toBytes());
    }

    /** Writes the members of an error; {@code fault} is whose it was. */
    static void members(Failure failure, String requestId, ByteBuilder out) {
        out.add("\"type\":\"error\",\"message\":").quoted(failure.message());
        out.add(",\"code\":\"").add(word(failure.code())).add('"');
        out.add(",\"fault\":\"").add(word(failure.code().fault())).add('"');
        failure.field().ifPresent(param -> out.add(",\"param\":").quoted(param));
        Duration wait = failure.retryAfter();
        if (wait != null) {
            out.add(",\"retry_after_ms\":").number(wait.toMillis());
        }
        out.add(",\"request_id\":").quoted(requestId);
    }

    private static String word(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}

package dev.sluice.dialect.openairesponses;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonWriter;
import dev.sluice.core.json.Names;
import dev.sluice.core.json.Raw;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Failures within a stream. Before a stream they are those of the vendor's other dialect, which
 * also knows what the codes mean.
 */
final class ResponsesErrors {
    private static final Names BODY = Names.of("error");
    private static final Names ERROR = Names.of("type", "code", "message", "param");

    private static final List<String> FLAT = List.of("code", "message", "param");
    private static final Raw NULL = Raw.of("null");

    private final Dialect family;

    /** {@code family} writes and reads the vendor's error objects. */
    ResponsesErrors(Dialect family) {
        this.family = family;
    }

    /** What the error object {@code error} says. */
    Failure read(Raw error) {
        ByteBuilder body = new ByteBuilder(error.length() + 16).add("{\"error\":");
        error.writeTo(body);
        return family.decodeError(0, Headers.NONE, body.add('}').toBytes());
    }

    /** What a whole frame says that is no event, such as a bare error body. */
    Failure read(byte[] bytes, int offset, int length) {
        byte[] body = new byte[length];
        System.arraycopy(bytes, offset, body, 0, length);
        return family.decodeError(0, Headers.NONE, body);
    }

    static Failure broken(String why) {
        return Failure.of(FailureCode.UPSTREAM_BROKEN, why);
    }

    static Failure cut() {
        return broken("the upstream's stream ended before its terminal event");
    }

    static Failure cancelled() {
        return Failure.of(FailureCode.UPSTREAM_ERROR, "the upstream cancelled its response");
    }

    /** Writes the members of {@code response.error}, whose codes are few. */
    static void writeFailed(JsonWriter json, Failure failure) {
        json.beginObject().field("code", code(failure.code()));
        json.field("message", failure.message()).endObject();
    }

    private static String code(FailureCode code) {
        return switch (code) {
            case RATE_LIMIT -> "rate_limit_exceeded";
            case CONTEXT_TOO_LONG -> "context_length_exceeded";
            case BILLING -> "insufficient_quota";
            case INVALID_REQUEST, UNSUPPORTED, REQUEST_TOO_LARGE -> "invalid_prompt";
            case OVERLOADED,
                    AUTHENTICATION,
                    PERMISSION,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    REQUEST_TIMEOUT,
                    SLOW_READER,
                    CANCELLED,
                    TIMEOUT,
                    UPSTREAM_UNREACHABLE,
                    UPSTREAM_CREDENTIALS,
                    UPSTREAM_ERROR,
                    UPSTREAM_BROKEN,
                    UNAVAILABLE,
                    INTERNAL ->
                    "server_error";
        };
    }

    /**
     * Writes the members of an {@code error} event, in both forms: flat, as the vendor describes
     * it, and nested, as the vendor sends it. Of the official clients some know the one and some
     * the other.
     */
    void writeEvent(JsonWriter json, Failure failure) {
        Map<String, Raw> members = new HashMap<>();
        JsonReader reader = new JsonReader(family.encodeError(failure, "").body());
        reader.beginObject();
        while (reader.nextField(BODY) != 0) {
            reader.skip();
        }
        Raw nested = reader.raw();
        JsonReader inside = nested.reader();
        inside.beginObject();
        for (int f = inside.nextField(ERROR);
                f != JsonReader.END_OBJECT;
                f = inside.nextField(ERROR)) {
            if (f >= 0) {
                members.put(ERROR.name(f), inside.raw());
            } else {
                inside.skip();
            }
        }
        for (String name : FLAT) {
            json.field(name, members.getOrDefault(name, NULL));
        }
        json.field("error", nested);
    }
}

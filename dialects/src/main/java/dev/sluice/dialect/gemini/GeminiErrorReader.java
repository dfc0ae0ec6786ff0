package dev.sluice.dialect.gemini;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.UpstreamWords;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.MalformedJson;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/**
 * Reads what an upstream says when it fails: a {@code google.rpc.Status} with its details, perhaps
 * within an array, and what proxies make of it. The name of the status tells the kind, and where
 * there is none the number.
 */
final class GeminiErrorReader {
    private static final ProtoNames NAMES =
            ProtoNames.of(
                    "error",
                    "message",
                    "status",
                    "code",
                    "details",
                    "reason",
                    "retryDelay",
                    "fieldViolations",
                    "field");

    private String message = "";
    private String status = "";
    private String reason = "";
    private long code;
    private @Nullable String param;
    private @Nullable Duration wait;

    private GeminiErrorReader() {}

    /** Reads the body of a reply that is no success. */
    static Failure ofReply(int answered, Headers headers, byte[] body) {
        GeminiErrorReader told = new GeminiErrorReader();
        told.read(body, 0, body.length);
        if (told.wait == null) {
            told.wait = duration(headers.get("retry-after").orElse("") + "s");
        }
        told.code = answered;
        return told.failure(answered);
    }

    /** Reads an error within a stream. */
    static Failure ofFrame(byte[] bytes, int offset, int length) {
        GeminiErrorReader told = new GeminiErrorReader();
        told.read(bytes, offset, length);
        return told.failure(0);
    }

    private void read(byte[] bytes, int offset, int length) {
        JsonReader reader = new JsonReader(bytes);
        reader.reset(bytes, offset, length);
        try {
            value(reader, 0);
        } catch (MalformedJson cutOrNoJson) {
            // What was read up to there is all there is.
            if (message.isEmpty()) {
                message = UpstreamWords.plain(bytes, offset, length);
            }
        }
    }

    private void value(JsonReader reader, int depth) {
        switch (depth > 5 ? JsonReader.Kind.NULL : reader.peek()) {
            case OBJECT -> object(reader, depth);
            case ARRAY -> {
                reader.beginArray();
                while (reader.hasNext()) {
                    value(reader, depth + 1);
                }
            }
            case STRING -> say(reader.string());
            case NUMBER, BOOLEAN, NULL -> reader.skip();
        }
    }

    private void say(String words) {
        message = message.isEmpty() ? words : message;
    }

    private void object(JsonReader reader, int depth) {
        reader.beginObject();
        for (int f = NAMES.next(reader); f != JsonReader.END_OBJECT; f = NAMES.next(reader)) {
            switch (f) {
                case 0, 4, 7 -> value(reader, depth + 1);
                case 1 -> say(Lenient.text(reader).toString());
                case 2 -> status = word(reader, status);
                case 3 -> code = Lenient.number(reader, code);
                case 5 -> reason = word(reader, reason);
                case 6 -> {
                    Duration told = duration(Lenient.text(reader).toString());
                    wait = told == null ? wait : told;
                }
                case 8 -> {
                    String field = UpstreamWords.clean(Lenient.text(reader).toString());
                    param = field.isEmpty() || param != null ? param : field;
                }
                default -> reader.skip();
            }
        }
    }

    private static String word(JsonReader reader, String before) {
        String word = Lenient.text(reader).toString();
        return word.isEmpty() || word.length() > 64 ? before : UpstreamWords.clean(word);
    }

    /** Seconds with an s behind them. */
    private static @Nullable Duration duration(String text) {
        String number = text.endsWith("s") ? text.substring(0, text.length() - 1) : "";
        boolean plain =
                !number.isEmpty()
                        && number.length() < 16
                        && number.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.');
        if (!plain) {
            return null;
        }
        try {
            return Duration.ofMillis(new BigDecimal(number).movePointRight(3).longValue());
        } catch (NumberFormatException noNumber) {
            return null;
        }
    }

    private Failure failure(int answered) {
        String words = UpstreamWords.clean(message);
        FailureCode kind = kind(words);
        return new Failure(
                kind,
                UpstreamWords.sentence(kind, answered, words),
                param,
                status.isEmpty() ? null : status,
                wait,
                answered);
    }

    private FailureCode kind(String words) {
        if (reason.startsWith("API_KEY_")) {
            return FailureCode.UPSTREAM_CREDENTIALS;
        }
        FailureCode kind = byStatus();
        kind = kind == null ? byCode() : kind;
        String lower = words.toLowerCase(Locale.ROOT);
        if (kind == FailureCode.INVALID_REQUEST
                && lower.contains("token count")
                && lower.contains("exceeds the maximum")) {
            return FailureCode.CONTEXT_TOO_LONG;
        }
        return status.equals("FAILED_PRECONDITION") && lower.contains("billing")
                ? FailureCode.BILLING
                : kind;
    }

    private @Nullable FailureCode byStatus() {
        return switch (status) {
            case "INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE" ->
                    code == 413 ? FailureCode.REQUEST_TOO_LARGE : FailureCode.INVALID_REQUEST;
            case "UNAUTHENTICATED", "PERMISSION_DENIED" -> FailureCode.UPSTREAM_CREDENTIALS;
            case "NOT_FOUND" -> FailureCode.NOT_FOUND;
            case "RESOURCE_EXHAUSTED" -> FailureCode.RATE_LIMIT;
            case "UNIMPLEMENTED" -> FailureCode.UNSUPPORTED;
            case "UNAVAILABLE" -> FailureCode.OVERLOADED;
            case "DEADLINE_EXCEEDED" -> FailureCode.TIMEOUT;
            case "ABORTED", "ALREADY_EXISTS", "CANCELLED", "INTERNAL", "UNKNOWN", "DATA_LOSS" ->
                    FailureCode.UPSTREAM_ERROR;
            default -> null;
        };
    }

    private FailureCode byCode() {
        return switch (Math.clamp(code, 0, 999)) {
            case 401, 403 -> FailureCode.UPSTREAM_CREDENTIALS;
            case 402 -> FailureCode.BILLING;
            case 404, 405, 410 -> FailureCode.NOT_FOUND;
            case 408, 504 -> FailureCode.TIMEOUT;
            case 409, 499 -> FailureCode.UPSTREAM_ERROR;
            case 413 -> FailureCode.REQUEST_TOO_LARGE;
            case 429 -> FailureCode.RATE_LIMIT;
            case 501 -> FailureCode.UNSUPPORTED;
            case 503, 529 -> FailureCode.OVERLOADED;
            default ->
                    code >= 400 && code < 500
                            ? FailureCode.INVALID_REQUEST
                            : FailureCode.UPSTREAM_ERROR;
        };
    }
}

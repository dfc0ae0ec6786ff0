package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.UpstreamWords;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Names;

import java.time.Duration;
import java.util.Locale;

/**
 * Reads what an upstream says when it fails: {@code {"error":"…"}}, perhaps with a status, and what
 * proxies make of it. There are no codes on this wire: the status tells the kind, and a few words.
 */
final class OllamaErrorReader {
    private static final Names NAMES = Names.of("error", "message", "status");

    private String message = "";
    private long status;

    private OllamaErrorReader() {}

    /** Reads the body of a reply that is no success. */
    static Failure ofReply(int status, Headers headers, byte[] body) {
        OllamaErrorReader told = new OllamaErrorReader();
        told.read(body, 0, body.length);
        told.status = status;
        return headers.get("retry-after")
                .flatMap(UpstreamWords::count)
                .map(Duration::ofSeconds)
                .map(told.failure(status)::withRetryAfter)
                .orElseGet(() -> told.failure(status));
    }

    /** Reads an error within a stream. */
    static Failure ofLine(byte[] bytes, int offset, int length) {
        OllamaErrorReader told = new OllamaErrorReader();
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
        switch (reader.peek()) {
            case OBJECT -> {
                if (depth > 2) {
                    reader.skip();
                } else {
                    object(reader, depth);
                }
            }
            case STRING -> {
                String text = reader.string();
                message = message.isEmpty() ? text : message;
            }
            case ARRAY, NUMBER, BOOLEAN, NULL -> reader.skip();
        }
    }

    private void object(JsonReader reader, int depth) {
        reader.beginObject();
        for (int f = reader.nextField(NAMES);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(NAMES)) {
            switch (f) {
                case 0, 1 -> value(reader, depth + 1);
                case 2 -> status = Lenient.number(reader, 0);
                default -> reader.skip();
            }
        }
    }

    private Failure failure(int answered) {
        String words = UpstreamWords.clean(message);
        FailureCode kind = kind(words);
        return new Failure(
                kind, UpstreamWords.sentence(kind, answered, words), null, null, null, answered);
    }

    private FailureCode kind(String words) {
        String lower = words.toLowerCase(Locale.ROOT);
        if (lower.contains("context length") || lower.contains("context window")) {
            return FailureCode.CONTEXT_TOO_LONG;
        }
        return switch (Math.clamp(status, 0, 999)) {
            case 401, 403 -> FailureCode.UPSTREAM_CREDENTIALS;
            case 402 -> FailureCode.BILLING;
            case 404, 405, 410 -> FailureCode.NOT_FOUND;
            case 408, 504 -> FailureCode.TIMEOUT;
            case 413 -> FailureCode.REQUEST_TOO_LARGE;
            case 429 -> FailureCode.RATE_LIMIT;
            case 501 -> FailureCode.UNSUPPORTED;
            case 503 -> FailureCode.OVERLOADED;
            default ->
                    status >= 400 && status < 500
                            ? FailureCode.INVALID_REQUEST
                            : FailureCode.UPSTREAM_ERROR;
        };
    }
}

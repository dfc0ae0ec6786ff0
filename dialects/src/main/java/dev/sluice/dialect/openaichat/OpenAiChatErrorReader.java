package dev.sluice.dialect.openaichat;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.UpstreamWords;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.JsonReader.Kind;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Names;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Reads what an upstream says when it fails: the dialect's error object, and what others make of it
 * (a bare string, a number for a code, no wrapper, a list of validation errors, a web page,
 * nothing, something cut). Of the upstream's words at most a few lines reach the client.
 */
final class OpenAiChatErrorReader {
    private static final int LONGEST_CODE = 64;
    private static final Names NAMES =
            Names.of("error", "message", "type", "code", "param", "detail", "msg");

    private String message = "";
    private String type = "";
    private String code = "";
    private @Nullable String param;
    private long numericCode;

    private OpenAiChatErrorReader() {}

    /** Reads the body of a reply that is no success. */
    static Failure ofReply(int status, Headers headers, byte[] body, InstantSource clock) {
        OpenAiChatErrorReader told = new OpenAiChatErrorReader();
        told.read(body, 0, body.length);
        return told.failure(status, headers, clock);
    }

    /** Reads an error within a stream, or in a body that came as a success. */
    static Failure ofFrame(byte[] bytes, int offset, int length) {
        OpenAiChatErrorReader told = new OpenAiChatErrorReader();
        told.read(bytes, offset, length);
        return told.failure(0, Headers.NONE, InstantSource.system());
    }

    private void read(byte[] bytes, int offset, int length) {
        JsonReader reader = new JsonReader(bytes);
        reader.reset(bytes, offset, length);
        try {
            value(reader, 0);
        } catch (MalformedJson cutOrNoJson) {
            // What was read up to there is all there is.
            if (message.isEmpty() && type.isEmpty() && code.isEmpty()) {
                message = UpstreamWords.plain(bytes, offset, length);
            }
        }
    }

    private void value(JsonReader reader, int depth) {
        switch (depth > 4 ? Kind.NULL : reader.peek()) {
            case OBJECT -> object(reader, depth);
            case ARRAY -> {
                reader.beginArray();
                while (reader.hasNext()) {
                    if (message.isEmpty()) {
                        value(reader, depth + 1);
                    } else {
                        reader.skip();
                    }
                }
            }
            case STRING -> {
                String text = reader.string();
                message = message.isEmpty() ? text : message;
            }
            case NUMBER, BOOLEAN, NULL -> reader.skip();
        }
    }

    private void object(JsonReader reader, int depth) {
        reader.beginObject();
        for (int f = reader.nextField(NAMES);
                f != JsonReader.END_OBJECT;
                f = reader.nextField(NAMES)) {
            switch (f) {
                case 0, 5 -> value(reader, depth + 1);
                case 1, 6 -> {
                    String text = Lenient.text(reader).toString();
                    message = text.isEmpty() ? message : text;
                }
                case 2 -> type = word(reader, type);
                case 3 -> {
                    if (reader.peek() == Kind.NUMBER) {
                        numericCode = Lenient.number(reader, 0);
                    } else {
                        code = word(reader, code);
                    }
                }
                case 4 -> {
                    String field = Lenient.text(reader).toString();
                    param = field.isEmpty() ? param : UpstreamWords.clean(field);
                }
                default -> reader.skip();
            }
        }
    }

    private static String word(JsonReader reader, String before) {
        String word = Lenient.text(reader).toString();
        return word.isEmpty() || word.length() > LONGEST_CODE ? before : UpstreamWords.clean(word);
    }

    private Failure failure(int status, Headers headers, InstantSource clock) {
        String words = UpstreamWords.clean(message);
        FailureCode kind = kind(status, words);
        Duration wait = OpenAiChatRetryAfter.of(headers, words, clock).orElse(null);
        String vendorCode = !code.isEmpty() ? code : type.isEmpty() ? null : type;
        return new Failure(kind, sentence(kind, status, words), param, vendorCode, wait, status);
    }

    private static String sentence(FailureCode kind, int status, String words) {
        boolean redirected = status >= 300 && status < 400;
        return redirected && words.isEmpty() && kind != FailureCode.UPSTREAM_CREDENTIALS
                ? "the upstream sent the request elsewhere (HTTP "
                        + status
                        + "), which is not followed"
                : UpstreamWords.sentence(kind, status, words);
    }

    private FailureCode kind(int status, String words) {
        FailureCode kind = byWord(code);
        if (kind == null) {
            kind = byWord(type);
        }
        if (kind == null) {
            kind = byStatus(status >= 300 ? status : Math.clamp(numericCode, 0, 999));
        }
        if (kind == null) {
            kind = byWeakWord();
        }
        if (kind == FailureCode.INVALID_REQUEST && saysTooLong(words)) {
            return FailureCode.CONTEXT_TOO_LONG;
        }
        return kind == FailureCode.UPSTREAM_ERROR && UpstreamWords.sayUnsupported(words)
                ? FailureCode.UNSUPPORTED
                : kind;
    }

    private static @Nullable FailureCode byWord(String word) {
        return switch (word) {
            case "context_length_exceeded", "exceed_context_size_error" ->
                    FailureCode.CONTEXT_TOO_LONG;
            case "insufficient_quota",
                    "billing_hard_limit_reached",
                    "billing_not_active",
                    "billing_error",
                    "insufficient_balance" ->
                    FailureCode.BILLING;
            case "rate_limit_exceeded", "rate_limit_error", "requests", "tokens" ->
                    FailureCode.RATE_LIMIT;
            case "invalid_api_key",
                    "authentication_error",
                    "account_deactivated",
                    "permission_error",
                    "permission_denied",
                    "unsupported_country_region_territory",
                    "model_not_allowed" ->
                    FailureCode.UPSTREAM_CREDENTIALS;
            case "model_not_found", "not_found_error", "NotFoundError" -> FailureCode.NOT_FOUND;
            case "overloaded",
                    "overloaded_error",
                    "slow_down",
                    "server_overloaded",
                    "engine_overloaded",
                    "service_unavailable",
                    "unavailable_error" ->
                    FailureCode.OVERLOADED;
            case "timeout", "timeout_error" -> FailureCode.TIMEOUT;
            case "unsupported_parameter", "unsupported_value", "not_supported_error" ->
                    FailureCode.UNSUPPORTED;
            case "request_too_large" -> FailureCode.REQUEST_TOO_LARGE;
            default -> null;
        };
    }

    private static @Nullable FailureCode byStatus(int status) {
        return switch (status) {
            case 400, 422 -> FailureCode.INVALID_REQUEST;
            case 401, 403 -> FailureCode.UPSTREAM_CREDENTIALS;
            case 402 -> FailureCode.BILLING;
            case 404, 405, 410 -> FailureCode.NOT_FOUND;
            case 408, 504, 524 -> FailureCode.TIMEOUT;
            // A conflict and the like: the official clients try these again.
            case 409, 411, 415, 425 -> FailureCode.UPSTREAM_ERROR;
            case 413 -> FailureCode.REQUEST_TOO_LARGE;
            case 429 -> FailureCode.RATE_LIMIT;
            case 501 -> FailureCode.UNSUPPORTED;
            case 503, 529 -> FailureCode.OVERLOADED;
            default ->
                    status >= 500 || status >= 300 && status < 400
                            ? FailureCode.UPSTREAM_ERROR
                            : status >= 400 ? FailureCode.INVALID_REQUEST : null;
        };
    }

    /** Types that come with many statuses and so say less than a status does. */
    private FailureCode byWeakWord() {
        return switch (type) {
            case "invalid_request_error", "BadRequestError" -> FailureCode.INVALID_REQUEST;
            default -> FailureCode.UPSTREAM_ERROR;
        };
    }

    private static boolean saysTooLong(String words) {
        String lower = words.toLowerCase(Locale.ROOT);
        return lower.contains("maximum context length")
                || lower.contains("context length exceeded")
                || lower.contains("exceeds the context window")
                || lower.contains("available context size")
                || lower.contains("prompt is too long")
                || lower.contains("exceed context window");
    }
}

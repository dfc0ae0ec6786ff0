package dev.sluice.dialect.anthropic;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.Redactor;
import dev.sluice.core.failure.UpstreamWords;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Names;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * What an upstream says about its failure, from a body or an event that may be anything: the
 * documented object, an object of a server that only speaks a little of this dialect, a page of
 * HTML, nothing, or the first half of any of them.
 *
 * @param type the upstream's word for the kind, empty if it has none
 * @param message the upstream's words, cleaned, empty if there are none that can be shown
 */
record UpstreamError(String type, String message) {
    private static final int LONGEST_MESSAGE = 500;
    private static final UpstreamError NOTHING = new UpstreamError("", "");
    private static final Names MEMBERS = Names.of("error", "type", "message", "detail");

    /** Reads whatever there is; never fails. */
    static UpstreamError read(byte[] bytes, int offset, int length) {
        JsonReader reader = new JsonReader(bytes);
        reader.reset(bytes, offset, length);
        try {
            return reader.peek() == JsonReader.Kind.OBJECT ? object(reader) : NOTHING;
        } catch (MalformedJson malformed) {
            return NOTHING;
        }
    }

    /** An error object, or one that holds it. What an inner object says wins. */
    private static UpstreamError object(JsonReader reader) {
        String type = "";
        String message = "";
        UpstreamError inner = NOTHING;
        reader.beginObject();
        int member = reader.nextField(MEMBERS);
        while (member != JsonReader.END_OBJECT) {
            JsonReader.Kind kind = reader.peek();
            if (member == 0 && kind == JsonReader.Kind.OBJECT) {
                inner = flat(reader);
            } else if (member >= 0 && kind == JsonReader.Kind.STRING) {
                String value = reader.string();
                type = member == 1 ? value : type;
                message = member == 1 ? message : value;
            } else {
                reader.skip();
            }
            member = reader.nextField(MEMBERS);
        }
        String outerType = type.equals("error") ? "" : type;
        return new UpstreamError(
                inner.type.isEmpty() ? outerType : inner.type,
                clean(inner.message.isEmpty() ? message : inner.message));
    }

    private static UpstreamError flat(JsonReader reader) {
        String type = "";
        String message = "";
        reader.beginObject();
        int member = reader.nextField(MEMBERS);
        while (member != JsonReader.END_OBJECT) {
            if (member >= 1 && reader.peek() == JsonReader.Kind.STRING) {
                String value = reader.string();
                type = member == 1 ? value : type;
                message = member == 1 ? message : value;
            } else {
                reader.skip();
            }
            member = reader.nextField(MEMBERS);
        }
        return new UpstreamError(type, message);
    }

    /**
     * The message without keys, without control characters and without more than a person reads;
     * nothing of a page of HTML.
     */
    private static String clean(String message) {
        String trimmed = Redactor.BY_LOOK.clean(message).strip();
        if (trimmed.startsWith("<") || trimmed.toLowerCase(Locale.ROOT).contains("<html")) {
            return "";
        }
        StringBuilder out = new StringBuilder(Math.min(trimmed.length(), LONGEST_MESSAGE + 1));
        for (int i = 0; i < trimmed.length(); i++) {
            if (out.length() >= LONGEST_MESSAGE) {
                return out.append('…').toString();
            }
            char c = trimmed.charAt(i);
            out.append(Character.isISOControl(c) ? ' ' : c);
        }
        return out.toString();
    }

    /** The failure, given the HTTP status of the answer; 0 if it was told inside a stream. */
    Failure toFailure(int status) {
        FailureCode code = code(status);
        return new Failure(
                code, words(code, status), null, type.isEmpty() ? null : type, null, status);
    }

    private String words(FailureCode code, int status) {
        if (code == FailureCode.UPSTREAM_CREDENTIALS) {
            // What a server says about a key it refused may hold a part of the key.
            return "the upstream refused this gateway's own credentials; its operator must set a"
                    + " valid key for this provider";
        }
        if (!message.isEmpty()) {
            return message;
        }
        if (status >= 300 && status < 400) {
            return "the upstream sent the request elsewhere (HTTP "
                    + status
                    + "), which is not followed";
        }
        String what = status == 0 ? "reported an error" : "answered with status " + status;
        return "the upstream "
                + what
                + (type.isEmpty() ? "" : " (" + clean(type) + ")")
                + " and did not say why";
    }

    private FailureCode code(int status) {
        FailureCode byType = byType();
        FailureCode code = byType == null ? byStatus(status) : byType;
        if (code == FailureCode.UPSTREAM_ERROR && UpstreamWords.sayUnsupported(message)) {
            return FailureCode.UNSUPPORTED;
        }
        return code == FailureCode.INVALID_REQUEST ? refined() : code;
    }

    private @Nullable FailureCode byType() {
        return switch (type) {
            case "invalid_request_error" -> FailureCode.INVALID_REQUEST;
            case "authentication_error", "permission_error" -> FailureCode.UPSTREAM_CREDENTIALS;
            case "billing_error", "insufficient_quota" -> FailureCode.BILLING;
            case "not_found_error" -> FailureCode.NOT_FOUND;
            case "request_too_large" -> FailureCode.REQUEST_TOO_LARGE;
            case "rate_limit_error" -> FailureCode.RATE_LIMIT;
            case "overloaded_error", "unavailable_error" -> FailureCode.OVERLOADED;
            case "timeout_error" -> FailureCode.TIMEOUT;
            case "api_error", "server_error", "conflict_error" -> FailureCode.UPSTREAM_ERROR;
            case "exceed_context_size_error" -> FailureCode.CONTEXT_TOO_LONG;
            case "not_supported_error" -> FailureCode.UNSUPPORTED;
            default -> null;
        };
    }

    private static FailureCode byStatus(int status) {
        return switch (status) {
            case 401, 403 -> FailureCode.UPSTREAM_CREDENTIALS;
            case 402 -> FailureCode.BILLING;
            case 404 -> FailureCode.NOT_FOUND;
            case 408, 504 -> FailureCode.TIMEOUT;
            case 409 -> FailureCode.UPSTREAM_ERROR;
            case 413 -> FailureCode.REQUEST_TOO_LARGE;
            case 429 -> FailureCode.RATE_LIMIT;
            case 503, 529 -> FailureCode.OVERLOADED;
            default ->
                    status >= 400 && status < 500
                            ? FailureCode.INVALID_REQUEST
                            : FailureCode.UPSTREAM_ERROR;
        };
    }

    /** Two kinds of failure that have no type of their own on this wire, only words. */
    private FailureCode refined() {
        String words = message.toLowerCase(Locale.ROOT);
        if (words.contains("prompt is too long")
                || words.contains("exceed context limit")
                || words.contains("context size")
                || words.contains("context window")) {
            return FailureCode.CONTEXT_TOO_LONG;
        }
        return words.contains("credit balance is too low")
                ? FailureCode.BILLING
                : FailureCode.INVALID_REQUEST;
    }
}

package dev.sluice.dialect.bedrock;

import dev.sluice.core.dialect.Headers;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.UpstreamWords;
import dev.sluice.core.framing.Frame;
import dev.sluice.core.json.JsonReader;
import dev.sluice.core.json.Lenient;
import dev.sluice.core.json.MalformedJson;
import dev.sluice.core.json.Names;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads what an upstream says when it fails: an exception's name in a header field, in the body or
 * in the fields of a frame, and a message; and what proxies make of it.
 */
final class BedrockErrorReader {
    private static final Names NAMES = Names.of("message", "Message", "__type", "code", "error");
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private String type = "";
    private String message = "";

    private BedrockErrorReader() {}

    /** Reads the body of a reply that is no success. */
    static Failure ofReply(int status, Headers headers, byte[] body) {
        BedrockErrorReader told = new BedrockErrorReader();
        told.read(body, 0, body.length);
        headers.get("x-amzn-errortype").ifPresent(named -> told.type = named);
        Failure failure = told.failure(status);
        return wait(headers).map(failure::withRetryAfter).orElse(failure);
    }

    /** Reads a frame that tells a failure. */
    static Failure ofFrame(Frame frame) {
        BedrockErrorReader told = new BedrockErrorReader();
        told.read(frame.dataBuffer(), frame.dataOffset(), frame.dataLength());
        told.type = frame.type();
        if (told.message.isEmpty()) {
            told.message = frame.header(":error-message");
        }
        return told.failure(0);
    }

    private static Optional<Duration> wait(Headers headers) {
        return headers.get("x-amz-retry-after")
                .flatMap(UpstreamWords::count)
                .map(Duration::ofMillis)
                .or(
                        () ->
                                headers.get("retry-after")
                                        .flatMap(UpstreamWords::count)
                                        .map(Duration::ofSeconds))
                .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
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
                case 0, 1, 4 -> value(reader, depth + 1);
                case 2, 3 -> {
                    String named = Lenient.text(reader).toString();
                    type = named.isEmpty() ? type : named;
                }
                default -> reader.skip();
            }
        }
    }

    private Failure failure(int status) {
        String name = name(type);
        String words = UpstreamWords.clean(message);
        FailureCode kind = kind(name, words, status);
        return new Failure(
                kind,
                sentence(kind, name, words, status),
                null,
                name.isEmpty() ? null : name,
                null,
                status);
    }

    /** The name of the exception alone: its namespace and address go, and it begins large. */
    private static String name(String type) {
        String name = type.substring(type.indexOf('#') + 1);
        int colon = name.indexOf(':');
        name = UpstreamWords.clean(colon < 0 ? name : name.substring(0, colon));
        return name.isEmpty() ? "" : Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    private static String sentence(FailureCode kind, String name, String words, int status) {
        String with = status == 0 ? "" : " (HTTP " + status + ")";
        if (kind == FailureCode.UPSTREAM_CREDENTIALS) {
            // The upstream's own words are about the gateway's account and not for the client.
            return "the upstream refused the credentials that the gateway has for it"
                    + with
                    + (name.isEmpty() ? "" : ": " + name)
                    + "; they must be mended, or access to the model granted, by the operator of"
                    + " the gateway";
        }
        if (!words.isEmpty()) {
            return words;
        }
        return "the upstream failed"
                + (name.isEmpty() ? "" : " with " + name)
                + " and did not say why"
                + with;
    }

    private static FailureCode kind(String name, String words, int status) {
        FailureCode named = byName(name);
        FailureCode code = named == null ? byStatus(status) : named;
        return code == FailureCode.INVALID_REQUEST && isTooLong(words)
                ? FailureCode.CONTEXT_TOO_LONG
                : code;
    }

    private static boolean isTooLong(String words) {
        String lower = words.toLowerCase(Locale.ROOT);
        return lower.contains("input is too long")
                || lower.contains("prompt is too long")
                || lower.contains("context length")
                || lower.contains("context window");
    }

    private static @Nullable FailureCode byName(String name) {
        return switch (name) {
            case "ValidationException" -> FailureCode.INVALID_REQUEST;
            case "AccessDeniedException",
                    "UnrecognizedClientException",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "MissingAuthenticationToken",
                    "MissingAuthenticationTokenException",
                    "ExpiredTokenException",
                    "IncompleteSignature",
                    "IncompleteSignatureException",
                    "InvalidClientTokenId",
                    "RequestTimeTooSkewed",
                    "NotAuthorized" ->
                    FailureCode.UPSTREAM_CREDENTIALS;
            case "ResourceNotFoundException", "UnknownOperationException" -> FailureCode.NOT_FOUND;
            case "ModelTimeoutException" -> FailureCode.TIMEOUT;
            case "ThrottlingException",
                    "TooManyRequestsException",
                    "ServiceQuotaExceededException" ->
                    FailureCode.RATE_LIMIT;
            case "ServiceUnavailableException", "ModelNotReadyException" -> FailureCode.OVERLOADED;
            case "InternalServerException",
                    "InternalFailure",
                    "ModelErrorException",
                    "ModelStreamErrorException",
                    "ConflictException" ->
                    FailureCode.UPSTREAM_ERROR;
            default -> null;
        };
    }

    private static FailureCode byStatus(int status) {
        return switch (status) {
            case 401, 403 -> FailureCode.UPSTREAM_CREDENTIALS;
            case 402 -> FailureCode.BILLING;
            case 404 -> FailureCode.NOT_FOUND;
            case 408, 504 -> FailureCode.TIMEOUT;
            case 413 -> FailureCode.REQUEST_TOO_LARGE;
            case 424 -> FailureCode.UPSTREAM_ERROR;
            case 429 -> FailureCode.RATE_LIMIT;
            case 503 -> FailureCode.OVERLOADED;
            default ->
                    status >= 400 && status < 500
                            ? FailureCode.INVALID_REQUEST
                            : FailureCode.UPSTREAM_ERROR;
        };
    }
}

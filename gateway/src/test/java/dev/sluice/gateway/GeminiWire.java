package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.GeminiEvents;
import dev.sluice.testkit.stream.GeminiStreamValidator;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.util.Optional;

/** Gemini's content generation, streamed as server-sent events. */
final class GeminiWire extends Wire {
    private static final String MODEL = "/v1beta/models/gemini-2.5-flash";
    private static final String STREAM = ":streamGenerateContent";
    private static final GeminiEvents PIECES = GeminiEvents.of("gemini-2.5-flash");

    @Override
    String path(boolean streamed) {
        return MODEL + (streamed ? STREAM + "?alt=sse" : ":generateContent");
    }

    @Override
    String ask(boolean streamed, String prompt) {
        return "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":"
                + Json.quote(prompt)
                + "}]}]}";
    }

    @Override
    boolean isAskedToStream(UpstreamRequest request) {
        return request.path().endsWith(STREAM);
    }

    @Override
    String keyHeader() {
        return "x-goog-api-key";
    }

    @Override
    String shown(String key) {
        return key;
    }

    @Override
    TestGateway.Setup upstream(TestGateway.Setup setup, URI origin) {
        return setup.upstream("gemini", "google", URI.create(origin + "/v1beta"));
    }

    @Override
    Speech speech() {
        return new Speech() {
            @Override
            byte[] preamble() {
                return piece(PIECES.text(""));
            }

            @Override
            byte[] text(String text) {
                return piece(PIECES.text(text));
            }

            @Override
            byte[] finish() {
                return piece(PIECES.end("STOP"));
            }

            @Override
            byte[] finishAtLimit() {
                return piece(PIECES.end("MAX_TOKENS"));
            }

            @Override
            byte[] after() {
                return new byte[0];
            }

            @Override
            byte[] ping() {
                return utf8(": ping\n\n");
            }

            @Override
            byte[] failure(String type, String message) {
                return piece("data: " + error(type, message) + "\n\n");
            }
        };
    }

    /** The vendor ends its lines as Windows does; what is judged strictly does not. */
    private static byte[] piece(String event) {
        return Speech.utf8(event.replace("\r\n", "\n"));
    }

    @Override
    String whole(String text) {
        return PIECES.whole(text, "STOP");
    }

    @Override
    String error(String type, String message) {
        return switch (type) {
            case "invalid_request_error" -> PIECES.status(400, "INVALID_ARGUMENT", message);
            case "authentication_error" -> PIECES.status(401, "UNAUTHENTICATED", message);
            case "not_found_error" -> PIECES.status(404, "NOT_FOUND", message);
            case "rate_limit_error" -> PIECES.status(429, "RESOURCE_EXHAUSTED", message);
            case "overloaded_error" -> PIECES.status(503, "UNAVAILABLE", message);
            default -> PIECES.status(500, "INTERNAL", message);
        };
    }

    @Override
    Optional<String> textIn(SseEvent event) {
        return text(event.json().at("/candidates/0/content/parts/0/text"));
    }

    @Override
    Optional<String> failureIn(SseEvent event) {
        return text(event.json().at("/error/message"));
    }

    @Override
    String textOf(JsonNode whole) {
        return whole.at("/candidates/0/content/parts/0/text").stringValue();
    }

    @Override
    FoldedAnswer judge(byte[] stream) {
        return GeminiStreamValidator.strict().validate(stream);
    }

    @Override
    FoldedAnswer fold(byte[] stream) {
        return GeminiStreamValidator.lenient().validate(stream);
    }

    @Override
    Tongue.Fault fault(RawResponse response) {
        JsonNode error = response.json().path("error");
        assertThat(error.path("code").asInt()).isEqualTo(response.status());
        return new Tongue.Fault(
                error.path("status").stringValue(), error.path("message").stringValue());
    }

    @Override
    String type(FailureCode code) {
        return switch (code) {
            case INVALID_REQUEST, UNSUPPORTED, CONTEXT_TOO_LONG, REQUEST_TOO_LARGE ->
                    "INVALID_ARGUMENT";
            case AUTHENTICATION -> "UNAUTHENTICATED";
            case NOT_FOUND -> "NOT_FOUND";
            case METHOD_NOT_ALLOWED -> "UNIMPLEMENTED";
            case UPSTREAM_UNREACHABLE, OVERLOADED, UNAVAILABLE -> "UNAVAILABLE";
            case TIMEOUT -> "DEADLINE_EXCEEDED";
            case RATE_LIMIT -> "RESOURCE_EXHAUSTED";
            default -> "INTERNAL";
        };
    }
}

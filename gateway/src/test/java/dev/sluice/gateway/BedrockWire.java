package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.Fault;
import dev.sluice.dialect.KnownServers;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.stream.BedrockEvents;
import dev.sluice.testkit.stream.BedrockFrameParser;
import dev.sluice.testkit.stream.BedrockFrames;
import dev.sluice.testkit.stream.BedrockStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Amazon Bedrock's Converse, whose streams are binary. */
final class BedrockWire extends Wire {
    private static final String MODEL = "/model/eu.anthropic.claude-v1%3A0";
    private static final String STREAM = "/converse-stream";

    @Override
    String path(boolean streamed) {
        return MODEL + (streamed ? STREAM : "/converse");
    }

    @Override
    String ask(boolean streamed, String prompt) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":"
                + Json.quote(prompt)
                + "}]}]}";
    }

    @Override
    boolean isAskedToStream(UpstreamRequest request) {
        return request.path().endsWith(STREAM);
    }

    @Override
    TestGateway.Setup upstream(TestGateway.Setup setup, URI origin) {
        return setup.upstream("bedrock", KnownServers.BEDROCK, origin);
    }

    @Override
    String streamType() {
        return "application/vnd.amazon.eventstream";
    }

    @Override
    Speech speech() {
        return new Speech() {
            @Override
            byte[] preamble() {
                return BedrockEvents.start();
            }

            @Override
            byte[] text(String text) {
                return BedrockEvents.text(text);
            }

            @Override
            byte[] finish() {
                return BedrockEvents.stop("end_turn");
            }

            @Override
            byte[] finishAtLimit() {
                return BedrockEvents.stop("max_tokens");
            }

            @Override
            byte[] after() {
                return BedrockEvents.metadata();
            }

            // The vendor sends none; an event that nobody knows says as much.
            @Override
            byte[] ping() {
                return BedrockFrames.event("ping", "{}");
            }

            @Override
            byte[] failure(String type, String message) {
                return BedrockFrames.exception(exception(type), message);
            }
        };
    }

    private static String exception(String type) {
        return switch (type) {
            case "overloaded_error" -> "serviceUnavailableException";
            case "rate_limit_error" -> "throttlingException";
            case "invalid_request_error" -> "validationException";
            default -> "modelStreamErrorException";
        };
    }

    @Override
    String whole(String text) {
        return BedrockEvents.whole(text, "end_turn");
    }

    @Override
    String error(String type, String message) {
        return "{\"message\":" + Json.quote(message) + "}";
    }

    @Override
    List<SseEvent> events(byte[] body) {
        return BedrockFrameParser.parse(body);
    }

    @Override
    Optional<String> textIn(SseEvent event) {
        return text(event.json().at("/delta/text"));
    }

    @Override
    Optional<String> failureIn(SseEvent event) {
        return event.type().endsWith("Exception")
                ? text(event.json().path("message"))
                : Optional.empty();
    }

    @Override
    int signsOfLife(byte[] body) {
        return (int) events(body).stream().filter(event -> event.type().equals("ping")).count();
    }

    @Override
    String textOf(JsonNode whole) {
        return whole.at("/output/message/content/0/text").stringValue();
    }

    @Override
    FoldedAnswer judge(byte[] stream) {
        return BedrockStreamValidator.validate(stream);
    }

    @Override
    FoldedAnswer fold(byte[] stream) {
        return BedrockStreamValidator.fold(stream);
    }

    @Override
    Tongue.Fault fault(RawResponse response) {
        JsonNode body = response.json();
        assertThat(body.propertyNames()).containsExactly("message");
        return new Tongue.Fault(
                response.header("x-amzn-errortype").orElse("none"),
                body.path("message").stringValue());
    }

    @Override
    int status(FailureCode code) {
        return switch (code) {
            case AUTHENTICATION -> 403;
            case METHOD_NOT_ALLOWED, REQUEST_TOO_LARGE -> 400;
            case TIMEOUT -> 408;
            default -> code.status() == 502 ? 500 : code.status();
        };
    }

    @Override
    String type(FailureCode code) {
        return switch (code) {
            case AUTHENTICATION -> "UnrecognizedClientException";
            case NOT_FOUND -> "ResourceNotFoundException";
            case RATE_LIMIT -> "ThrottlingException";
            case OVERLOADED, UNAVAILABLE -> "ServiceUnavailableException";
            case TIMEOUT -> "ModelTimeoutException";
            default ->
                    code.fault() == Fault.CLIENT
                            ? "ValidationException"
                            : "InternalServerException";
        };
    }
}

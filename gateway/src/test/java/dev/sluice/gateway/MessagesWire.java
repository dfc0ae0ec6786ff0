package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.Fault;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.stream.AnthropicEvents;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.FoldedAnswer;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.util.Optional;

/** Anthropic's Messages. */
final class MessagesWire extends Wire {
    private static final AnthropicEvents EVENTS = AnthropicEvents.of("msg_1", "claude-sonnet-4-5");

    @Override
    String path(boolean streamed) {
        return "/v1/messages";
    }

    @Override
    String ask(boolean streamed, String prompt) {
        return "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":"
                + Json.quote(prompt)
                + "}]"
                + (streamed ? ",\"stream\":true}" : "}");
    }

    @Override
    String keyHeader() {
        return "x-api-key";
    }

    @Override
    String shown(String key) {
        return key;
    }

    @Override
    TestGateway.Setup upstream(TestGateway.Setup setup, URI origin) {
        return setup.anthropic(origin);
    }

    @Override
    Speech speech() {
        return new Speech() {
            @Override
            byte[] preamble() {
                return utf8(EVENTS.start(10) + EVENTS.textStart(0));
            }

            @Override
            byte[] text(String text) {
                return utf8(EVENTS.text(0, text));
            }

            @Override
            byte[] finish() {
                return finish("end_turn");
            }

            @Override
            byte[] finishAtLimit() {
                return finish("max_tokens");
            }

            private byte[] finish(String reason) {
                return utf8(EVENTS.blockStop(0) + EVENTS.messageDelta(reason, 5));
            }

            @Override
            byte[] after() {
                return utf8(EVENTS.stop());
            }

            @Override
            byte[] ping() {
                return utf8(EVENTS.ping());
            }

            @Override
            byte[] failure(String type, String message) {
                return utf8(EVENTS.error(type, message));
            }
        };
    }

    @Override
    String whole(String text) {
        return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",\"content\":[{\"type\":\"text\",\"text\":"
                + Json.quote(text)
                + "}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":10,\"output_tokens\":5}}";
    }

    @Override
    String error(String type, String message) {
        return "{\"type\":\"error\",\"error\":{\"type\":"
                + Json.quote(type)
                + ",\"message\":"
                + Json.quote(message)
                + "}}";
    }

    @Override
    Optional<String> textIn(SseEvent event) {
        JsonNode delta = event.json().path("delta");
        return delta.path("type").asString("").equals("text_delta")
                ? text(delta.path("text"))
                : Optional.empty();
    }

    @Override
    Optional<String> failureIn(SseEvent event) {
        return event.type().equals("error")
                ? text(event.json().at("/error/message"))
                : Optional.empty();
    }

    @Override
    int signsOfLife(byte[] body) {
        return count(body, "event: ping\n");
    }

    @Override
    String textOf(JsonNode whole) {
        return whole.at("/content/0/text").stringValue();
    }

    @Override
    FoldedAnswer judge(byte[] stream) {
        return AnthropicStreamValidator.strict().validate(stream);
    }

    @Override
    FoldedAnswer fold(byte[] stream) {
        return AnthropicStreamValidator.lenient().validate(stream);
    }

    @Override
    Tongue.Fault fault(RawResponse response) {
        JsonNode body = response.json();
        assertThat(body.path("type").stringValue()).isEqualTo("error");
        assertThat(body.path("request_id").stringValue()).startsWith("req_");
        JsonNode error = body.path("error");
        return new Tongue.Fault(
                error.path("type").stringValue(), error.path("message").stringValue());
    }

    @Override
    int status(FailureCode code) {
        return code == FailureCode.OVERLOADED ? 529 : code.status();
    }

    @Override
    String type(FailureCode code) {
        return switch (code) {
            case AUTHENTICATION -> "authentication_error";
            case NOT_FOUND -> "not_found_error";
            case REQUEST_TOO_LARGE -> "request_too_large";
            default -> code.fault() == Fault.CLIENT ? "invalid_request_error" : "api_error";
        };
    }
}

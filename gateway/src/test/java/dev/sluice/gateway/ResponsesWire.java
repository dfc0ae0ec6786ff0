package dev.sluice.gateway;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OpenAiResponsesStreamValidator;
import dev.sluice.testkit.stream.ResponsesEvents;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.util.Optional;

/** OpenAI's Responses. */
final class ResponsesWire extends Wire {
    @Override
    String path(boolean streamed) {
        return "/v1/responses";
    }

    @Override
    String ask(boolean streamed, String prompt) {
        return "{\"model\":\"gpt-5-mini\",\"input\":"
                + Json.quote(prompt)
                + (streamed ? ",\"stream\":true}" : "}");
    }

    @Override
    TestGateway.Setup upstream(TestGateway.Setup setup, URI origin) {
        return setup.upstream("openai-responses", "openai", URI.create(origin + "/v1"));
    }

    @Override
    Speech speech() {
        ResponsesEvents events = events();
        return new Speech() {
            @Override
            byte[] preamble() {
                return utf8(events.begin());
            }

            @Override
            byte[] text(String text) {
                return utf8(events.text(text));
            }

            @Override
            byte[] finish() {
                return utf8(events.complete());
            }

            @Override
            byte[] finishAtLimit() {
                return utf8(events.incomplete("max_output_tokens"));
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
                return utf8(events.error("server_error", type, message));
            }
        };
    }

    private static ResponsesEvents events() {
        return ResponsesEvents.of("resp_1", "gpt-5-mini");
    }

    @Override
    String whole(String text) {
        ResponsesEvents events = events();
        events.text(text);
        return events.whole();
    }

    @Override
    String error(String type, String message) {
        return Tongue.CHAT.error(type, message);
    }

    @Override
    Optional<String> textIn(SseEvent event) {
        return event.type().equals("response.output_text.delta")
                ? text(event.json().path("delta"))
                : Optional.empty();
    }

    @Override
    Optional<String> failureIn(SseEvent event) {
        return switch (event.type()) {
            case "response.failed" -> text(event.json().at("/response/error/message"));
            case "error" -> text(event.json().path("message"));
            default -> Optional.empty();
        };
    }

    @Override
    String textOf(JsonNode whole) {
        return whole.at("/output/0/content/0/text").stringValue();
    }

    @Override
    FoldedAnswer judge(byte[] stream) {
        return OpenAiResponsesStreamValidator.strict().validate(stream);
    }

    @Override
    FoldedAnswer fold(byte[] stream) {
        return OpenAiResponsesStreamValidator.lenient().validate(stream);
    }

    @Override
    Tongue.Fault fault(RawResponse response) {
        return ChatWire.openAiFault(response);
    }

    @Override
    String type(FailureCode code) {
        return ChatWire.openAiType(code);
    }
}

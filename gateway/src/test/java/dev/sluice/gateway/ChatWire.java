package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.failure.Fault;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.stream.ChatEvents;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.util.Optional;

/** OpenAI's Chat Completions. */
final class ChatWire extends Wire {
    private static final ChatEvents EVENTS = ChatEvents.of("chatcmpl-1", "gpt-5-mini");

    @Override
    String path(boolean streamed) {
        return "/v1/chat/completions";
    }

    @Override
    String ask(boolean streamed, String prompt) {
        return "{\"model\":\"gpt-5-mini\",\"messages\":[{\"role\":\"user\",\"content\":"
                + Json.quote(prompt)
                + "}]"
                + (streamed
                        ? ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}"
                        : "}");
    }

    @Override
    TestGateway.Setup upstream(TestGateway.Setup setup, URI origin) {
        return setup.openai(origin);
    }

    @Override
    Speech speech() {
        return new Speech() {
            @Override
            byte[] preamble() {
                return utf8(EVENTS.role());
            }

            @Override
            byte[] text(String text) {
                return utf8(EVENTS.text(text));
            }

            @Override
            byte[] finish() {
                return utf8(EVENTS.finish("stop"));
            }

            @Override
            byte[] finishAtLimit() {
                return utf8(EVENTS.finish("length"));
            }

            @Override
            byte[] after() {
                return utf8(EVENTS.usage(10, 5) + EVENTS.done());
            }

            @Override
            byte[] ping() {
                return utf8(": ping\n\n");
            }

            @Override
            byte[] failure(String type, String message) {
                return utf8(EVENTS.error(type, message));
            }
        };
    }

    @Override
    String whole(String text) {
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1760000000,\"model\":\"gpt-5-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
                + Json.quote(text)
                + "},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}";
    }

    @Override
    String error(String type, String message) {
        return "{\"error\":{\"message\":"
                + Json.quote(message)
                + ",\"type\":"
                + Json.quote(type)
                + ",\"param\":null,\"code\":null}}";
    }

    @Override
    Optional<String> textIn(SseEvent event) {
        return event.isDone()
                ? Optional.empty()
                : text(event.json().path("choices").path(0).path("delta").path("content"));
    }

    @Override
    Optional<String> failureIn(SseEvent event) {
        return event.isDone() ? Optional.empty() : text(event.json().at("/error/message"));
    }

    @Override
    String textOf(JsonNode whole) {
        return whole.at("/choices/0/message/content").stringValue();
    }

    @Override
    FoldedAnswer judge(byte[] stream) {
        return OpenAiChatStreamValidator.expectingUsage().validate(stream);
    }

    @Override
    FoldedAnswer fold(byte[] stream) {
        return OpenAiChatStreamValidator.lenient().validate(stream);
    }

    @Override
    Tongue.Fault fault(RawResponse response) {
        return openAiFault(response);
    }

    /** The vendor's two dialects have one form. */
    static Tongue.Fault openAiFault(RawResponse response) {
        JsonNode error = response.json().path("error");
        assertThat(error.propertyNames()).contains("message", "type", "param", "code");
        return new Tongue.Fault(
                error.path("type").stringValue(), error.path("message").stringValue());
    }

    @Override
    String type(FailureCode code) {
        return openAiType(code);
    }

    static String openAiType(FailureCode code) {
        return code.fault() == Fault.CLIENT ? "invalid_request_error" : "server_error";
    }
}

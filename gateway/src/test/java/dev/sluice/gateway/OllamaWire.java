package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.sse.SseParser;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OllamaEvents;
import dev.sluice.testkit.stream.OllamaStreamValidator;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Ollama's chat. */
final class OllamaWire extends Wire {
    private static final OllamaEvents LINES = OllamaEvents.of("qwen3:8b");

    @Override
    String path(boolean streamed) {
        return "/api/chat";
    }

    @Override
    String ask(boolean streamed, String prompt) {
        return "{\"model\":\"qwen3:8b\",\"stream\":"
                + streamed
                + ",\"messages\":[{\"role\":\"user\",\"content\":"
                + Json.quote(prompt)
                + "}]}";
    }

    @Override
    TestGateway.Setup upstream(TestGateway.Setup setup, URI origin) {
        return setup.upstream("ollama", "ollama", origin);
    }

    @Override
    String streamType() {
        return "application/x-ndjson";
    }

    @Override
    Speech speech() {
        return new Speech() {
            @Override
            byte[] preamble() {
                return ping();
            }

            @Override
            byte[] text(String text) {
                return utf8(LINES.text(text));
            }

            @Override
            byte[] finish() {
                return utf8(LINES.whole("", "stop"));
            }

            @Override
            byte[] finishAtLimit() {
                return utf8(LINES.whole("", "length"));
            }

            @Override
            byte[] after() {
                return utf8("\n");
            }

            @Override
            byte[] ping() {
                return utf8(LINES.text(""));
            }

            @Override
            byte[] failure(String type, String message) {
                return utf8(LINES.error(message));
            }
        };
    }

    @Override
    String whole(String text) {
        return LINES.whole(text, "stop");
    }

    @Override
    String error(String type, String message) {
        return "{\"error\":" + Json.quote(message) + "}";
    }

    @Override
    List<SseEvent> events(byte[] body) {
        return SseParser.ndjson(body);
    }

    @Override
    Optional<String> textIn(SseEvent event) {
        return text(event.json().at("/message/content"));
    }

    @Override
    Optional<String> failureIn(SseEvent event) {
        return text(event.json().path("error"));
    }

    /** Its lines are JSON and nothing else: there is no sign that means nothing. */
    @Override
    int signsOfLife(byte[] body) {
        return 0;
    }

    @Override
    String textOf(JsonNode whole) {
        return whole.at("/message/content").stringValue();
    }

    @Override
    FoldedAnswer judge(byte[] stream) {
        return OllamaStreamValidator.strict().validate(stream);
    }

    @Override
    FoldedAnswer fold(byte[] stream) {
        return OllamaStreamValidator.lenient().validate(stream);
    }

    @Override
    Tongue.Fault fault(RawResponse response) {
        JsonNode body = response.json();
        assertThat(body.propertyNames()).containsExactly("error");
        return new Tongue.Fault("", body.path("error").stringValue());
    }

    /** The dialect has no types. */
    @Override
    String type(FailureCode code) {
        return "";
    }
}

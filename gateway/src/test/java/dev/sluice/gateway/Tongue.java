package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Json;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.SseReader;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.stream.AnthropicEvents;
import dev.sluice.testkit.stream.AnthropicStreamValidator;
import dev.sluice.testkit.stream.ChatEvents;
import dev.sluice.testkit.stream.FoldedAnswer;
import dev.sluice.testkit.stream.OllamaEvents;
import dev.sluice.testkit.stream.OllamaStreamValidator;
import dev.sluice.testkit.stream.OpenAiChatStreamValidator;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A dialect as tests speak it: what its clients ask, what its servers answer, and how its errors
 * look.
 */
enum Tongue {
    CHAT("openai-chat", "/v1/chat/completions", "stop", "length") {
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
        String preamble() {
            return Written.CHAT.role();
        }

        @Override
        String text(String text) {
            return Written.CHAT.text(text);
        }

        @Override
        String end() {
            return Written.CHAT.end("stop");
        }

        @Override
        String ping() {
            return ": ping\n\n";
        }

        @Override
        String failure(String type, String message) {
            return Written.CHAT.error(type, message);
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
            if (event.isDone()) {
                return Optional.empty();
            }
            JsonNode text = event.json().path("choices").path(0).path("delta").path("content");
            return text.isString() && !text.stringValue().isEmpty()
                    ? Optional.of(text.stringValue())
                    : Optional.empty();
        }

        @Override
        String textOf(JsonNode whole) {
            return whole.path("choices").path(0).path("message").path("content").stringValue();
        }

        @Override
        FoldedAnswer judge(byte[] stream) {
            return OpenAiChatStreamValidator.expectingUsage().validate(stream);
        }

        @Override
        FoldedAnswer judge(List<SseEvent> stream) {
            return OpenAiChatStreamValidator.expectingUsage().validate(stream);
        }

        @Override
        Fault fault(JsonNode body) {
            JsonNode error = body.path("error");
            assertThat(error.propertyNames()).contains("message", "type", "param", "code");
            return new Fault(error.path("type").stringValue(), error.path("message").stringValue());
        }
    },

    MESSAGES("anthropic", "/v1/messages", "end_turn", "max_tokens") {
        @Override
        String ask(boolean streamed, String prompt) {
            return "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":"
                    + Json.quote(prompt)
                    + "}]"
                    + (streamed ? ",\"stream\":true}" : "}");
        }

        @Override
        TestGateway.Setup upstream(TestGateway.Setup setup, URI origin) {
            return setup.anthropic(origin);
        }

        @Override
        String preamble() {
            return Written.MESSAGES.start(10) + Written.MESSAGES.textStart(0);
        }

        @Override
        String text(String text) {
            return Written.MESSAGES.text(0, text);
        }

        @Override
        String end() {
            return Written.MESSAGES.blockStop(0) + Written.MESSAGES.end("end_turn", 5);
        }

        @Override
        String ping() {
            return Written.MESSAGES.ping();
        }

        @Override
        String failure(String type, String message) {
            return Written.MESSAGES.error(type, message);
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
                    ? Optional.of(delta.path("text").stringValue())
                    : Optional.empty();
        }

        @Override
        String textOf(JsonNode whole) {
            return whole.path("content").path(0).path("text").stringValue();
        }

        @Override
        FoldedAnswer judge(byte[] stream) {
            return AnthropicStreamValidator.strict().validate(stream);
        }

        @Override
        FoldedAnswer judge(List<SseEvent> stream) {
            return AnthropicStreamValidator.strict().validate(stream);
        }

        @Override
        Fault fault(JsonNode body) {
            assertThat(body.path("type").stringValue()).isEqualTo("error");
            assertThat(body.path("request_id").stringValue()).startsWith("req_");
            JsonNode error = body.path("error");
            return new Fault(error.path("type").stringValue(), error.path("message").stringValue());
        }
    },

    OLLAMA("ollama", "/api/chat", "stop", "length") {
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
        String preamble() {
            return ping();
        }

        @Override
        String text(String text) {
            return Written.LINES.text(text);
        }

        @Override
        String end() {
            return Written.LINES.end("stop");
        }

        @Override
        String ping() {
            return Written.LINES.text("");
        }

        @Override
        String failure(String type, String message) {
            return Written.LINES.error(message);
        }

        @Override
        String whole(String text) {
            return Written.LINES.whole(text, "stop");
        }

        @Override
        String error(String type, String message) {
            return "{\"error\":" + Json.quote(message) + "}";
        }

        @Override
        Optional<String> textIn(SseEvent event) {
            String text = event.json().path("message").path("content").asString("");
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        }

        @Override
        String textOf(JsonNode whole) {
            return whole.path("message").path("content").stringValue();
        }

        @Override
        FoldedAnswer judge(byte[] stream) {
            return OllamaStreamValidator.strict().validate(stream);
        }

        @Override
        FoldedAnswer judge(List<SseEvent> stream) {
            return OllamaStreamValidator.strict().validate(stream);
        }

        // The dialect has no types.
        @Override
        Fault fault(JsonNode body) {
            assertThat(body.propertyNames()).containsExactly("error");
            return new Fault("", body.path("error").stringValue());
        }
    };

    private static final class Written {
        static final ChatEvents CHAT = ChatEvents.of("chatcmpl-1", "gpt-5-mini");
        static final AnthropicEvents MESSAGES = AnthropicEvents.of("msg_1", "claude-sonnet-4-5");
        static final OllamaEvents LINES = OllamaEvents.of("qwen3:8b");
    }

    /** What an error says: the dialect's type, and words for a person. */
    record Fault(String type, String message) {}

    private final String dialect;
    private final String path;
    private final String stopWord;
    private final String lengthWord;

    Tongue(String dialect, String path, String stopWord, String lengthWord) {
        this.dialect = dialect;
        this.path = path;
        this.stopWord = stopWord;
        this.lengthWord = lengthWord;
    }

    /** Why a message ends that is complete. */
    String stopWord() {
        return stopWord;
    }

    /** Why a message ends that met its limit of tokens. */
    String lengthWord() {
        return lengthWord;
    }

    /** The dialect's name in the gateway. */
    String dialect() {
        return dialect;
    }

    /** Where its clients post, and where its servers are asked. */
    String path() {
        return path;
    }

    /** A request for an answer. */
    abstract String ask(boolean streamed, String prompt);

    /** A short request for an answer. */
    String ask(boolean streamed) {
        return ask(streamed, "hi");
    }

    /** The request for a stream, to send. */
    RawRequest request() {
        return RawRequest.post(path, ask(true));
    }

    /** The header field that shows a key. */
    String keyHeader() {
        return this == MESSAGES ? "x-api-key" : "authorization";
    }

    /** What stands in that field for a key. */
    String shown(String key) {
        return this == MESSAGES ? key : "Bearer " + key;
    }

    /** What the dialect calls a failure of the upstream. */
    String failureType() {
        return switch (this) {
            case CHAT -> "server_error";
            case MESSAGES -> "api_error";
            case OLLAMA -> "";
        };
    }

    /** What the dialect calls a mistake of the client's that it answers with this status. */
    String mistakeType(int status) {
        return switch (this) {
            case CHAT -> "invalid_request_error";
            case OLLAMA -> "";
            case MESSAGES ->
                    switch (status) {
                        case 401 -> "authentication_error";
                        case 404 -> "not_found_error";
                        case 413 -> "request_too_large";
                        default -> "invalid_request_error";
                    };
        };
    }

    /** Whether the dialect says of a failure within a stream that there is too much to do. */
    boolean tellsOverload() {
        return this != OLLAMA;
    }

    /** The status for too much to do. */
    int overloaded() {
        return this == MESSAGES ? 529 : 503;
    }

    /** How much of a whole stream tells all that a client needs. */
    int told(String stream) {
        return this == OLLAMA
                ? stream.lastIndexOf('\n')
                : stream.indexOf("\n\n", stream.indexOf(stopWord)) + 2;
    }

    /** The message of the event that tells a failure. */
    String failureIn(SseEvent event) {
        JsonNode error = event.json().path("error");
        return this == OLLAMA ? error.stringValue() : error.path("message").stringValue();
    }

    /** Adds a server of this dialect. */
    abstract TestGateway.Setup upstream(TestGateway.Setup setup, URI origin);

    // What servers send

    /** All that comes before the first content. */
    abstract String preamble();

    /** One piece of text. */
    abstract String text(String text);

    /** Everything after the last piece of text. */
    abstract String end();

    /** A sign of life. */
    abstract String ping();

    /** An error in the middle of a stream. */
    abstract String failure(String type, String message);

    /** An unstreamed answer. */
    abstract String whole(String text);

    /** The body of an error. */
    abstract String error(String type, String message);

    /** A whole stream of these texts. */
    String stream(String... texts) {
        StringBuilder all = new StringBuilder(preamble());
        for (String text : texts) {
            all.append(text(text));
        }
        return all.append(end()).toString();
    }

    /** Answers in one text, streamed or not, as it was asked. */
    Script answer(UpstreamRequest request, String text) {
        return isStreamed(request)
                ? Script.stream().send(stream(text))
                : Script.json(200, whole(text));
    }

    /** Whether a stream was asked for. */
    static boolean isStreamed(UpstreamRequest request) {
        return request.json().path("stream").asBoolean(false);
    }

    // What clients get

    /** The text that an event brings, if it is one that does. */
    abstract Optional<String> textIn(SseEvent event);

    /** The text of an unstreamed answer. */
    abstract String textOf(JsonNode whole);

    /** Holds a stream to the grammar of the dialect. */
    abstract FoldedAnswer judge(byte[] stream);

    /** Holds a stream to the grammar of the dialect. */
    abstract FoldedAnswer judge(List<SseEvent> stream);

    /** Reads an error, which must have the dialect's form. */
    abstract Fault fault(JsonNode body);

    /** Reads on until this text has come. */
    void awaitText(SseReader events, String text) {
        for (Optional<SseEvent> event = events.next(); event.isPresent(); event = events.next()) {
            if (textIn(event.get()).filter(text::equals).isPresent()) {
                return;
            }
        }
        throw new AssertionError("the stream ended before the text `" + text + "`");
    }
}

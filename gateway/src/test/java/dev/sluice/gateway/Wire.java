package dev.sluice.gateway;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.sse.SseParser;
import dev.sluice.testkit.stream.FoldedAnswer;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What a {@link Tongue} says and hears on its wire; that of the server-sent events if unsaid. */
abstract class Wire {
    // What clients ask

    /** Where clients post. */
    abstract String path(boolean streamed);

    /** The body of a request. */
    abstract String ask(boolean streamed, String prompt);

    /** Whether a stream was asked for. */
    boolean isAskedToStream(UpstreamRequest request) {
        return request.json().path("stream").asBoolean(false);
    }

    /** The header field that shows a key. */
    String keyHeader() {
        return "authorization";
    }

    /** What stands in that field for a key. */
    String shown(String key) {
        return "Bearer " + key;
    }

    // What servers send

    /** Adds a server at {@code origin}. */
    abstract TestGateway.Setup upstream(TestGateway.Setup setup, URI origin);

    /** The type of a stream's body. */
    String streamType() {
        return "text/event-stream; charset=utf-8";
    }

    /** A streamed answer, to be said piece by piece. */
    abstract Speech speech();

    /** An unstreamed answer. */
    abstract String whole(String text);

    /** The body of an error; its type is one of Anthropic's words. */
    abstract String error(String type, String message);

    // What clients get

    /** The events of a whole body. */
    List<SseEvent> events(byte[] body) {
        return SseParser.strict(body);
    }

    /** The text that an event brings, if it is one that does. */
    abstract Optional<String> textIn(SseEvent event);

    /** The message of an event that tells a failure, if it is one that does. */
    abstract Optional<String> failureIn(SseEvent event);

    /** How often the body says that nothing has happened yet. */
    int signsOfLife(byte[] body) {
        return count(body, ": ping\n\n");
    }

    /** The text of an unstreamed answer. */
    abstract String textOf(JsonNode whole);

    /** Holds a stream to the grammar of the dialect. */
    abstract FoldedAnswer judge(byte[] stream);

    /** Folds a stream that somebody else wrote. */
    abstract FoldedAnswer fold(byte[] stream);

    /** Reads an error, which must have the dialect's form. */
    abstract Tongue.Fault fault(RawResponse response);

    /** The status that tells such a failure. */
    int status(FailureCode code) {
        return code.status();
    }

    /** What such a failure is called. */
    abstract String type(FailureCode code);

    /** How often {@code mark} is in the text of {@code body}. */
    static int count(byte[] body, String mark) {
        return new String(body, StandardCharsets.UTF_8).split(mark, -1).length - 1;
    }

    /** The text of {@code node}, if it is one and not empty. */
    static Optional<String> text(JsonNode node) {
        String text = node.asString("");
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}

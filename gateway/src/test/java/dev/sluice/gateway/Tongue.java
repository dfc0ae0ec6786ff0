package dev.sluice.gateway;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.testkit.http.RawRequest;
import dev.sluice.testkit.http.RawResponse;
import dev.sluice.testkit.http.Script;
import dev.sluice.testkit.http.SseReader;
import dev.sluice.testkit.http.UpstreamRequest;
import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.stream.FoldedAnswer;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A dialect as tests speak it: what its clients ask, what its servers answer, and how its errors
 * look.
 */
enum Tongue {
    CHAT("openai-chat", "length", new ChatWire()),
    RESPONSES("openai-responses", "max_output_tokens", new ResponsesWire()),
    MESSAGES("anthropic", "max_tokens", new MessagesWire()),
    BEDROCK("bedrock", "max_tokens", new BedrockWire()),
    OLLAMA("ollama", "length", new OllamaWire()),
    GEMINI("gemini", "MAX_TOKENS", new GeminiWire());

    /** What an error says: the dialect's type, and words for a person. */
    record Fault(String type, String message) {}

    private final String dialect;
    private final String lengthWord;

    /** Keeps nothing; what a stream must remember is in its speech. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Wire wire;

    Tongue(String dialect, String lengthWord, Wire wire) {
        this.dialect = dialect;
        this.lengthWord = lengthWord;
        this.wire = wire;
    }

    /** The dialect's name in the gateway. */
    String dialect() {
        return dialect;
    }

    /** The one whose dialect has this name. */
    static Tongue of(String dialect) {
        return Stream.of(values())
                .filter(tongue -> tongue.dialect.equals(dialect))
                .findFirst()
                .orElseThrow();
    }

    /** Why a message ends that met its limit of tokens. */
    String lengthWord() {
        return lengthWord;
    }

    // What clients ask

    /** Where its clients post. */
    String path(boolean streamed) {
        return wire.path(streamed);
    }

    /** The body of a request for an answer. */
    String ask(boolean streamed, String prompt) {
        return wire.ask(streamed, prompt);
    }

    /** The body of a short request for an answer. */
    String ask(boolean streamed) {
        return ask(streamed, "hi");
    }

    /** A request for an answer, to send. */
    RawRequest request(boolean streamed, String prompt) {
        return RawRequest.post(path(streamed), ask(streamed, prompt));
    }

    /** A short request for an answer, to send. */
    RawRequest request(boolean streamed) {
        return request(streamed, "hi");
    }

    /** A short request for a stream, to send. */
    RawRequest request() {
        return request(true);
    }

    /** The header field that shows a key. */
    String keyHeader() {
        return wire.keyHeader();
    }

    /** What stands in that field for a key. */
    String shown(String key) {
        return wire.shown(key);
    }

    // What servers send

    /** Adds a server of this dialect. */
    TestGateway.Setup upstream(TestGateway.Setup setup, URI origin) {
        return wire.upstream(setup, origin);
    }

    /** The head of a stream. */
    Script head() {
        return Script.status(200).header("content-type", wire.streamType());
    }

    /** A streamed answer, to be said piece by piece. */
    Speech speech() {
        return wire.speech();
    }

    /** All that comes before the first content. */
    byte[] preamble() {
        return speech().preamble();
    }

    /** A stream that has begun with these texts. */
    byte[] begun(String... texts) {
        return speech().begin(texts);
    }

    /** One piece of text; for streams whose events nobody numbers. */
    byte[] text(String text) {
        return speech().text(text);
    }

    /** A whole stream of these texts. */
    byte[] stream(String... texts) {
        Speech speech = speech();
        return Speech.joined(speech.begin(texts), speech.end());
    }

    /** A stream that meets its limit of tokens after these texts. */
    byte[] cutShort(String... texts) {
        Speech speech = speech();
        return Speech.joined(speech.begin(texts), speech.finishAtLimit(), speech.after());
    }

    /** A stream that fails after these texts; the type is one of Anthropic's words. */
    byte[] failing(String type, String message, String... texts) {
        Speech speech = speech();
        return Speech.joined(speech.begin(texts), speech.failure(type, message));
    }

    /** A sign of life. */
    byte[] ping() {
        return speech().ping();
    }

    /** How much of the stream of these texts tells all that a client needs. */
    int told(String... texts) {
        Speech speech = speech();
        return speech.begin(texts).length + speech.finish().length;
    }

    /** An unstreamed answer. */
    String whole(String text) {
        return wire.whole(text);
    }

    /** The body of an error; its type is one of Anthropic's words. */
    String error(String type, String message) {
        return wire.error(type, message);
    }

    /** Answers in one text, streamed or not, as it was asked. */
    Script answer(UpstreamRequest request, String text) {
        return isAskedToStream(request) ? head().send(stream(text)) : Script.json(200, whole(text));
    }

    /** Whether a stream was asked for. */
    boolean isAskedToStream(UpstreamRequest request) {
        return wire.isAskedToStream(request);
    }

    /** Whether the dialect says of a failure within a stream that there is too much to do. */
    boolean tellsOverload() {
        return this != OLLAMA;
    }

    // What clients get

    /** The events of a whole body. */
    List<SseEvent> events(byte[] body) {
        return wire.events(body);
    }

    /** The text that an event brings, if it is one that does. */
    Optional<String> textIn(SseEvent event) {
        return wire.textIn(event);
    }

    /** The message of an event that tells a failure, if it is one that does. */
    Optional<String> failureIn(SseEvent event) {
        return wire.failureIn(event);
    }

    /** How often the body says that nothing has happened yet. */
    int signsOfLife(byte[] body) {
        return wire.signsOfLife(body);
    }

    /** The text of an unstreamed answer. */
    String textOf(JsonNode whole) {
        return wire.textOf(whole);
    }

    /** Holds a stream to the grammar of the dialect. */
    FoldedAnswer judge(byte[] stream) {
        return wire.judge(stream);
    }

    /** Folds a stream that somebody else wrote. */
    FoldedAnswer fold(byte[] stream) {
        return wire.fold(stream);
    }

    /** Reads an error, which must have the dialect's form. */
    Fault fault(RawResponse response) {
        return wire.fault(response);
    }

    /** The status that tells such a failure. */
    int status(FailureCode code) {
        return wire.status(code);
    }

    /** What the dialect calls such a failure. */
    String type(FailureCode code) {
        return wire.type(code);
    }

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

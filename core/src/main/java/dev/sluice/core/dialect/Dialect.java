package dev.sluice.core.dialect;

import dev.sluice.core.event.Answer;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.framing.FrameDecoder;
import dev.sluice.core.request.Request;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A wire format of language models, in both directions: as clients speak it to this gateway, and as
 * model servers speak it. A dialect is stateless; decoders, encoders and taps hold the state of one
 * stream each.
 *
 * <p>Methods that read what a client sent throw {@link dev.sluice.core.failure.FailureException}
 * with a failure that names the field, or {@link dev.sluice.core.json.MalformedJson}.
 */
public interface Dialect {
    /** The name in configuration, logs and metrics, such as {@code openai-chat}. */
    String name();

    // ---- as clients speak it ----

    /** The paths it serves. */
    List<Endpoint> endpoints();

    /**
     * Whether a request on a path that several dialects serve is meant for this one, by its header
     * fields.
     */
    boolean claims(Headers headers);

    /** Reads a request for an answer and checks it. */
    Request decodeRequest(Call call);

    /** Reads a request for a count of tokens and checks it. */
    Request decodeCountRequest(Call call);

    /** Reads which model a client wants to be shown. */
    default String decodeModelName(Call call) {
        return URLDecoder.decode(call.path(), StandardCharsets.UTF_8);
    }

    /** A new writer of a stream to a client. */
    EventEncoder encoder(EncodeContext context);

    /** Writes an unstreamed answer. */
    byte[] encodeAnswer(Answer answer, EncodeContext context);

    /** Writes an error before the first byte of an answer. */
    ErrorReply encodeError(Failure failure, String requestId);

    /** Writes a list of models. */
    byte[] encodeModels(List<ModelCard> models);

    /** Writes one model. */
    byte[] encodeModel(ModelCard model);

    /** Writes a count of tokens. */
    byte[] encodeCount(long inputTokens);

    /** Writes the list of models that are held in memory: a gateway holds none. */
    default byte[] encodeLoaded() {
        throw new UnsupportedOperationException(name() + " has no list of loaded models");
    }

    /** Writes the version of the dialect that is spoken here. */
    default byte[] encodeVersion() {
        throw new UnsupportedOperationException(name() + " has no version");
    }

    /**
     * Writes the answer to a request that asks no model anything, such as to load one; empty if
     * {@code request} is none of those. An upstream of this dialect is asked all the same.
     */
    default Optional<byte[]> encodeWithoutModel(Request request, EncodeContext context) {
        return Optional.empty();
    }

    /** What clients of this dialect expect to read at the root of a server; empty if nothing. */
    default Optional<String> greeting() {
        return Optional.empty();
    }

    /** The content type of a stream. */
    String streamContentType();

    /** The content type of the stream that {@code request} asks for. */
    default String streamContentType(Request request) {
        return streamContentType();
    }

    /** Whether the frames of an upstream of this dialect are in the form that the client wants. */
    default boolean mayRelay(Request request) {
        return true;
    }

    /** The parameter of a query in which clients may show their key; empty if there is none. */
    default String keyParameter() {
        return "";
    }

    /** The header field that tells the client the id of its request. */
    String requestIdHeader();

    // ---- as model servers speak it ----

    /** The path of an operation behind an upstream's base URL. */
    String upstreamPath(Operation operation, Target target);

    /** The header fields that carry a key to an upstream, and others that every request needs. */
    Headers credentials(String key);

    /**
     * Writes a request for an upstream.
     *
     * @throws dev.sluice.core.failure.FailureException when the request has something that the
     *     dialect cannot say and that must not be dropped
     */
    EncodedRequest encodeRequest(Request request, Target target);

    /**
     * A client's request of this dialect for an upstream of this dialect: the client's own bytes,
     * but for the model's name and what the gateway must ask for.
     */
    EncodedRequest relayRequest(Call call, Request request, Target target);

    /** Writes a request for a count of tokens. */
    EncodedRequest encodeCountRequest(Request request, Target target);

    /**
     * Whether a server may stream JSON where events are expected; {@link #frames} cuts both then.
     */
    default boolean streamsJson() {
        return false;
    }

    /** A new cutter of an upstream's stream into frames. */
    FrameDecoder frames(int maxFrameBytes);

    /** A new reader of an upstream's stream. */
    EventDecoder decoder(DecodeContext context);

    /**
     * A new watcher of a relayed stream; {@code includeUsage} says whether the client wants usage
     * in it.
     */
    Tap tap(boolean includeUsage);

    /**
     * Reads an unstreamed answer as the events of the stream that it might have been.
     *
     * @throws dev.sluice.core.json.MalformedJson when it is not an answer
     */
    void decodeAnswer(byte[] body, DecodeContext context, EventSink out);

    /** Reads an upstream's error. {@code body} may be anything, or cut. */
    Failure decodeError(int status, Headers headers, byte[] body);

    /** Reads an upstream's list of models: their names. */
    List<ModelCard> decodeModels(byte[] body);

    /** Reads an upstream's count of tokens. */
    OptionalLong decodeCount(byte[] body);
}

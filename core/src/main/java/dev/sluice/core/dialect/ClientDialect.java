package dev.sluice.core.dialect;

import dev.sluice.core.event.Answer;
import dev.sluice.core.event.Embeddings;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.request.Request;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A wire format as clients speak it to this gateway. Those that model servers speak too are {@link
 * Dialect}s.
 *
 * <p>Methods that read what a client sent throw {@link dev.sluice.core.failure.FailureException}
 * with a failure that names the field, or {@link dev.sluice.core.json.MalformedJson}. Only what an
 * {@link #endpoints endpoint} offers is ever asked for.
 */
public interface ClientDialect {
    /** The name in configuration, logs and metrics, such as {@code openai-chat}. */
    String name();

    /** The paths it serves. */
    List<Endpoint> endpoints();

    /**
     * Whether a request on a path that several dialects serve is meant for this one, by its header
     * fields.
     */
    boolean claims(Headers headers);

    /** Reads a request for an answer and checks it. */
    Request decodeRequest(Call call);

    /**
     * Whether a request may leave the model to the gateway: one that names none has an empty model,
     * one that names the provider alone has {@code provider/}.
     */
    default boolean mayOmitModel() {
        return false;
    }

    /** Reads a request for a count of tokens and checks it. */
    default Request decodeCountRequest(Call call) {
        throw new UnsupportedOperationException(name() + " has no counts");
    }

    /** Reads a request for embeddings and checks it. */
    default Request decodeEmbedRequest(Call call) {
        throw new UnsupportedOperationException(name() + " has no embeddings");
    }

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
    default byte[] encodeModels(List<ModelCard> models) {
        throw new UnsupportedOperationException(name() + " has no list of models");
    }

    /** Writes one model. */
    default byte[] encodeModel(ModelCard model) {
        throw new UnsupportedOperationException(name() + " has no list of models");
    }

    /** Writes a count of tokens. */
    default byte[] encodeCount(long inputTokens) {
        throw new UnsupportedOperationException(name() + " has no counts");
    }

    /** Writes embeddings, in the form that the request of {@code context} asks for. */
    default byte[] encodeEmbeddings(Embeddings embeddings, EncodeContext context) {
        throw new UnsupportedOperationException(name() + " has no embeddings");
    }

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
}

package dev.sluice.core.dialect;

import dev.sluice.core.event.Embeddings;
import dev.sluice.core.event.EventSink;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.framing.FrameDecoder;
import dev.sluice.core.request.Request;

import java.util.List;
import java.util.OptionalLong;

/**
 * A wire format of language models, in both directions: as clients speak it to this gateway, and as
 * model servers speak it. A dialect is stateless; decoders, encoders and taps hold the state of one
 * stream each.
 */
public interface Dialect extends ClientDialect {
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

    /**
     * Whether a bare prompt goes to every upstream of this dialect as it is, however well that
     * speaks it.
     */
    default boolean relaysPrompts() {
        return false;
    }

    /** Writes a request for a count of tokens. */
    EncodedRequest encodeCountRequest(Request request, Target target);

    /**
     * Writes a request for embeddings.
     *
     * @throws dev.sluice.core.failure.FailureException when the dialect has none, or cannot say
     *     what is asked for
     */
    default EncodedRequest encodeEmbedRequest(Request request, Target target) {
        throw noEmbeddings(this);
    }

    private static RuntimeException noEmbeddings(Dialect dialect) {
        return Failure.of(
                        FailureCode.UNSUPPORTED,
                        "there are no embeddings in the dialect `" + dialect.name() + "`")
                .asException();
    }

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

    /**
     * Reads an upstream's embeddings.
     *
     * @throws dev.sluice.core.json.MalformedJson when they are none
     */
    default Embeddings decodeEmbeddings(byte[] body) {
        throw noEmbeddings(this);
    }

    /** Reads an upstream's count of tokens. */
    OptionalLong decodeCount(byte[] body);
}

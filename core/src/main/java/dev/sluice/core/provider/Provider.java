package dev.sluice.core.provider;

import dev.sluice.core.dialect.Dialect;
import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.request.Request;

import java.util.Optional;

/**
 * Who answers: a model server or a model inside the process. One instance for each event loop; it
 * is used on that loop alone.
 */
public interface Provider {
    /** The name in configuration, logs and model names. */
    String name();

    /** The dialect it speaks; empty for one that hands over events. */
    Optional<Dialect> dialect();

    /** How it differs from its dialect. */
    Quirks quirks();

    /**
     * Whether a provider inside the process counts the tokens of a request exactly, when it is
     * asked to by {@link dev.sluice.core.dialect.Operation#COUNT_TOKENS}: with a message that has
     * no blocks and whose usage says the count.
     */
    default boolean counts() {
        return false;
    }

    /**
     * Whether a provider inside the process makes embeddings, when it is asked to by {@link
     * dev.sluice.core.dialect.Operation#EMBED}. It hands them over by {@link
     * Receiver#onEmbeddings}.
     */
    default boolean embeds() {
        return false;
    }

    /**
     * What a provider inside the process is asked, which is {@code request} as it is: nothing to
     * send, and warnings of what the provider does not do of it.
     */
    default EncodedRequest accept(Request request, Target target) {
        return EncodedRequest.of(new byte[0]);
    }

    /** Starts an answer. Nothing is received before this method has returned. */
    Stream open(ProviderCall call, Receiver receiver);

    /** {@code text}, which the provider may have had a part in, without this gateway's secrets. */
    default String withoutSecrets(String text) {
        return text;
    }

    /**
     * Is told that no new exchange will be led to it. Streams go on to their end; what it holds is
     * let go when the last of them is over.
     */
    default void retire() {}
}

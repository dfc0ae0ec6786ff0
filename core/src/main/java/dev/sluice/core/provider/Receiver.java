package dev.sluice.core.provider;

import dev.sluice.core.event.Embeddings;
import dev.sluice.core.event.Event;
import dev.sluice.core.failure.Failure;

/**
 * Takes what a provider answers, on the event loop of the exchange. A provider that speaks a
 * dialect calls {@link #onHead}, {@link #onBytes}, {@link #onEnd}; one inside the process calls
 * {@link #onEvent} alone, up to a MessageStop or Failed, or {@link #onEmbeddings} once. {@link
 * #onFailure} may come at any time and nothing comes after it.
 */
public interface Receiver {
    /** The connection to the upstream stands. */
    void onConnected();

    /** The head of the answer. */
    void onHead(Head head);

    /** A piece of the body; {@code bytes} stays untouched during the call. */
    void onBytes(byte[] bytes, int offset, int length);

    /** The body is at its end, as its framing says. */
    void onEnd();

    /** An event of a provider inside the process; its text is valid during the call. */
    void onEvent(Event event);

    /** The embeddings of a provider inside the process; nothing comes after them. */
    default void onEmbeddings(Embeddings embeddings) {
        throw new IllegalStateException("embeddings (expected: what was asked for)");
    }

    /** The answer cannot be had, or breaks off. */
    void onFailure(Failure failure);
}

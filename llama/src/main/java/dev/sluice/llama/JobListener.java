package dev.sluice.llama;

import dev.sluice.core.failure.Failure;

/**
 * Hears how a text is written, on the thread of the model. After an end, a failure or a cancel it
 * hears nothing more.
 */
public interface JobListener {
    /** Why a text ended. */
    enum End {
        /** The model was done. */
        DONE,
        /** It has as many tokens as it may have. */
        MOST,
        /** There is no more room in the context. */
        ROOM
    }

    /** Whether it can take more now; while it cannot, nothing more is written. */
    boolean isReady();

    /**
     * The prompt is read.
     *
     * @param prompt tokens of the prompt
     * @param cached how many of them were known from before
     */
    void onPrompt(int prompt, int cached);

    /**
     * A token was written.
     *
     * @param text whole characters that it completes; may be empty
     */
    void onToken(String text);

    /** The text is complete. */
    void onEnd(End end);

    /** The text cannot be written, or not to its end. */
    void onFailure(Failure failure);

    /**
     * That was all for the moment: what was heard is to be handed on, together with what others
     * heard who share the way.
     */
    void onPause();

    /** All of them have paused: off it goes. */
    void onFlush();

    /** Hears of a failure, and of nothing else in this moment. */
    default void fail(Failure failure) {
        onFailure(failure);
        onPause();
        onFlush();
    }
}

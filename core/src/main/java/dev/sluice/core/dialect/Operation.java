package dev.sluice.core.dialect;

/** What a client can ask a path for. */
public enum Operation {
    /** An answer of a model, streamed or not. */
    GENERATE,
    /** The same for a bare prompt instead of a conversation. */
    COMPLETE,
    /** How many tokens a request has. */
    COUNT_TOKENS,
    /** Vectors that say what texts mean. */
    EMBED,
    /** The list of models. */
    LIST_MODELS,
    /** One model of the list. */
    SHOW_MODEL,
    /** The models that are held in memory. */
    LIST_LOADED,
    /** The version of the server. */
    SHOW_VERSION;

    /** Whether it is answered by a model. */
    public boolean generates() {
        return this == GENERATE || this == COMPLETE;
    }
}

package dev.sluice.core.dialect;

/** What a client can ask a path for. */
public enum Operation {
    /** An answer of a model, streamed or not. */
    GENERATE,
    /** How many tokens a request has. */
    COUNT_TOKENS,
    /** The list of models. */
    LIST_MODELS,
    /** One model of the list. */
    SHOW_MODEL
}

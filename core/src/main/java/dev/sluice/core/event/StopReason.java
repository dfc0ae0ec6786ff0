package dev.sluice.core.event;

/** Why a message ended. Each dialect has a table to and from these. */
public enum StopReason {
    /** The model was done. */
    END_TURN,
    /** The limit of output tokens was reached, perhaps inside a tool call. */
    MAX_TOKENS,
    /** A stop sequence was met. */
    STOP_SEQUENCE,
    /** The model wants tools run. */
    TOOL_USE,
    /** The model or a filter refused. */
    REFUSAL,
    /** A long turn of the model's own tools was paused; sending the turn back continues it. */
    PAUSE_TURN,
    /** The context is full. */
    CONTEXT_WINDOW,
    /** The upstream gave a reason that has no counterpart; treated as the end of a turn. */
    OTHER
}

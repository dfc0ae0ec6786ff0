package dev.sluice.core.event;

/** What a content block of a streamed message holds. */
public enum BlockKind {
    TEXT,
    THINKING,
    /** Thinking that only its vendor can read. */
    REDACTED_THINKING,
    TOOL_USE,
    REFUSAL,
    /** A block of the source's dialect that has no canonical form. */
    OPAQUE
}

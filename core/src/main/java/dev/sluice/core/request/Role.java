package dev.sluice.core.request;

/** Who speaks in a message. Tool results are blocks of a user message. */
public enum Role {
    USER,
    ASSISTANT,
    /** An instruction that stands between the messages of a conversation. */
    SYSTEM
}

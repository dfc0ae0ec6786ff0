package dev.sluice.dialect.openaichat;

import dev.sluice.core.json.Raw;

/** Names under which parts of a request travel that have no canonical place. */
final class OpenAiChatExtra {
    /**
     * Prefix, in {@link dev.sluice.core.request.Request#extra}, of a member that some message has;
     * its value is not kept.
     */
    static final String MESSAGES = "messages.";

    /** Stands for a value that is not kept. */
    static final Raw PRESENT = Raw.of("true");

    /**
     * Type of the opaque block that refers to sound of an earlier answer: a member of the
     * assistant's message.
     */
    static final String AUDIO = "assistant.audio";

    private OpenAiChatExtra() {}
}

package dev.sluice.dialect.ollama;

import dev.sluice.core.dialect.Operation;

/** The two forms of a line: that of a conversation, and that of a bare prompt. */
enum OllamaForm {
    /** {@code /api/chat}: what is said stands in a message. */
    CHAT(",\"message\":{\"role\":\"assistant\",\"content\":\"", "}"),
    /** {@code /api/generate}: it stands in the line itself. */
    GENERATE(",\"response\":\"", "");

    private final String opening;
    private final String closing;

    OllamaForm(String opening, String closing) {
        this.opening = opening;
        this.closing = closing;
    }

    static OllamaForm of(Operation operation) {
        return operation == Operation.COMPLETE ? GENERATE : CHAT;
    }

    /** From behind the time to the inside of the text. */
    String opening() {
        return opening;
    }

    /** From behind what is said to the members of the line. */
    String closing() {
        return closing;
    }
}

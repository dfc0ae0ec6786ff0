package dev.sluice.dialect.openairesponses;

/** How thinking that another vendor has sealed is marked in {@code encrypted_content}. */
final class ResponsesSeal {
    /** The seal on thinking that can be read. */
    static final String OTHER = "other";

    /** Thinking that nobody but its vendor can read. */
    static final String REDACTED = "redacted";

    /** What stands between the parts of a summary when they become one text. */
    static final String PARAGRAPH = "\n\n";

    private ResponsesSeal() {}
}

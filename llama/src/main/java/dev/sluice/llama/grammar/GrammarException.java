package dev.sluice.llama.grammar;

/** A grammar is malformed, or a schema cannot be made into one. */
public final class GrammarException extends RuntimeException {
    /** Says what is wrong and where. */
    public GrammarException(String message) {
        super(message, null, false, false);
    }
}

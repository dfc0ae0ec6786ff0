package dev.sluice.llama.binding;

/** There is no libllama that can be used; the message says why and what to do. */
public final class LibraryUnusable extends RuntimeException {
    /** {@code sentence} says what is wrong and what to do. */
    public LibraryUnusable(String sentence) {
        super(sentence);
    }

    /** The same with its cause. */
    LibraryUnusable(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}

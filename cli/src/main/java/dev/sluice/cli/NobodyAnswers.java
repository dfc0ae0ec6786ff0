package dev.sluice.cli;

/** There is nobody to ask; the message says why, for whoever asked. */
final class NobodyAnswers extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NobodyAnswers(String message) {
        super(message, null, false, false);
    }
}

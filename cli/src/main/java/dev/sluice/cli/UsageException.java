package dev.sluice.cli;

import dev.sluice.gateway.config.NearestWord;

import java.util.Collection;

/** The command line says something that cannot be done; the message is for whoever typed it. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message, null, false, false);
    }

    /** A word that is not known; names the nearest that is. */
    static UsageException unknown(String kind, String word, Collection<String> known) {
        String near =
                NearestWord.of(word, known)
                        .map(nearest -> "did you mean " + nearest + "?")
                        .orElse("there are " + String.join(", ", known));
        return new UsageException("no " + kind + " " + word + "; " + near);
    }
}

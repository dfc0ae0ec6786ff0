package dev.sluice.gateway.config;

import java.util.Optional;

/**
 * One thing that is wrong with a configuration, said to a person.
 *
 * @param place where in the file; absent when it was not a file that said it
 * @param path the key, as {@code providers.local.timeouts.connect}; empty for the whole
 * @param what what is wrong
 * @param nearest the word that was probably meant
 * @param expected what would have been right
 */
public record Problem(
        Optional<Place> place,
        String path,
        String what,
        Optional<String> nearest,
        Optional<String> expected) {

    /** A problem of a key that says only what is wrong. */
    public static Problem of(String path, String what) {
        return new Problem(Optional.empty(), path, what, Optional.empty(), Optional.empty());
    }

    /** This problem with what would have been right. */
    public Problem expecting(String text) {
        return new Problem(place, path, what, nearest, Optional.of(text));
    }

    /** This problem at a place in a file. */
    public Problem at(Place here) {
        return new Problem(Optional.of(here), path, what, nearest, expected);
    }

    /** This problem with the word that was probably meant, if one is near. */
    Problem near(Optional<String> word) {
        return new Problem(place, path, what, word, expected);
    }

    /** This problem with its path continued from {@code parent}. */
    Problem under(String parent) {
        return new Problem(place, Node.join(parent, path), what, nearest, expected);
    }

    /** This problem with {@code subject} before what is wrong. */
    Problem about(String subject) {
        String said = subject.isEmpty() ? what : subject + " " + what;
        return new Problem(place, path, said, nearest, expected);
    }

    /**
     * The whole sentence: place, key, what is wrong, what was probably meant, what was expected.
     */
    public String sentence() {
        StringBuilder sentence = new StringBuilder();
        place.ifPresent(here -> sentence.append(here).append(": "));
        if (!path.isEmpty()) {
            sentence.append(path).append(": ");
        }
        sentence.append(what);
        nearest.ifPresent(word -> sentence.append("; did you mean `").append(word).append("`?"));
        expected.ifPresent(text -> sentence.append(" (expected: ").append(text).append(')'));
        return sentence.toString();
    }

    @Override
    public String toString() {
        return sentence();
    }
}

package dev.sluice.gateway.config;

import java.util.Optional;

/**
 * A key of a section.
 *
 * @param name the word
 * @param shape what its value looks like
 * @param fallback its value when it is absent; empty when there is none
 * @param absent what the document says of its absence
 * @param isRequired whether it must be there
 * @param sentence what it is for
 */
record Key<T>(
        String name,
        Shape<T> shape,
        Optional<T> fallback,
        String absent,
        boolean isRequired,
        String sentence) {

    /** A key that has a value even where a file does not say one. */
    static <T> Key<T> of(String name, Shape<T> shape, T fallback, String sentence) {
        return new Key<>(
                name, shape, Optional.of(fallback), shape.format(fallback), false, sentence);
    }

    /** A key that may have no value; {@code absent} says what that means. */
    static <T> Key<T> optional(String name, Shape<T> shape, String absent, String sentence) {
        return new Key<>(name, shape, Optional.empty(), absent, false, sentence);
    }

    /** A key that must be there. */
    static <T> Key<T> required(String name, Shape<T> shape, String sentence) {
        return new Key<>(name, shape, Optional.empty(), "required", true, sentence);
    }
}

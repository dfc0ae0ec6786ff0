package dev.sluice.gateway.config;

import java.util.Optional;

/**
 * What a value of a configuration looks like: how a file is read into it, and what a person is told
 * about it. The shapes together are the {@link Schema}.
 */
sealed interface Shape<T> permits Single, ListOf, MapOf, Section {

    /** What would be right, as problems and the document say it. */
    String expected();

    /** The value of a node; empty when there is none, and then why has been noted. */
    Optional<T> read(Node node, Reading reading);

    /** A default as the document says it. */
    String format(T value);
}

package dev.sluice.gateway.config;

import java.util.Map;
import java.util.Optional;

/**
 * The values of a section's keys.
 *
 * @param name the key that the section itself stands under
 * @param read the values that a file said, by key; no section has two keys of one name
 */
record Values(String name, Map<String, Object> read) {

    /** The value of a key that has one in any case. */
    <T> T get(Key<T> key) {
        return find(key).or(key::fallback).orElseThrow();
    }

    /** The value of a key that a file said. */
    @SuppressWarnings("unchecked") // Section puts in what the key's own shape read.
    <T> Optional<T> find(Key<T> key) {
        return Optional.ofNullable((T) read.get(key.name()));
    }
}

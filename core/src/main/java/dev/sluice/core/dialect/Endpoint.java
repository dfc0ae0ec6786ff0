package dev.sluice.core.dialect;

/**
 * A path that a dialect serves.
 *
 * @param method the HTTP method
 * @param path the path; a {@code *} in it takes one character or more, which are a model's name
 */
public record Endpoint(String method, String path, Operation operation) {}

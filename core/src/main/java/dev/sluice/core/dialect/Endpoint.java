package dev.sluice.core.dialect;

/**
 * A path that a dialect serves.
 *
 * @param method the HTTP method
 * @param path the path; a last segment {@code *} takes all that follows, which is a model's name
 */
public record Endpoint(String method, String path, Operation operation) {}

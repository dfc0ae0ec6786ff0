package dev.sluice.core.dialect;

/**
 * A path that a dialect serves.
 *
 * @param method the HTTP method
 * @param path the path; one {@code *} in it takes whatever stands between what is written before
 *     and behind it, which names a model
 */
public record Endpoint(String method, String path, Operation operation) {}

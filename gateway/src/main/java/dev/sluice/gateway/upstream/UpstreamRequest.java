package dev.sluice.gateway.upstream;

import dev.sluice.core.dialect.Headers;

/**
 * A POST to a model server.
 *
 * @param path path and query, encoded
 * @param headers its fields but those of the connection: host, content-length
 * @param body its content
 * @param connectTimeoutMillis how long a new connection may take
 */
record UpstreamRequest(String path, Headers headers, byte[] body, int connectTimeoutMillis) {}

package dev.sluice.core.dialect;

/**
 * An error in a client's dialect, before the first byte of an answer. The content type is {@code
 * application/json}.
 */
public record ErrorReply(int status, Headers headers, byte[] body) {}

package dev.sluice.core.dialect;

import java.util.List;

/**
 * A request in an upstream's dialect.
 *
 * @param headers fields that belong to it beside the credentials
 * @param warnings what was changed on the way, such as {@code dropped=top_k} or {@code
 *     clamped=temperature}; ASCII, told to the client
 */
public record EncodedRequest(
        byte[] body, Headers headers, List<String> warnings, Emulations emulations) {
    /** Copies the list. */
    public EncodedRequest {
        warnings = List.copyOf(warnings);
    }

    /** A request that lost nothing. */
    public static EncodedRequest of(byte[] body) {
        return new EncodedRequest(body, Headers.NONE, List.of(), Emulations.NONE);
    }
}

package dev.sluice.gateway.upstream;

import java.io.Serial;

/** What a server sent is no HTTP/1.1; the message says what it was instead. */
final class MalformedResponse extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    MalformedResponse(String message) {
        super(message, null, false, false);
    }
}

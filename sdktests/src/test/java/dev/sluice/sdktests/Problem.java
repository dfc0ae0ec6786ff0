package dev.sluice.sdktests;

import java.util.Optional;

/**
 * What a library threw.
 *
 * @param exception the simple name of its class
 * @param status the HTTP status; 0 if it says none
 * @param type the error's type in the vendor's words; empty if it says none
 * @param code the error's code; empty if it says none
 * @param message the error's message
 * @param retryAfter the header field of that name
 * @param requestId the id of the request, in the header field that the library looks at
 * @param all everything it says, in one text
 */
record Problem(
        String exception,
        int status,
        String type,
        String code,
        String message,
        Optional<String> retryAfter,
        Optional<String> requestId,
        String all) {}

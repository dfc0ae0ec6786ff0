package dev.sluice.core.provider;

import dev.sluice.core.dialect.Headers;

/** The head of an upstream's answer. */
public record Head(int status, Headers headers) {
    /** Whether the answer is an answer and no error. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** The media type without parameters, in lower case; empty if not told. */
    public String mediaType() {
        String type = headers.get("content-type").orElse("");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon))
                .trim()
                .toLowerCase(java.util.Locale.ROOT);
    }
}

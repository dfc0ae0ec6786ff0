package dev.sluice.gateway.ingress;

import dev.sluice.core.dialect.Headers;
import dev.sluice.dialect.bedrock.SigV4Check;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Tells whose key a request bears. */
@FunctionalInterface
public interface KeyCheck {
    /**
     * The name of the principal whose key {@code presented} is; empty if it is nobody's. An empty
     * {@code presented} means that no key was shown.
     */
    Optional<String> principal(String presented);

    /**
     * The key that a request shows, in the header field of any dialect; empty if none. One that is
     * signed as for AWS shows it as the access key id, and {@link SignatureCheck} holds it to its
     * signature.
     */
    static String shown(Headers headers) {
        Optional<String> key =
                headers.get("x-api-key")
                        .or(() -> headers.get("api-key"))
                        .or(() -> headers.get("x-goog-api-key"));
        if (key.isPresent()) {
            return key.get().trim();
        }
        Optional<SigV4Check> signature = SigV4Check.of(headers);
        if (signature.isPresent()) {
            return signature.get().accessKey();
        }
        String authorization = headers.get("authorization").orElse("").trim();
        return authorization.regionMatches(true, 0, "bearer ", 0, 7)
                ? authorization.substring(7).trim()
                : "";
    }

    /**
     * The key that a request shows in a header field, or else in the {@code parameter} of its
     * query, where the dialect has one.
     */
    static String shown(Headers headers, String parameter, String query) {
        String key = shown(headers);
        if (!key.isEmpty() || parameter.isEmpty()) {
            return key;
        }
        for (String pair : query.split("&", -1)) {
            if (pair.startsWith(parameter + "=")) {
                return decoded(pair.substring(parameter.length() + 1));
            }
        }
        return "";
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8).trim();
        } catch (IllegalArgumentException notEncoded) {
            return value;
        }
    }
}

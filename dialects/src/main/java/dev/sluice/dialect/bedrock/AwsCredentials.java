package dev.sluice.dialect.bedrock;

import java.security.MessageDigest;
import java.util.Optional;

/**
 * What requests to AWS are signed with.
 *
 * @param accessKey names the secret; it is sent
 * @param secretKey signs; it is never sent
 * @param sessionToken goes with credentials that are good for a while
 */
public record AwsCredentials(String accessKey, String secretKey, Optional<String> sessionToken) {
    /** Refuses what cannot stand in a header field, and does not repeat it. */
    public AwsCredentials {
        check("accessKey", accessKey);
        check("secretKey", secretKey);
        sessionToken.ifPresent(token -> check("sessionToken", token));
    }

    private static void check(String name, String value) {
        if (value.isEmpty() || !value.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException(
                    name + ": (expected: visible ASCII characters without spaces)");
        }
    }

    /** Equal in a time that does not depend on where they differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof AwsCredentials those
                && accessKey.equals(those.accessKey)
                && MessageDigest.isEqual(SigV4.utf8(secretKey), SigV4.utf8(those.secretKey))
                && sessionToken.equals(those.sessionToken);
    }

    @Override
    public int hashCode() {
        return accessKey.hashCode();
    }

    /** The access key alone. */
    @Override
    public String toString() {
        return "AwsCredentials[" + accessKey + "]";
    }
}

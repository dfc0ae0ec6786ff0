package dev.sluice.gateway.config;

import java.util.Optional;

/**
 * How requests to Amazon Bedrock are signed. What is not said is found in the environment and in
 * AWS's own files; see {@link AwsEnvironment}.
 *
 * @param region where the models are; absent means that the host or the environment tells
 * @param profile whose credentials of AWS's files to take
 * @param accessKey names the secret
 * @param secretKey signs
 * @param sessionToken goes with credentials that are good for a while
 */
public record AwsConfig(
        Optional<String> region,
        Optional<String> profile,
        Optional<Secret> accessKey,
        Optional<Secret> secretKey,
        Optional<Secret> sessionToken) {
    /** Nothing said. */
    public static final AwsConfig NONE =
            new AwsConfig(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    static final String REGION = "a region such as us-east-1";

    /** Refuses half of a pair of keys, and what cannot be sent. */
    public AwsConfig {
        region.ifPresent(AwsConfig::parseRegion);
        accessKey.ifPresent(key -> key.checkToken("access-key"));
        secretKey.ifPresent(key -> key.checkToken("secret-key"));
        sessionToken.ifPresent(key -> key.checkToken("session-token"));
        if (accessKey.isPresent() != secretKey.isPresent()) {
            throw InvalidValue.of(
                    "", "has one of `access-key` and `secret-key`", "both of them, or none");
        }
        if (sessionToken.isPresent() && accessKey.isEmpty()) {
            throw InvalidValue.of(
                    "session-token", "stands without keys", "`access-key` and `secret-key` too");
        }
    }

    static String parseRegion(String text) {
        if (!text.matches("[a-z]{2,8}(-[a-z0-9]{1,16}){1,5}")) {
            throw InvalidValue.of("", "is no region", REGION);
        }
        return text;
    }

    /** This in {@code place}, where it says no region of its own. */
    AwsConfig in(String place) {
        return new AwsConfig(
                region.or(() -> Optional.of(place)), profile, accessKey, secretKey, sessionToken);
    }
}

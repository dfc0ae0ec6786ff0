package dev.sluice.gateway.upstream;

import dev.sluice.dialect.bedrock.AwsCredentials;

/**
 * How requests to a model server of AWS are signed.
 *
 * @param region where the models are
 */
public record Signing(AwsCredentials credentials, String region) {}

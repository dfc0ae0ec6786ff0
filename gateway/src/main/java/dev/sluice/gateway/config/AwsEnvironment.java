package dev.sluice.gateway.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the environment and AWS's own files say for Amazon Bedrock, in the order of AWS's SDKs: a
 * key of Bedrock's own, keys in variables, a profile of the files.
 */
final class AwsEnvironment {
    /** The provider that comes into being by itself. */
    static final String PROVIDER = "bedrock";

    /** The variable that is for Bedrock and nothing else. */
    static final String BEARER = "AWS_BEARER_TOKEN_BEDROCK";

    private static final String ACCESS_KEY = "AWS_ACCESS_KEY_ID";
    private static final String SECRET_KEY = "AWS_SECRET_ACCESS_KEY";
    private static final String SESSION_TOKEN = "AWS_SESSION_TOKEN";
    private static final String PROFILE = "AWS_PROFILE";
    private static final String URL = "AWS_ENDPOINT_URL_BEDROCK_RUNTIME";
    private static final Pattern HOST =
            Pattern.compile("bedrock-runtime(?:-fips)?\\.([a-z0-9-]+)\\..+");

    private final Map<String, String> env;

    private AwsEnvironment(Map<String, String> env) {
        this.env = env;
    }

    /** The provider of this environment; what is wrong goes to {@code problems}. */
    static Optional<ProviderConfig> provider(Map<String, String> env, List<Problem> problems) {
        AwsEnvironment aws = new AwsEnvironment(env);
        Optional<AwsConfig> credentials = aws.fromVariables().or(aws::fromNamedProfile);
        boolean bearer = !aws.said(BEARER).isEmpty();
        Optional<String> region = aws.region(credentials.flatMap(AwsConfig::profile));
        if (!bearer && (credentials.isEmpty() || region.isEmpty())) {
            // Keys without a region are there for something else.
            return Optional.empty();
        }
        if (region.isEmpty()) {
            problems.add(
                    Problem.of(BEARER, "is set, and no region is")
                            .expecting("AWS_REGION with " + AwsConfig.REGION));
            return Optional.empty();
        }
        return aws.provider(region.get(), credentials, bearer, problems);
    }

    private Optional<ProviderConfig> provider(
            String region,
            Optional<AwsConfig> credentials,
            boolean bearer,
            List<Problem> problems) {
        String variable = bearer ? BEARER : ACCESS_KEY;
        try {
            String place = AwsConfig.parseRegion(region);
            variable = said(URL).isEmpty() ? variable : URL;
            ProviderBuilder builder =
                    new ProviderBuilder(PROVIDER, ProviderUrl.of(url(place)))
                            .dialect(DialectKind.BEDROCK)
                            .server(ServerKind.BEDROCK);
            variable = bearer ? BEARER : ACCESS_KEY;
            if (bearer) {
                builder.key(Secret.of(said(BEARER)));
            } else {
                credentials.map(keys -> keys.in(place)).ifPresent(builder::aws);
            }
            return Optional.of(builder.build());
        } catch (InvalidValue invalid) {
            problems.add(invalid.problem().under(variable));
            return Optional.empty();
        }
    }

    private String url(String region) {
        String said = said(URL);
        String suffix = region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
        return said.isEmpty() ? "https://bedrock-runtime." + region + suffix : said;
    }

    /** Whether there is something that would bring the provider into being. */
    static boolean isSaid(Map<String, String> env) {
        AwsEnvironment aws = new AwsEnvironment(env);
        return !aws.said(BEARER).isEmpty()
                || aws.fromVariables().or(aws::fromNamedProfile).isPresent();
    }

    /** Whether {@code provider} is Amazon Bedrock, or speaks as it does. */
    static boolean isMeant(ProviderConfig provider) {
        return provider.dialect()
                .map(DialectKind.BEDROCK::equals)
                .orElseGet(() -> HOST.matcher(provider.url().host()).matches());
    }

    /**
     * A provider of the configuration with the credentials that it does not name itself; what is
     * wrong goes to {@code problems}.
     */
    static ProviderConfig completed(
            ProviderConfig provider, Map<String, String> env, List<Problem> problems) {
        if (!isMeant(provider) || provider.key().isPresent()) {
            return provider;
        }
        try {
            return new AwsEnvironment(env).completed(provider);
        } catch (InvalidValue invalid) {
            problems.add(invalid.problem().under("providers." + provider.name()));
            return provider;
        }
    }

    private ProviderConfig completed(ProviderConfig provider) {
        AwsConfig aws = provider.aws().orElse(AwsConfig.NONE);
        boolean amazon = HOST.matcher(provider.url().host()).matches();
        if (!amazon && provider.aws().isEmpty()) {
            // Another program that speaks the dialect: the account's credentials are not for it.
            return provider;
        }
        if (aws.accessKey().isEmpty() && aws.profile().isEmpty() && !said(BEARER).isEmpty()) {
            return provider.withKey(Secret.of(said(BEARER)));
        }
        AwsConfig signing = aws.accessKey().isPresent() ? aws : found(aws);
        Optional<String> region =
                signing.region()
                        .or(() -> regionOf(provider.url().host()))
                        .or(() -> region(signing.profile()));
        return provider.withAws(
                signing.in(
                        region.orElseThrow(
                                () ->
                                        InvalidValue.of(
                                                "aws.region", "is missing", AwsConfig.REGION))));
    }

    private AwsConfig found(AwsConfig said) {
        Optional<AwsConfig> found =
                said.profile().isPresent()
                        ? fromProfile(said.profile().get())
                        : fromVariables()
                                .or(this::fromNamedProfile)
                                .or(() -> fromProfile(AwsProfiles.DEFAULT));
        return found.map(
                        keys ->
                                new AwsConfig(
                                        said.region().or(keys::region),
                                        keys.profile(),
                                        keys.accessKey(),
                                        keys.secretKey(),
                                        keys.sessionToken()))
                .orElseThrow(() -> none(said));
    }

    private static InvalidValue none(AwsConfig said) {
        return said.profile().isPresent()
                ? InvalidValue.of(
                        "aws.profile",
                        "has no aws_access_key_id and aws_secret_access_key in AWS's files",
                        "a profile with keys; of one that signs in by SSO or takes a role, `aws"
                                + " configure export-credentials --format env` sets variables")
                : InvalidValue.of(
                        "",
                        "has no credentials",
                        "`key`, `aws.access-key` and `aws.secret-key`, "
                                + BEARER
                                + ", "
                                + ACCESS_KEY
                                + ", or a profile in ~/.aws/credentials");
    }

    private static Optional<String> regionOf(String host) {
        Matcher matcher = HOST.matcher(host);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private Optional<AwsConfig> fromVariables() {
        return keys(said(ACCESS_KEY), said(SECRET_KEY), said(SESSION_TOKEN), Optional.empty());
    }

    private Optional<AwsConfig> fromNamedProfile() {
        return said(PROFILE).isEmpty() ? Optional.empty() : fromProfile(said(PROFILE));
    }

    private Optional<AwsConfig> fromProfile(String profile) {
        Map<String, String> found = AwsProfiles.find(profile, env);
        return keys(
                found.getOrDefault("aws_access_key_id", ""),
                found.getOrDefault("aws_secret_access_key", ""),
                found.getOrDefault("aws_session_token", ""),
                Optional.of(profile));
    }

    private static Optional<AwsConfig> keys(
            String access, String secret, String session, Optional<String> profile) {
        if (access.isEmpty() || secret.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new AwsConfig(
                        Optional.empty(),
                        profile,
                        Optional.of(Secret.of(access)),
                        Optional.of(Secret.of(secret)),
                        session.isEmpty() ? Optional.empty() : Optional.of(Secret.of(session))));
    }

    private Optional<String> region(Optional<String> profile) {
        for (String variable : List.of("AWS_REGION", "AWS_DEFAULT_REGION")) {
            if (!said(variable).isEmpty()) {
                return Optional.of(said(variable));
            }
        }
        String name = profile.orElse(said(PROFILE).isEmpty() ? AwsProfiles.DEFAULT : said(PROFILE));
        return Optional.ofNullable(AwsProfiles.find(name, env).get("region"));
    }

    private String said(String variable) {
        return env.getOrDefault(variable, "").strip();
    }
}

package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class AwsEnvironmentTest {
    private static final String AMAZON = "https://bedrock-runtime.eu-west-1.amazonaws.com";

    @TempDir Path home;

    private final Map<String, String> env = new HashMap<>();

    @BeforeEach
    void files() throws IOException {
        Path folder = Files.createDirectories(home.resolve(".aws"));
        Files.writeString(
                folder.resolve("credentials"),
                """
                # a comment
                [default]
                aws_access_key_id = AKIDDEFAULT
                aws_secret_access_key=default-secret

                [work]
                aws_access_key_id = AKIDWORK
                aws_secret_access_key = work+secret/with=signs
                aws_session_token = work-token
                """);
        Files.writeString(
                folder.resolve("config"),
                """
                [default]
                region = us-west-2
                [profile work]
                region = eu-central-1
                s3 =
                  region = nowhere
                [profile sso]
                sso_session = my-sso
                region = us-east-2
                """);
        env.put("HOME", home.toString());
    }

    private Optional<ProviderConfig> found() {
        List<ProviderConfig> all = ProvidersFromEnvironment.of(env);
        assertThat(all).hasSizeLessThan(2);
        return all.stream().findFirst();
    }

    private static AwsConfig keys(
            String region, String access, String secret, @Nullable String token) {
        return new AwsConfig(
                Optional.of(region),
                Optional.empty(),
                Optional.of(Secret.of(access)),
                Optional.of(Secret.of(secret)),
                Optional.ofNullable(token).map(Secret::of));
    }

    @Test
    void keysAndARegionMakeAProvider() {
        env.put("AWS_ACCESS_KEY_ID", "AKID");
        env.put("AWS_SECRET_ACCESS_KEY", "secret");
        env.put("AWS_SESSION_TOKEN", "token");
        env.put("AWS_REGION", "eu-west-1");
        assertThat(found())
                .contains(
                        ProviderConfig.builder("bedrock", AMAZON)
                                .dialect(DialectKind.BEDROCK)
                                .server(ServerKind.BEDROCK)
                                .aws(keys("eu-west-1", "AKID", "secret", "token"))
                                .build());
        assertThat(ProvidersFromEnvironment.names(env)).containsExactly("bedrock");
        env.put("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:9");
        assertThat(found().orElseThrow().url()).hasToString("http://127.0.0.1:9");
    }

    @Test
    void aKeyOfBedrocksOwnComesFirst() {
        env.put("AWS_BEARER_TOKEN_BEDROCK", "ABSK");
        env.put("AWS_ACCESS_KEY_ID", "AKID");
        env.put("AWS_SECRET_ACCESS_KEY", "secret");
        env.put("AWS_DEFAULT_REGION", "cn-north-1");
        ProviderConfig provider = found().orElseThrow();
        assertThat(provider.key()).contains(Secret.of("ABSK"));
        assertThat(provider.aws()).isEmpty();
        assertThat(provider.url())
                .hasToString("https://bedrock-runtime.cn-north-1.amazonaws.com.cn");
    }

    @Test
    void aProfileThatIsNamedMakesAProviderWithItsRegion() {
        assertThat(found()).isEmpty();
        env.put("AWS_PROFILE", "work");
        ProviderConfig provider = found().orElseThrow();
        assertThat(provider.url())
                .hasToString("https://bedrock-runtime.eu-central-1.amazonaws.com");
        AwsConfig aws = provider.aws().orElseThrow();
        assertThat(aws.secretKey()).contains(Secret.of("work+secret/with=signs"));
        assertThat(aws.sessionToken()).contains(Secret.of("work-token"));
        assertThat(aws.region()).contains("eu-central-1");
        env.put("AWS_PROFILE", "sso");
        assertThat(found()).isEmpty();
    }

    @Test
    void keysWithoutARegionAreForSomethingElse() throws IOException {
        Files.delete(home.resolve(".aws/config"));
        env.put("AWS_ACCESS_KEY_ID", "AKID");
        env.put("AWS_SECRET_ACCESS_KEY", "secret");
        assertThat(found()).isEmpty();
        env.put("AWS_BEARER_TOKEN_BEDROCK", "ABSK");
        assertThatThrownBy(this::found)
                .hasMessageContaining("AWS_BEARER_TOKEN_BEDROCK")
                .hasMessageContaining("AWS_REGION");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EU", "eu west", "http://x", "evil.example/"})
    void aRegionIsNoWayToAnotherHost(String region) {
        env.put("AWS_BEARER_TOKEN_BEDROCK", "ABSK");
        env.put("AWS_REGION", region);
        assertThatThrownBy(this::found).hasMessageContaining("is no region");
    }

    // ---- providers of the configuration ----

    private ProviderConfig completed(ProviderBuilder provider) {
        return Config.defaults()
                .withProvider(provider.build())
                .withEnvironment(env)
                .provider("mine")
                .orElseThrow();
    }

    private static ProviderBuilder mine(String url) {
        return ProviderConfig.builder("mine", url).dialect(DialectKind.BEDROCK);
    }

    @Test
    void takesTheDefaultProfileAndTheRegionOfTheHost() {
        AwsConfig aws = completed(mine(AMAZON)).aws().orElseThrow();
        assertThat(aws.accessKey()).contains(Secret.of("AKIDDEFAULT"));
        assertThat(aws.region()).contains("eu-west-1");
    }

    @Test
    void takesWhatTheConfigurationSaysBeforeAllElse() {
        env.put("AWS_BEARER_TOKEN_BEDROCK", "ABSK");
        env.put("AWS_REGION", "us-east-1");
        AwsConfig said = keys("us-gov-west-1", "AKIDSAID", "said", null);
        assertThat(completed(mine("http://127.0.0.1:9").aws(said)).aws()).contains(said);
        AwsConfig profile =
                new AwsConfig(
                        Optional.empty(),
                        Optional.of("work"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        ProviderConfig work = completed(mine(AMAZON).aws(profile));
        assertThat(work.key()).isEmpty();
        assertThat(work.aws().orElseThrow().accessKey()).contains(Secret.of("AKIDWORK"));
        assertThat(completed(mine(AMAZON)).key()).contains(Secret.of("ABSK"));
    }

    @Test
    void givesTheAccountsCredentialsToNoOtherHost() {
        env.put("AWS_BEARER_TOKEN_BEDROCK", "ABSK");
        env.put("AWS_REGION", "us-east-1");
        ProviderConfig other = completed(mine("http://127.0.0.1:9"));
        assertThat(other.key()).isEmpty();
        assertThat(other.aws()).isEmpty();
        ProviderConfig meant = completed(mine("http://127.0.0.1:9").aws(AwsConfig.NONE));
        assertThat(meant.key()).contains(Secret.of("ABSK"));
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        AwsConfig sso =
                new AwsConfig(
                        Optional.empty(),
                        Optional.of("sso"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        assertThatThrownBy(() -> completed(mine(AMAZON).aws(sso)))
                .hasMessageContaining("providers.mine.aws.profile")
                .hasMessageContaining("export-credentials");
        Files.delete(home.resolve(".aws/credentials"));
        assertThatThrownBy(() -> completed(mine(AMAZON)))
                .hasMessageContaining("has no credentials");
        assertThatThrownBy(
                        () ->
                                new AwsConfig(
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of(Secret.of("half")),
                                        Optional.empty(),
                                        Optional.empty()))
                .hasMessageContaining("both of them");
    }

    @Test
    void keepsSecretsSecret() {
        ProviderConfig provider = completed(mine(AMAZON));
        assertThat(provider.toString()).doesNotContain("default-secret", "AKIDDEFAULT");
        Config config = Config.defaults().withProvider(provider);
        assertThat(config.secrets()).contains(Secret.of("default-secret"));
    }
}

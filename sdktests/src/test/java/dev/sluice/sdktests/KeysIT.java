package dev.sluice.sdktests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.TestGateway;
import dev.sluice.gateway.config.Secret;
import dev.sluice.testkit.http.UpstreamRequest;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The keys of clients, in the header fields that each library sends them in. */
class KeysIT {
    private static final String KEY = "sk-sluice-client-0123456789";
    private static final Question QUESTION = Question.of("Where is Paris?");

    private static Rig guarded(Pair pair, String key) {
        return Rig.of(pair, key, KeysIT::guard).answering(Story.of(pair, "01"));
    }

    private static void guard(TestGateway.Setup setup) {
        setup.config(config -> config.withKey("alice", Secret.of(KEY)));
    }

    @InAllWays
    void openTheGate(Way way) {
        try (Rig rig = guarded(way.pair(), KEY)) {
            assertThat(way.ask(rig, QUESTION).text()).startsWith("The capital of France");
            assertThat(rig.gateway().nextRecord().principal()).isEqualTo("alice");
            assertThat(rig.sdk().models()).isNotEmpty();
            keepsTheKey(rig);
        }
    }

    /** The client's key stays here, and the upstream sees the gateway's. */
    private static void keepsTheKey(Rig rig) {
        UpstreamRequest request = rig.upstream().request();
        assertThat(request.headers().toString()).doesNotContain(KEY).contains("upstream-key");
        assertThat(request.text()).doesNotContain(KEY);
    }

    @InAllWays
    @Tag("R55")
    void areRefusedWhenTheyAreWrong(Way way) {
        try (Rig rig = guarded(way.pair(), "sk-of-somebody-else-42")) {
            Problem problem = way.fail(rig, QUESTION);

            assertThat(problem.exception()).isEqualTo("UnauthorizedException");
            assertThat(problem.status()).isEqualTo(401);
            assertThat(problem.type())
                    .isEqualTo(
                            way.pair().forClient("invalid_request_error", "authentication_error"));
            assertThat(problem.code()).isEqualTo(way.pair().forClient("invalid_api_key", ""));
            assertThat(problem.all()).doesNotContain("somebody-else");
            assertThat(problem.requestId()).isPresent();
            assertThat(rig.upstream().requests()).isEmpty();
        }
    }

    /** The bearer token of Anthropic's library, as its users of gateways set it. */
    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Pair.class,
            names = {"ANTHROPIC_TO_ANTHROPIC", "ANTHROPIC_TO_OPENAI"})
    void areTakenAsABearerTokenToo(Pair pair) {
        try (Rig rig = guarded(pair, KEY);
                Sdk bearer = AnthropicSdk.connectWithToken(rig.gateway().uri(), KEY);
                Sdk wrong = AnthropicSdk.connectWithToken(rig.gateway().uri(), "wrong")) {
            assertThat(bearer.hear(QUESTION).text()).startsWith("The capital of France");
            assertThat(wrong.fail(QUESTION, true).exception()).isEqualTo("UnauthorizedException");
        }
    }
}

package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.core.failure.FailureCode;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.Ports;
import dev.sluice.testkit.http.Script;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;

/** What can go wrong, and what the reader is told of it. */
class FailuresIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final StreamConfig ONCE =
            StreamConfig.builder().retries(0).timeout(Duration.ofSeconds(20)).build();
    private static final StreamConfig IMPATIENT =
            StreamConfig.builder().retries(0).timeout(Duration.ofMillis(200)).build();

    private static <T extends SluiceException> T fails(Class<T> as, Script script) {
        return fails(as, script, ONCE);
    }

    private static <T extends SluiceException> T fails(
            Class<T> as, Script script, StreamConfig config) {
        try (Remote remote = Remote.of(script)) {
            T failure;
            try (TokenStream stream = remote.chat(config)) {
                failure = catchThrowableOfType(as, stream::text);
                assertThat(stream.stopReason()).isEmpty();
            }
            remote.client().close();
            Eventually.within(SOON, () -> remote.upstream().openConnections() == 0);
            return failure;
        }
    }

    private static Script said(String... texts) {
        Script script = Script.stream().send(Remote.CHAT_EVENTS.role());
        for (String text : texts) {
            script = script.send(Remote.CHAT_EVENTS.text(text));
        }
        return script;
    }

    private static void isCut(SluiceException failure) {
        assertThat(failure.partialText()).isEqualTo("one two");
        assertThat(failure.usage().output()).isEqualTo(2);
        assertThat(failure.usage().estimated()).isTrue();
    }

    @Test
    @Tag("R50")
    void aStreamThatIsCutIsNoEnd() {
        isCut(fails(SluiceException.Connection.class, said("one ", "two").close()));
        isCut(fails(SluiceException.Connection.class, said("one ", "two").reset()));
        isCut(fails(SluiceException.Connection.class, said("one ", "two")));
        isCut(
                fails(
                        SluiceException.Connection.class,
                        said("one ", "two")
                                .send("data: {\"choices\":[{\"index\":0,\"del")
                                .close()));
    }

    @Test
    @Tag("R50")
    void aMessageOfAnthropicThatIsCutIsNoEnd() {
        Script cut =
                Script.stream()
                        .send(Remote.MESSAGE_EVENTS.start(9))
                        .send(Remote.MESSAGE_EVENTS.textStart(0))
                        .send(Remote.MESSAGE_EVENTS.text(0, "one "))
                        .send(Remote.MESSAGE_EVENTS.text(0, "two"));
        try (Remote remote = Remote.of(cut);
                TokenStream stream = remote.message()) {
            SluiceException.Connection failure =
                    catchThrowableOfType(SluiceException.Connection.class, stream::text);
            isCut(failure);
            assertThat(failure.usage().totalInput()).isEqualTo(9);
        }
    }

    @Test
    void anErrorWithinAStreamIsTheModels() {
        SluiceException failure =
                fails(
                        SluiceException.Generation.class,
                        said("one ", "two")
                                .send(Remote.CHAT_EVENTS.error("server_error", "it broke")));
        isCut(failure);
        assertThat(failure).hasMessageContaining("it broke");
    }

    @Test
    void whatIsNotTheDialectIsTheConnections() {
        SluiceException failure =
                fails(SluiceException.Connection.class, said("one ", "two").send("data: {]\n\n"));
        isCut(failure);
        assertThat(failure).hasMessageContaining("not its dialect");
    }

    @Test
    void aBadKeyIsAuthentication() {
        SluiceException failure =
                fails(
                        SluiceException.Authentication.class,
                        Script.json(401, "{\"error\":{\"message\":\"Incorrect API key\"}}"));
        assertThat(failure).hasMessage("`openai` refused the key (HTTP 401)");
        assertThat(failure.toString()).doesNotContain("canary");
    }

    @Test
    void tooManyRequestsAreARateLimitThatSaysWhen() {
        SluiceException failure =
                fails(
                        SluiceException.RateLimit.class,
                        Script.tooManyRequests(
                                Duration.ofSeconds(7),
                                "{\"error\":{\"message\":\"slow down\",\"type\":\"rate_limit\"}}"));
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(failure).hasMessageContaining("slow down");
    }

    @Test
    void aWrongRequestIsTheCallers() {
        SluiceException failure =
                fails(
                        SluiceException.BadRequest.class,
                        Script.json(
                                400,
                                "{\"error\":{\"message\":\"no such thing\",\"param\":\"tools\"}}"));
        assertThat(failure).hasMessageContaining("no such thing");
        assertThat(failure.failure().field()).contains("tools");
        assertThat(
                        fails(
                                        SluiceException.BadRequest.class,
                                        Script.json(404, "{\"error\":{\"message\":\"no model\"}}"))
                                .failure()
                                .code())
                .isEqualTo(FailureCode.NOT_FOUND);
    }

    @Test
    @Tag("R54")
    void errorsOfAnyShapeAreTyped() {
        fails(SluiceException.Generation.class, Script.html(502));
        fails(SluiceException.Generation.class, Script.status(500));
        fails(SluiceException.Generation.class, Script.json(500, "{\"error\":"));
        fails(SluiceException.Generation.class, Script.hugeBody(500, "application/json", 1L << 30));
        fails(SluiceException.Connection.class, Script.html(200));
        fails(SluiceException.Connection.class, Script.raw("this is no HTTP\r\n\r\n").close());
        fails(SluiceException.Connection.class, Script.neverNewline());
        fails(SluiceException.Connection.class, Script.stream().gzip().send("data: {}\n\n"));
        fails(SluiceException.Connection.class, Script.stream());
        fails(
                SluiceException.Generation.class,
                Script.status(307).header("location", "http://127.0.0.1:1/"));
    }

    @Test
    void aServerThatIsNotThereIsAConnection() {
        URI nobody = URI.create("http://127.0.0.1:" + Ports.refusing() + "/v1");
        try (SluiceClient client =
                        Sluice.builder()
                                .environment(Map.of())
                                .baseUrl("sluice", nobody)
                                .config(Remote.QUICK)
                                .build();
                TokenStream stream = client.stream("sluice/any", "Hi.")) {
            SluiceException.Connection failure =
                    catchThrowableOfType(SluiceException.Connection.class, stream::text);
            assertThat(failure.failure().code()).isEqualTo(FailureCode.UPSTREAM_UNREACHABLE);
            assertThat(failure).hasMessageContaining("refused the connection");
        }
    }

    @Test
    void aServerThatNeverAnswersIsATimeout() {
        assertThat(fails(SluiceException.Timeout.class, Script.silent(), IMPATIENT))
                .hasMessageContaining("no first token");
        fails(SluiceException.Timeout.class, Script.stream().sendHead().hold(), IMPATIENT);
    }

    @Test
    void aServerThatFallsSilentIsATimeoutThatLosesNothing() {
        isCut(fails(SluiceException.Timeout.class, said("one ", "two").hold(), IMPATIENT));
    }

    @Test
    void signsOfLifeAreNoTokens() {
        Script pings = said("one ", "two").endless(Duration.ofMillis(20), _ -> ": still here\n\n");
        isCut(fails(SluiceException.Timeout.class, pings, IMPATIENT));
    }

    @Test
    void aStreamThatTakesTooLongIsATimeout() {
        StreamConfig config =
                StreamConfig.builder().deadline(Duration.ofMillis(300)).retries(0).build();
        Script slow =
                Script.stream().endless(Duration.ofMillis(10), _ -> Remote.CHAT_EVENTS.text("t"));
        assertThat(fails(SluiceException.Timeout.class, slow, config))
                .hasMessageContaining("deadline");
    }

    @Test
    void theReadersOwnTimeIsNoTimeout() {
        StreamConfig config = IMPATIENT.toBuilder().bufferSize(4).build();
        try (Remote remote = Remote.of(Remote.endless());
                TokenStream stream = remote.chat(config)) {
            Iterator<Token> tokens = stream.iterator();
            tokens.next();
            remote.upstream().request().awaitStandstill(Duration.ofMillis(600), SOON);
            for (int i = 0; i < 1000; i++) {
                tokens.next();
            }
        }
    }

    @Test
    @Tag("R22")
    void aClientThatIsClosedBreaksItsStreamsOff() {
        try (Remote remote = Remote.of(said("one ", "two").hold());
                TokenStream stream = remote.chat(ONCE)) {
            Iterator<Token> tokens = stream.iterator();
            tokens.next();
            tokens.next();
            remote.client().close();
            isCut(catchThrowableOfType(SluiceException.Connection.class, tokens::hasNext));
        }
    }
}

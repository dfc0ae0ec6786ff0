package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.core.event.Event;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.testkit.Eventually;
import dev.sluice.testkit.http.Script;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A request that failed before its first token is sent again, and none after it. */
class RetryIT {
    private static final Script WELL = Script.stream().send(Remote.CHAT_EVENTS.answer("Hi", "!"));

    @Test
    @Tag("R14")
    void sendsTheSameRequestAgain() {
        try (Remote remote = Remote.of(Script.status(503), Script.resetAtOnce(), WELL);
                TokenStream stream = remote.chat()) {
            assertThat(stream.text()).isEqualTo("Hi!");
            assertThat(remote.upstream().request(2).body())
                    .isEqualTo(remote.upstream().request(1).body());
            assertThat(remote.upstream().request(3).body())
                    .isEqualTo(remote.upstream().request(1).body());
        }
    }

    /**
     * A role, a start and a block without text are no tokens: the reader sees one message alone.
     */
    @Test
    void showsNothingOfAnAttemptThatSaidNothing() {
        Script begun =
                Script.stream()
                        .send(Remote.MESSAGE_EVENTS.start(9))
                        .send(Remote.MESSAGE_EVENTS.textStart(0))
                        .reset();
        Script well = Script.stream().send(Remote.MESSAGE_EVENTS.answer("Hi"));
        try (Remote remote = Remote.of(begun, well);
                TokenStream stream = remote.message()) {
            List<Event> events = new ArrayList<>();
            stream.events().forEach(events::add);
            assertThat(events).filteredOn(e -> e instanceof Event.MessageStart).hasSize(1);
            assertThat(events).filteredOn(e -> e instanceof Event.BlockStart).hasSize(1);
            assertThat(stream.text()).isEqualTo("Hi");
            assertThat(remote.upstream().requests(Remote.MESSAGES)).hasSize(2);
        }
    }

    @Test
    void givesUpAfterItsRetries() {
        try (Remote remote = Remote.of(Script.status(503));
                TokenStream stream = remote.chat()) {
            assertThatThrownBy(stream::text).isInstanceOf(SluiceException.Generation.class);
            assertThat(remote.upstream().requests(Remote.CHAT))
                    .hasSize(1 + StreamConfig.DEFAULT.retries());
        }
    }

    @Test
    void asksOnceAfterTheFirstToken() {
        Script cut = Script.stream().send(Remote.CHAT_EVENTS.text("one")).reset();
        try (Remote remote = Remote.of(cut, WELL);
                TokenStream stream = remote.chat()) {
            assertThat(catchThrowableOfType(SluiceException.Connection.class, stream::text))
                    .extracting(SluiceException::partialText)
                    .isEqualTo("one");
            assertThat(remote.upstream().requests(Remote.CHAT)).hasSize(1);
        }
    }

    @Test
    void asksOnceWhereAskingAgainCannotHelp() {
        try (Remote remote = Remote.of(Script.status(400), WELL);
                TokenStream stream = remote.chat()) {
            assertThatThrownBy(stream::text).isInstanceOf(SluiceException.BadRequest.class);
            assertThat(remote.upstream().requests(Remote.CHAT)).hasSize(1);
        }
    }

    @Test
    void waitsAsLongAsTheServerSays() {
        Script later = Script.tooManyRequests(Duration.ofSeconds(1), "{}");
        try (Remote remote = Remote.of(later, WELL);
                TokenStream stream = remote.chat()) {
            assertThat(stream.text()).isEqualTo("Hi!");
            long waited =
                    remote.upstream().request(2).arrivedNanos()
                            - remote.upstream().request(1).arrivedNanos();
            assertThat(Duration.ofNanos(waited)).isGreaterThanOrEqualTo(Duration.ofMillis(990));
            assertThat(stream.metrics().ttft().orElseThrow())
                    .isGreaterThanOrEqualTo(Duration.ofMillis(990));
        }
    }

    @Test
    void waitsNotForAServerThatAsksForMoreThanTheTimeout() {
        Script later = Script.tooManyRequests(Duration.ofHours(1), "{}");
        try (Remote remote = Remote.of(later, WELL);
                TokenStream stream = remote.chat()) {
            SluiceException.RateLimit failure =
                    catchThrowableOfType(SluiceException.RateLimit.class, stream::text);
            assertThat(failure.retryAfter()).contains(Duration.ofHours(1));
            assertThat(remote.upstream().requests(Remote.CHAT)).hasSize(1);
        }
    }

    @Test
    @Tag("R16")
    void isCancelledWhileItWaitsForARetry() {
        Script later = Script.tooManyRequests(Duration.ofSeconds(20), "{}");
        try (Remote remote = Remote.of(later, WELL);
                TokenStream stream = remote.chat()) {
            Eventually.completes(
                    Duration.ofSeconds(10),
                    "a refusal",
                    remote.upstream().request().whenAnswered());
            stream.cancel();
            assertThatThrownBy(stream::text).isInstanceOf(SluiceException.Cancelled.class);
            assertThat(remote.upstream().requests(Remote.CHAT)).hasSize(1);
        }
    }

    @Test
    void growsTheWaitFromOneRetryToTheNext() {
        Backoff backoff = new Backoff(3, Duration.ofMillis(100));
        Duration patience = Duration.ofSeconds(10);
        Failure busy = Failure.of(FailureCode.OVERLOADED, "busy");
        assertThat(backoff.next(busy, patience).orElseThrow())
                .isBetween(Duration.ofMillis(75), Duration.ofMillis(125));
        assertThat(backoff.next(busy, patience).orElseThrow())
                .isBetween(Duration.ofMillis(150), Duration.ofMillis(250));
        assertThat(backoff.next(busy.withRetryAfter(Duration.ofSeconds(3)), patience))
                .contains(Duration.ofSeconds(3));
        assertThat(backoff.next(busy, patience)).isEmpty();
    }
}

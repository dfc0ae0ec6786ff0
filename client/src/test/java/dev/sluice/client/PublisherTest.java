package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.event.Event;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.testkit.Eventually;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;

/** A stream as a publisher, beyond what the rules of publishers say. */
class PublisherTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** Takes what it asks for. */
    private static final class Reader<T> implements Flow.Subscriber<T> {
        private final List<T> heard = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        private final CompletableFuture<Optional<Throwable>> end = new CompletableFuture<>();

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription.complete(begun);
        }

        @Override
        public void onNext(T item) {
            heard.add(item);
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(Optional.of(failure));
        }

        @Override
        public void onComplete() {
            end.complete(Optional.empty());
        }

        Flow.Subscription subscription() {
            return Eventually.completes(SOON, "the subscription", subscription);
        }

        Optional<Throwable> end() {
            return Eventually.completes(SOON, "the end", end);
        }
    }

    @Test
    @Tag("R24")
    void givesWhatIsAskedForAndPausesTheModelForTheRest() {
        try (Local local = Local.endless();
                TokenStream stream = local.ask()) {
            Reader<Token> reader = new Reader<>();
            stream.subscribe(reader);
            reader.subscription().request(3);
            Eventually.within(SOON, () -> reader.heard.size() == 3);
            Eventually.within(SOON, () -> local.model().paused() == 1);
            Eventually.stays(
                    Duration.ofMillis(100), "three tokens", () -> reader.heard.size() == 3);
            assertThat(local.model().told())
                    .isLessThanOrEqualTo(StreamConfig.DEFAULT.bufferSize() + 8);
            reader.subscription().request(200);
            Eventually.within(SOON, () -> reader.heard.size() == 203);
            reader.subscription().cancel();
            Eventually.within(SOON, () -> local.model().running() == 0);
        }
    }

    @Test
    void endsWithoutBeingAskedForMore() {
        try (Local local = Local.saying(Told.message("a", "b"));
                TokenStream stream = local.ask()) {
            Reader<Token> reader = new Reader<>();
            stream.subscribe(reader);
            reader.subscription().request(2);
            assertThat(reader.end()).isEmpty();
            assertThat(reader.heard).extracting(Token::text).containsExactly("a", "b");
            assertThat(stream.text()).isEqualTo("ab");
        }
    }

    @Test
    void givesWhatCameAndThenTheFailure() {
        try (Local local = Local.saying(Told.failing(FailureCode.UPSTREAM_ERROR, "a", "b"));
                TokenStream stream = local.ask()) {
            Reader<Token> reader = new Reader<>();
            stream.subscribe(reader);
            reader.subscription().request(Long.MAX_VALUE);
            assertThat(reader.end().orElseThrow())
                    .isInstanceOfSatisfying(
                            SluiceException.Generation.class,
                            failed -> assertThat(failed.partialText()).isEqualTo("ab"));
            assertThat(reader.heard).hasSize(2);
        }
    }

    @Test
    void refusesADemandForNothingAndStopsTheModel() {
        try (Local local = Local.endless();
                TokenStream stream = local.ask()) {
            Reader<Token> reader = new Reader<>();
            stream.subscribe(reader);
            reader.subscription().request(0);
            assertThat(reader.end().orElseThrow())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3.9");
            Eventually.within(SOON, () -> local.model().running() == 0);
        }
    }

    @Test
    void publishesEventsToo() {
        try (Local local = Local.saying(Told.toolCall("call-1", "weather", "{}"));
                TokenStream stream = local.ask()) {
            Reader<Event> reader = new Reader<>();
            stream.eventPublisher().subscribe(reader);
            reader.subscription().request(Long.MAX_VALUE);
            assertThat(reader.end()).isEmpty();
            assertThat(reader.heard).isEqualTo(Told.toolCall("call-1", "weather", "{}"));
        }
    }

    @Test
    void servesOneSubscriberAndNobodyBeside() {
        try (Local local = Local.endless();
                TokenStream stream = local.ask()) {
            stream.subscribe(new Reader<>());
            Reader<Token> second = new Reader<>();
            stream.subscribe(second);
            assertThat(second.end().orElseThrow()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> stream.iterator().hasNext())
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void tellsASubscriberThatTheStreamWasCancelled() {
        try (Local local = Local.endless();
                TokenStream stream = local.ask()) {
            Reader<Token> reader = new Reader<>();
            stream.subscribe(reader);
            reader.subscription().request(1);
            Eventually.within(SOON, () -> reader.heard.size() == 1);
            stream.cancel();
            assertThat(reader.end().orElseThrow()).isInstanceOf(SluiceException.Cancelled.class);
        }
    }
}

package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.core.event.Event;
import dev.sluice.core.event.StopReason;
import dev.sluice.core.event.Usage;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.Text;
import dev.sluice.testkit.Eventually;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** The ways to read a stream, with a model in this process. */
class TokenStreamTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private static List<String> texts(Iterable<Token> tokens) {
        List<String> texts = new ArrayList<>();
        tokens.forEach(token -> texts.add(token.text()));
        return texts;
    }

    @Test
    void isIteratedTokenByToken() {
        try (Local local = Local.saying(Told.message("Hel", "lo", "!"));
                TokenStream stream = local.ask()) {
            assertThat(texts(stream)).containsExactly("Hel", "lo", "!");
        }
    }

    @Test
    void numbersTokensAndSaysWhenTheyCame() {
        try (Local local = Local.saying(Told.message("a", "b"));
                TokenStream stream = local.ask()) {
            Iterator<Token> tokens = stream.iterator();
            Token first = tokens.next();
            Token second = tokens.next();
            assertThat(first.index()).isZero();
            assertThat(second.index()).isEqualTo(1);
            assertThat(second.at()).isGreaterThanOrEqualTo(first.at());
            assertThat(first).hasToString("a");
            assertThatThrownBy(tokens::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    /** The time is that of its arrival, however late it is read. */
    @Test
    void saysWhenEachEventCame() {
        try (Local local = Local.saying(Told.message("a", "b"));
                TokenStream stream = local.ask()) {
            Eventually.within(SOON, "all has come", () -> stream.stopReason().isPresent());
            Duration whole = stream.metrics().elapsed();
            List<Event> events = new ArrayList<>();
            Duration before = Duration.ZERO;
            for (TimedEvent timed : stream.timedEvents()) {
                assertThat(timed.at()).isBetween(before, whole);
                before = timed.at();
                events.add(timed.event());
            }
            assertThat(events.getFirst()).isInstanceOf(Event.MessageStart.class);
            assertThat(events.getLast()).isEqualTo(Event.STOP);
            assertThat(events.stream().filter(Event.Delta.class::isInstance)).hasSize(2);
        }
    }

    @Test
    void givesTheWholeTextWhateverWasReadOfIt() {
        try (Local local = Local.saying(Told.message("a", "b", "c"));
                TokenStream stream = local.ask()) {
            assertThat(stream.iterator().next().text()).isEqualTo("a");
            assertThat(stream.text()).isEqualTo("abc");
            assertThat(stream.text()).isEqualTo("abc");
            assertThat(texts(stream)).isEmpty();
        }
    }

    @Test
    void knowsUsageAndStopReasonAtTheEnd() {
        try (Local local = Local.saying(Told.message("a", "b", "c"));
                TokenStream stream = local.ask()) {
            assertThat(stream.finalMessage().stopReason()).isEqualTo(StopReason.END_TURN);
            assertThat(stream.stopReason()).contains(StopReason.END_TURN);
            assertThat(stream.usage().totalInput()).isEqualTo(7);
            assertThat(stream.usage().output()).isEqualTo(3);
            assertThat(stream.usage().estimated()).isFalse();
        }
    }

    @Test
    void countsTokensThatTheModelDoesNotCount() {
        List<Event> events = new ArrayList<>(Told.cut("a", "b", "c"));
        events.add(new Event.BlockStop(0));
        events.add(new Event.MessageDelta(StopReason.END_TURN, null, Usage.NONE));
        events.add(Event.STOP);
        try (Local local = Local.saying(events);
                TokenStream stream = local.ask()) {
            assertThat(stream.text()).isEqualTo("abc");
            assertThat(stream.usage().output()).isEqualTo(3);
            assertThat(stream.usage().estimated()).isTrue();
        }
    }

    @Test
    void tellsEverythingThatHappensAsEvents() {
        try (Local local = Local.saying(Told.message("a", "b"));
                TokenStream stream = local.ask()) {
            List<Event> events = new ArrayList<>();
            stream.events().forEach(events::add);
            assertThat(events).isEqualTo(Told.message("a", "b"));
        }
    }

    @Test
    @Tag("R44")
    void makesNoTokensOfPingsAndEmptyDeltas() {
        List<Event> events = new ArrayList<>(Told.start());
        events.add(Event.PING);
        events.add(Told.token(""));
        events.add(Told.token("a"));
        events.add(Event.PING);
        events.add(Told.token(""));
        events.addAll(Told.end(1));
        try (Local local = Local.saying(events);
                TokenStream stream = local.ask()) {
            assertThat(texts(stream)).containsExactly("a");
            assertThat(stream.metrics().tokens()).isEqualTo(1);
            assertThat(stream.text()).isEqualTo("a");
        }
    }

    @Test
    @Tag("R42")
    void givesToolCallsAsEventsAndInTheMessage() {
        String arguments = "{ \"city\" :\"K\\u00f6ln\", \"n\":1.0e1 }";
        List<Event> told =
                Told.toolCall(
                        "call-1", "weather", arguments.substring(0, 9), arguments.substring(9));
        try (Local local = Local.saying(told);
                TokenStream stream = local.ask()) {
            StringBuilder heard = new StringBuilder();
            for (Event event : stream.events()) {
                if (event instanceof Event.Delta(_, Event.DeltaKind kind, Text text)
                        && kind == Event.DeltaKind.ARGUMENTS) {
                    heard.append(text);
                }
            }
            assertThat(heard).hasToString(arguments);
            assertThat(stream.toolCalls())
                    .singleElement()
                    .satisfies(
                            call -> {
                                assertThat(call.id()).isEqualTo("call-1");
                                assertThat(call.name()).isEqualTo("weather");
                                assertThat(call.text()).hasToString(arguments);
                            });
            assertThat(stream.stopReason()).contains(StopReason.TOOL_USE);
            assertThat(stream.text()).isEmpty();
        }
    }

    @Test
    void callsBackUntilItIsToldToStop() {
        try (Local local = Local.endless();
                TokenStream stream = local.ask()) {
            List<String> heard = new ArrayList<>();
            boolean whole =
                    stream.forEachToken(
                            token -> {
                                heard.add(token.text());
                                return heard.size() < 3;
                            });
            assertThat(whole).isFalse();
            assertThat(heard).containsExactly("t0 ", "t1 ", "t2 ");
            assertThat(stream.textSoFar()).startsWith("t0 t1 t2 ");
            Eventually.within(SOON, () -> local.model().cancelled() == 1);
        }
    }

    @Test
    void callsBackToTheEnd() {
        try (Local local = Local.saying(Told.message("a", "b"));
                TokenStream stream = local.ask()) {
            List<String> heard = new ArrayList<>();
            assertThat(stream.forEachToken(token -> heard.add(token.text()))).isTrue();
            assertThat(heard).containsExactly("a", "b");
        }
    }

    @Test
    @Tag("R22")
    void isCancelledByACallbackThatThrows() {
        try (Local local = Local.endless();
                TokenStream stream = local.ask()) {
            assertThatThrownBy(
                            () ->
                                    stream.forEachToken(
                                            _ -> {
                                                throw new IllegalStateException("enough");
                                            }))
                    .hasMessage("enough");
            Eventually.within(SOON, () -> local.model().running() == 0);
        }
    }

    @Test
    void handsOverWhatCameBeforeItThrows() {
        try (Local local = Local.saying(Told.failing(FailureCode.UPSTREAM_ERROR, "a", "b"));
                TokenStream stream = local.ask()) {
            List<String> heard = new ArrayList<>();
            SluiceException.Generation failed =
                    catchThrowableOfType(
                            SluiceException.Generation.class,
                            () -> stream.forEach(token -> heard.add(token.text())));
            assertThat(heard).containsExactly("a", "b");
            assertThat(failed).hasMessage("the model tripped");
            assertThat(failed.partialText()).isEqualTo("ab");
            assertThat(failed.usage().totalInput()).isEqualTo(7);
            assertThat(failed.usage().output()).isEqualTo(2);
            assertThat(failed.usage().estimated()).isTrue();
            assertThat(stream.stopReason()).isEmpty();
        }
    }

    @Test
    void throwsFromEveryWayToReadIt() {
        try (Local local = Local.saying(Told.failing(FailureCode.UPSTREAM_ERROR, "a"));
                TokenStream stream = local.ask()) {
            assertThatThrownBy(stream::text).isInstanceOf(SluiceException.Generation.class);
            assertThatThrownBy(stream::finalMessage).isInstanceOf(SluiceException.Generation.class);
            assertThatThrownBy(() -> stream.events().forEach(_ -> {}))
                    .isInstanceOf(SluiceException.Generation.class);
            assertThatThrownBy(() -> stream.forEachToken(_ -> true))
                    .isInstanceOf(SluiceException.Generation.class);
        }
    }

    @Test
    @Tag("R22")
    void tellsOfAModelThatThrows() {
        IllegalStateException accident = new IllegalStateException("a fault in the model");
        try (Local local = new Local()) {
            local.model()
                    .story(
                            "fake",
                            () -> {
                                throw accident;
                            });
            try (TokenStream stream = local.ask()) {
                assertThatThrownBy(stream::text)
                        .isInstanceOf(SluiceException.Generation.class)
                        .hasCause(accident);
            }
        }
    }

    @Test
    @Tag("R22")
    void tellsOfAModelThatCannotBeLinked() {
        UnsatisfiedLinkError accident = new UnsatisfiedLinkError("no such library");
        try (Local local = new Local()) {
            local.model()
                    .story(
                            "fake",
                            () -> {
                                throw accident;
                            });
            try (TokenStream stream = local.ask()) {
                assertThatThrownBy(stream::text)
                        .isInstanceOf(SluiceException.Generation.class)
                        .hasCause(accident);
            }
        }
    }

    @Test
    void refusesEventsThatAreOutOfOrder() {
        List<Event> events = new ArrayList<>(Told.cut("a"));
        events.add(Event.STOP);
        try (Local local = Local.saying(events);
                TokenStream stream = local.ask()) {
            assertThatThrownBy(stream::text)
                    .isInstanceOf(SluiceException.Connection.class)
                    .hasMessageContaining("broke the order of events");
        }
    }

    @Test
    void isCancelledByAnotherThread() throws Exception {
        try (Local local = Local.saying(Told.cut("a", "b"));
                TokenStream stream = local.ask();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<String> heard = new CompletableFuture<>();
            var reading =
                    threads.submit(
                            () -> {
                                for (Token token : stream) {
                                    if (token.text().equals("b")) {
                                        heard.complete(token.text());
                                    }
                                }
                            });
            Eventually.completes(SOON, "the second token", heard);
            stream.cancel();
            assertThatThrownBy(() -> reading.get())
                    .cause()
                    .isInstanceOfSatisfying(
                            SluiceException.Cancelled.class,
                            cancelled -> assertThat(cancelled.partialText()).isEqualTo("ab"));
            Eventually.within(SOON, () -> local.model().running() == 0);
        }
    }

    @Test
    void isCancelledWithItsReadersThread() {
        try (Local local = Local.saying(Told.cut("a"));
                TokenStream stream = local.ask()) {
            Iterator<Token> tokens = stream.iterator();
            tokens.next();
            Thread.currentThread().interrupt();
            assertThatThrownBy(tokens::hasNext)
                    .isInstanceOf(SluiceException.Cancelled.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
            Eventually.within(SOON, () -> local.model().running() == 0);
        }
    }

    @Test
    void isNoWholeAnswerWhenItWasCancelledBeforeItWasRead() {
        try (Local local = Local.saying(Told.message("a", "b"));
                TokenStream stream = local.ask()) {
            Eventually.within(SOON, () -> stream.stopReason().isPresent());
            stream.cancel();
            assertThatThrownBy(stream::text).isInstanceOf(SluiceException.Cancelled.class);
        }
    }

    @Test
    void closesWithoutAWordAfterItsEnd() {
        try (Local local = Local.saying(Told.message("a"))) {
            TokenStream stream = local.ask();
            assertThat(stream.text()).isEqualTo("a");
            stream.close();
            stream.close();
            assertThat(stream.text()).isEqualTo("a");
            assertThat(local.model().cancelled()).isZero();
        }
    }

    @Test
    void measuresWhileItRunsAndAtItsEnd() {
        try (Local local = Local.saying(Told.message("a", "b", "c"));
                TokenStream stream = local.ask()) {
            stream.text();
            StreamMetrics metrics = stream.metrics();
            assertThat(metrics.tokens()).isEqualTo(3);
            assertThat(metrics.ttft()).isPresent();
            assertThat(metrics.meanTbt()).isPresent();
            assertThat(metrics.longestTbt().orElseThrow())
                    .isGreaterThanOrEqualTo(metrics.meanTbt().orElseThrow());
            assertThat(metrics.tokensPerSecond()).isPresent();
            assertThat(metrics.elapsed())
                    .isGreaterThanOrEqualTo(metrics.ttft().orElseThrow())
                    .isEqualTo(stream.metrics().elapsed());
        }
    }

    @Test
    void keepsNoMoreThanItMayAndStillTellsAll() {
        StreamConfig config = StreamConfig.builder().maxKeptBytes(1000).build();
        String token = "x".repeat(600);
        try (Local local = Local.saying(Told.message(token, token, token));
                TokenStream stream = local.ask(config)) {
            assertThat(texts(stream)).containsExactly(token, token, token);
            assertThatThrownBy(stream::text)
                    .isInstanceOf(SluiceException.BadRequest.class)
                    .hasMessageContaining("maxKeptBytes");
        }
    }

    @Test
    void mapsEachFailureToOneOfItsKinds() {
        for (FailureCode code : FailureCode.values()) {
            SluiceException exception = SluiceException.of(Failure.of(code, "it failed"));
            assertThat(exception.failure().code()).isEqualTo(code);
            assertThat(exception.partialText()).isEmpty();
            assertThat(exception.usage().isNone()).isTrue();
        }
    }

    @Test
    @Tag("R61")
    void leavesNothingRunningAfterAnyMixOfEnds() {
        try (Local local = new Local()) {
            local.model()
                    .story("whole", Told.message("a", "b"))
                    .story("failing", Told.failing(FailureCode.UPSTREAM_ERROR, "a"))
                    .story("silent", Told.cut("a"));
            SluiceClient client = Sluice.builder().adapter(local.model()).build();
            String[] models = {"whole", "failing", "silent"};
            for (int i = 0; i < 300; i++) {
                TokenStream stream = client.stream("local/" + models[i % 3], "Hi.");
                if (i % 2 == 0) {
                    stream.iterator().next();
                }
                stream.close();
            }
            Eventually.within(SOON, () -> local.model().running() == 0);
            assertThat(local.model().calls()).hasSizeLessThanOrEqualTo(300);
        }
    }
}

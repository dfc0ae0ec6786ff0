package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.event.Event;
import dev.sluice.core.event.StreamGrammar;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.provider.Head;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What every provider inside the process must do for the streams of this library. */
abstract class ProviderContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration QUIET = Duration.ofMillis(100);

    private final Loop loop = new Loop();
    private final Heard heard = new Heard();

    /** The adapter of the provider. */
    abstract Adapter adapter();

    /** A model that answers with a few tokens. */
    abstract String briefModel();

    /** A model that goes on until it is cancelled, or at least for a hundred tokens. */
    abstract String lengthyModel();

    /** How many tokens may still come after a pause: what was under way. */
    int mostAfterPause() {
        return 4;
    }

    /** A loop that the test's own thread runs. */
    private static final class Loop implements Executor {
        private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        private boolean running;

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        void runUntil(String what, BooleanSupplier condition) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("never: " + what);
                }
                runOne(QUIET);
            }
        }

        void runFor(Duration time) {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                runOne(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        }

        private void runOne(Duration wait) {
            try {
                Runnable task = tasks.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
                if (task != null) {
                    running = true;
                    task.run();
                    running = false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** Notes what comes, and whether it may come now. */
    private final class Heard implements Receiver {
        private final StreamGrammar grammar = new StreamGrammar();
        private final Thread thread = Thread.currentThread();
        private final List<String> wrong = new ArrayList<>();
        private int deltas;
        private int events;

        @Override
        public void onConnected() {
            onLoop();
        }

        @Override
        public void onHead(Head head) {
            wrong.add("a head");
        }

        @Override
        public void onBytes(byte[] bytes, int offset, int length) {
            wrong.add("bytes");
        }

        @Override
        public void onEnd() {
            wrong.add("the end of a body");
        }

        @Override
        public void onEvent(Event event) {
            onLoop();
            events++;
            if (!grammar.accept(event)) {
                wrong.add(grammar.violation());
            }
            if (event instanceof Event.Delta) {
                deltas++;
            }
        }

        @Override
        public void onFailure(Failure failure) {
            wrong.add(failure.message());
        }

        private void onLoop() {
            if (!Thread.currentThread().equals(thread) || !loop.running) {
                wrong.add("a call that is not the loop's");
            }
        }
    }

    private Stream open(String model) {
        Adapter adapter = adapter();
        Provider provider = adapter.provider(loop);
        ProviderCall call =
                new ProviderCall(
                        Operation.GENERATE,
                        Prompt.of("Say something.")
                                .request(
                                        adapter.name(),
                                        model,
                                        200,
                                        StreamConfig.DEFAULT.sampling(true)),
                        EncodedRequest.of(new byte[0]),
                        adapter.target(model, provider),
                        Duration.ofSeconds(1),
                        "exchange-1");
        @Nullable Stream[] opened = new Stream[1];
        loop.execute(
                () -> {
                    opened[0] = provider.open(call, heard);
                    if (heard.events > 0) {
                        heard.wrong.add("an event before open has returned");
                    }
                });
        loop.runUntil("it is open", () -> opened[0] != null);
        Stream stream = opened[0];
        if (stream == null) {
            throw new AssertionError("it did not open");
        }
        return stream;
    }

    @Test
    void handsOverAWholeMessageInItsOrder() {
        open(briefModel());
        loop.runUntil("the message ends", heard.grammar::ended);
        loop.runFor(QUIET);
        assertThat(heard.wrong).isEmpty();
        assertThat(heard.deltas).isPositive();
    }

    @Test
    @Tag("R24")
    void handsNothingOverWhileItIsPausedAndLosesNothing() {
        Stream stream = open(lengthyModel());
        loop.runUntil("three tokens", () -> heard.deltas >= 3);
        loop.execute(stream::pause);
        loop.runFor(QUIET);
        int paused = heard.deltas;
        assertThat(paused).isLessThanOrEqualTo(3 + mostAfterPause());
        loop.runFor(QUIET);
        assertThat(heard.deltas).isEqualTo(paused);
        loop.execute(stream::resume);
        loop.runUntil("it goes on", () -> heard.deltas > paused + 3);
        loop.execute(stream::cancel);
        loop.runFor(QUIET);
        assertThat(heard.wrong).isEmpty();
    }

    @Test
    @Tag("R16")
    void handsNothingOverAfterItWasCancelled() {
        Stream stream = open(lengthyModel());
        loop.runUntil("a token", () -> heard.deltas >= 1);
        int[] atCancel = new int[1];
        loop.execute(
                () -> {
                    stream.cancel();
                    stream.cancel();
                    atCancel[0] = heard.events;
                });
        loop.runFor(QUIET.multipliedBy(2));
        assertThat(heard.events).isEqualTo(atCancel[0]);
        assertThat(heard.wrong).isEmpty();
    }
}

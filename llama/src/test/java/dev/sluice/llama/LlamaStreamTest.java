package dev.sluice.llama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.dialect.EncodedRequest;
import dev.sluice.core.dialect.Operation;
import dev.sluice.core.dialect.Quirks;
import dev.sluice.core.dialect.Target;
import dev.sluice.core.event.Embeddings;
import dev.sluice.core.event.Event;
import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.core.json.Raw;
import dev.sluice.core.provider.Head;
import dev.sluice.core.provider.Provider;
import dev.sluice.core.provider.ProviderCall;
import dev.sluice.core.provider.Receiver;
import dev.sluice.core.provider.Stream;
import dev.sluice.core.request.Embed;
import dev.sluice.core.request.Message;
import dev.sluice.core.request.Request;
import dev.sluice.core.request.Role;
import dev.sluice.core.request.Sampling;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/** The way of an answer from the thread of a model to an event loop, step by step. */
class LlamaStreamTest {
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final Played model = new Played();
    private final Received received = new Received();
    private @Nullable Embed embedding;

    /** A model that the test itself plays. */
    private static final class Played implements TextModel {
        private final List<JobListener> listeners = new ArrayList<>();
        private int woken;
        private int cancelled;

        @Override
        public Facts facts() {
            return new Facts("", "", "", "", "", 100, 0, 0, UsualSampling.OF_NOBODY);
        }

        @Override
        public Work start(Job job, JobListener listener) {
            listeners.add(listener);
            return new Work() {
                @Override
                public void wake() {
                    woken++;
                }

                @Override
                public void cancel() {
                    cancelled++;
                }
            };
        }

        @Override
        public void count(String prompt, Consumer<Count> whenCounted) {
            whenCounted.accept(new Count.Tokens(prompt.length()));
        }

        @Override
        public Work embed(List<String> texts, Consumer<Embedded> whenDone) {
            List<float[]> vectors = texts.stream().map(_ -> new float[] {0.6f, 0.8f}).toList();
            whenDone.accept(new Embedded.Vectors(vectors, 3 * texts.size()));
            return new Work() {
                @Override
                public void wake() {}

                @Override
                public void cancel() {
                    cancelled++;
                }
            };
        }

        @Override
        public void close() {}

        JobListener listener() {
            return listeners.getFirst();
        }
    }

    private static final class Received implements Receiver {
        private final List<Event> events = new ArrayList<>();
        private final List<Failure> failures = new ArrayList<>();
        private final List<Embeddings> embeddings = new ArrayList<>();
        private int connected;

        @Override
        public void onConnected() {
            connected++;
        }

        @Override
        public void onHead(Head head) {}

        @Override
        public void onBytes(byte[] bytes, int offset, int length) {}

        @Override
        public void onEnd() {}

        @Override
        public void onEvent(Event event) {
            events.add(event);
        }

        @Override
        public void onEmbeddings(Embeddings made) {
            embeddings.add(made);
        }

        @Override
        public void onFailure(Failure failure) {
            failures.add(failure);
        }
    }

    private Stream open(Operation operation) {
        LocalModel local = new LocalModel("m", model, new ChatMl(), Clock.systemUTC());
        return new LlamaProvider(Map.of("m", local), loop::add, Runnable::run)
                .open(call(operation), received);
    }

    private void embed(@Nullable Long dimensions) {
        embedding = new Embed(List.of("a", "b"), null, dimensions, false);
        open(Operation.EMBED);
        turn();
    }

    private ProviderCall call(Operation operation) {
        Request.Builder request = Request.builder("test");
        request.messages.add(Message.of(Role.USER, "hi"));
        request.embed = embedding;
        return new ProviderCall(
                operation,
                request.build(),
                EncodedRequest.of(new byte[0]),
                new Target("m", Quirks.vendor("local"), 0, true),
                Duration.ofSeconds(1),
                "id");
    }

    private void turn() {
        for (Runnable task = loop.poll(); task != null; task = loop.poll()) {
            task.run();
        }
    }

    @Test
    void nothingIsHeardBeforeTheLoopTurns() {
        open(Operation.GENERATE);
        model.listener().onPrompt(5, 2);
        model.listener().onToken("Hi");
        model.listener().onPause();
        model.listener().onFlush();
        assertThat(received.events).isEmpty();
        turn();
        assertThat(received.connected).isEqualTo(1);
        assertThat(received.events).hasSize(3);
        assertThat(received.events.getFirst()).isInstanceOf(Event.MessageStart.class);
    }

    @Test
    void saysWhatOfARequestIsNotDone() {
        Request.Builder request = Request.builder("test");
        request.messages.add(Message.of(Role.USER, "hi"));
        request.sampling =
                new Sampling(
                        null, null, null, null, null, null, null, null, true, 3L, null, List.of());
        request.serviceTier = "flex";
        request.extra.put("chat_template_kwargs", Raw.of("{}"));
        request.extra.put(Request.GATEWAY + "own", Raw.of("1"));
        request.extra.put("metadata", Raw.of("{}"));
        Provider provider = new LlamaProvider(Map.of(), loop::add, Runnable::run);
        Target target = new Target("m", Quirks.vendor("local"), 0, true);
        assertThat(provider.accept(request.build(), target).warnings())
                .containsExactly(
                        "dropped=logprobs",
                        "dropped=top_logprobs",
                        "dropped=service_tier",
                        "dropped=metadata");
    }

    @Test
    void theLoopIsAskedOnceForAllThatHeardSomethingInAStep() {
        LocalModel local = new LocalModel("m", model, new ChatMl(), Clock.systemUTC());
        LlamaProvider provider = new LlamaProvider(Map.of("m", local), loop::add, Runnable::run);
        provider.open(call(Operation.GENERATE), received);
        provider.open(call(Operation.GENERATE), received);
        turn();
        model.listeners.forEach(one -> one.onPrompt(5, 2));
        model.listeners.forEach(JobListener::onPause);
        assertThat(loop).isEmpty();
        model.listeners.getFirst().onFlush();
        turn();
        assertThat(received.events).hasSize(2);
        model.listeners.getLast().onFlush();
        assertThat(loop).isEmpty();
    }

    @Test
    void embeddingsAreHandedOverOnceAndAreAllThereIs() {
        embed(null);
        turn();
        assertThat(received.embeddings).hasSize(1);
        assertThat(received.embeddings.getFirst().vectors()).hasSize(2);
        assertThat(received.embeddings.getFirst().usage().totalInput()).isEqualTo(6);
        assertThat(received.events).isEmpty();
        assertThat(received.failures).isEmpty();
    }

    @Test
    void aVectorThatIsCutHasLengthOneAgain() {
        embed(1L);
        assertThat(received.embeddings.getFirst().vectors().get(1)).containsExactly(1f);
    }

    @Test
    void moreDimensionsThanTheModelMakesAreRefused() {
        embed(3L);
        assertThat(received.embeddings).isEmpty();
        assertThat(received.failures.getFirst().message()).contains("at most 2");
    }

    @Test
    void theLoopIsAskedOnceForAStep() {
        open(Operation.GENERATE);
        turn();
        model.listener().onPrompt(5, 2);
        for (int i = 0; i < 10; i++) {
            model.listener().onToken("x");
            model.listener().onPause();
            model.listener().onFlush();
        }
        assertThat(loop).hasSize(1);
    }

    @Test
    @Tag("R24")
    void aLoopThatIsBehindHoldsTheModelBackAndLetsItGoOn() {
        open(Operation.GENERATE);
        turn();
        model.listener().onPrompt(5, 2);
        int tokens = 0;
        while (model.listener().isReady() && tokens < 10_000) {
            model.listener().onToken("x");
            tokens++;
        }
        assertThat(tokens).isLessThan(100);
        model.listener().onPause();
        model.listener().onFlush();
        assertThat(model.woken).isZero();
        turn();
        assertThat(model.listener().isReady()).isTrue();
        assertThat(model.woken).isEqualTo(1);
    }

    @Test
    @Tag("R24")
    void aPauseHoldsTheModelBackAndNothingIsHeard() {
        Stream stream = open(Operation.GENERATE);
        turn();
        stream.pause();
        assertThat(model.listener().isReady()).isFalse();
        // What was on its way.
        model.listener().onPrompt(5, 2);
        model.listener().onToken("x");
        model.listener().onPause();
        model.listener().onFlush();
        turn();
        assertThat(received.events).isEmpty();
        stream.resume();
        turn();
        assertThat(model.listener().isReady()).isTrue();
        assertThat(model.woken).isEqualTo(1);
        assertThat(received.events).hasSize(3);
    }

    @Test
    @Tag("R16")
    void aCancelBeforeThePromptIsMadeReachesTheModel() {
        Queue<Runnable> prompts = new ArrayDeque<>();
        LocalModel local = new LocalModel("m", model, new ChatMl(), Clock.systemUTC());
        Stream stream =
                new LlamaProvider(Map.of("m", local), loop::add, prompts::add)
                        .open(call(Operation.GENERATE), received);
        stream.cancel();
        prompts.remove().run();
        turn();
        assertThat(model.cancelled).isEqualTo(1);
        assertThat(received.connected).isZero();
    }

    @Test
    @Tag("R16")
    void nothingIsHeardAfterACancel() {
        Stream stream = open(Operation.GENERATE);
        model.listener().onPrompt(5, 2);
        model.listener().onPause();
        model.listener().onFlush();
        stream.cancel();
        stream.cancel();
        turn();
        assertThat(received.events).isEmpty();
        assertThat(received.connected).isZero();
        assertThat(model.cancelled).isPositive();
    }

    @Test
    @Tag("R22")
    void aFailureBeforeTheStartIsNoEventAndAfterItIsOne() {
        Failure failure = Failure.of(FailureCode.UPSTREAM_ERROR, "no");
        open(Operation.GENERATE);
        model.listener().onFailure(failure);
        model.listener().onPause();
        model.listener().onFlush();
        turn();
        assertThat(received.failures).containsExactly(failure);
        assertThat(received.events).isEmpty();

        open(Operation.GENERATE);
        JobListener second = model.listeners.getLast();
        second.onPrompt(5, 0);
        second.onFailure(failure);
        second.onPause();
        second.onFlush();
        turn();
        assertThat(received.failures).hasSize(1);
        assertThat(received.events.getLast()).isEqualTo(new Event.Failed(failure));
    }

    @Test
    void aCountIsAMessageWithoutBlocks() {
        open(Operation.COUNT_TOKENS);
        turn();
        assertThat(received.events).noneMatch(Event.BlockStart.class::isInstance);
        assertThat(received.events)
                .filteredOn(Event.MessageDelta.class::isInstance)
                .singleElement()
                .extracting(event -> ((Event.MessageDelta) event).usage().input())
                .isEqualTo((long) prompt().length());
    }

    private static String prompt() {
        Request.Builder request = Request.builder("test");
        request.messages.add(Message.of(Role.USER, "hi"));
        return new ChatMl().turn(request.build()).prompt();
    }
}

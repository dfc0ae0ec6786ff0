package dev.sluice.llama;

import dev.sluice.core.failure.Failure;
import dev.sluice.core.failure.FailureCode;
import dev.sluice.llama.binding.EmbeddingContext;
import dev.sluice.llama.binding.LibraryUnusable;
import dev.sluice.llama.binding.Model;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Makes the embeddings of a model on a thread of its own, beside the decoder, one request after the
 * other. Its context is made when it is first needed: few models are asked for embeddings.
 */
final class Embedder {
    private static final System.Logger LOG = System.getLogger(Embedder.class.getName());

    private final String name;
    private final Model model;
    private final int room;
    private final int threads;
    private final Runnable whenOver;
    private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closing;
    private @Nullable EmbeddingContext context;

    /** An embedder; {@code whenOver} is run at the end of every order. */
    Embedder(String name, Model model, int room, int threads, Runnable whenOver) {
        this.name = name;
        this.model = model;
        this.room = room;
        this.threads = threads;
        this.whenOver = whenOver;
        this.thread = new Thread(null, this::run, name + " embedder", Engine.STACK_BYTES);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Texts that somebody wants to have as vectors. */
    private static final class Order implements TextModel.Work {
        private final List<String> texts;
        private final Consumer<TextModel.Embedded> whenDone;
        private volatile boolean cancelled;

        Order(List<String> texts, Consumer<TextModel.Embedded> whenDone) {
            this.texts = texts;
            this.whenDone = whenDone;
        }

        @Override
        public void wake() {}

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    /** Takes an order. Any thread. */
    TextModel.Work add(List<String> texts, Consumer<TextModel.Embedded> whenDone) {
        Order order = new Order(texts, whenDone);
        orders.add(order);
        if (closing && orders.remove(order)) {
            tell(order, new TextModel.Embedded.Failed(Decoder.closing(name)));
        }
        return order;
    }

    private void run() {
        try {
            while (!closing) {
                serve(orders.take());
            }
        } catch (InterruptedException closed) {
            // What waits is told below.
            Thread.currentThread().interrupt();
        }
        for (Order order = orders.poll(); order != null; order = orders.poll()) {
            tell(order, new TextModel.Embedded.Failed(Decoder.closing(name)));
        }
        if (context != null) {
            context.close();
        }
    }

    private void serve(Order order) {
        TextModel.Embedded done;
        try {
            done = embedded(order);
        } catch (LibraryUnusable unusable) {
            String why = String.valueOf(unusable.getMessage());
            done = failed(FailureCode.UNSUPPORTED, "the model `" + name + "`: " + why);
        } catch (RuntimeException accident) {
            LOG.log(System.Logger.Level.ERROR, "cannot make embeddings", accident);
            done = broken();
        }
        tell(order, done);
    }

    private void tell(Order order, TextModel.Embedded done) {
        whenOver.run();
        if (!order.cancelled) {
            order.whenDone.accept(done);
        }
    }

    private static TextModel.Embedded failed(FailureCode code, String message) {
        return new TextModel.Embedded.Failed(Failure.of(code, message));
    }

    private TextModel.Embedded broken() {
        return failed(FailureCode.UPSTREAM_ERROR, "the model `" + name + "` failed at a text");
    }

    private TextModel.Embedded embedded(Order order) {
        List<float[]> vectors = new ArrayList<>();
        int count = 0;
        for (String text : order.texts) {
            if (order.cancelled || closing) {
                return new TextModel.Embedded.Failed(Decoder.closing(name));
            }
            int[] tokens = model.vocabulary().tokenize(text, true, false);
            if (tokens.length == 0) {
                return new TextModel.Embedded.Failed(
                        Failure.invalid(
                                "input", "input: an empty text (expected: one with tokens)"));
            }
            if (tokens.length > room) {
                return failed(FailureCode.CONTEXT_TOO_LONG, tooLong(tokens.length));
            }
            Optional<float[]> vector = context().embed(tokens);
            if (vector.isEmpty()) {
                return broken();
            }
            vectors.add(vector.get());
            count += tokens.length;
        }
        return new TextModel.Embedded.Vectors(vectors, count);
    }

    private String tooLong(int tokens) {
        return "a text has "
                + tokens
                + " tokens, and the model `"
                + name
                + "` embeds texts of up to "
                + room
                + (room < model.trainedContext()
                        ? "; shorten it, or set `context` of the model higher"
                        : "; shorten it");
    }

    private EmbeddingContext context() {
        EmbeddingContext made = context;
        if (made == null) {
            made = EmbeddingContext.of(model, room, threads);
            context = made;
        }
        return made;
    }

    /** Ends what it does, and waits for it. */
    void close() throws InterruptedException {
        closing = true;
        thread.interrupt();
        thread.join();
    }
}

package dev.sluice.llama;

import java.util.List;
import java.util.function.Consumer;

/**
 * A model that writes texts on, many at once. It may be used on any thread, never blocks, and tells
 * its listeners what it does on a thread of its own.
 */
public interface TextModel extends AutoCloseable {
    /**
     * What is to be known of a model.
     *
     * @param title what its makers call it, empty if they do not say
     * @param kind its architecture, size and precision
     * @param template the chat template that it brings along, empty if it brings none
     * @param begin the name of the token that begins a text, empty if there is none
     * @param end the name of the token that ends one, empty if there is none
     * @param room tokens of prompt and answer together
     * @param bytes size of its weights
     * @param parameters how many it has
     * @param sampling how its tokens are drawn when nobody says
     */
    record Facts(
            String title,
            String kind,
            String template,
            String begin,
            String end,
            int room,
            long bytes,
            long parameters,
            UsualSampling sampling) {}

    /** What is to be known of it. */
    Facts facts();

    /**
     * Starts to write a text on; the listener hears nothing before this method has returned.
     *
     * @throws dev.sluice.core.failure.FailureException if too many are being written and wait
     */
    Work start(Job job, JobListener listener);

    /**
     * Counts the tokens of {@code prompt}.
     *
     * @throws dev.sluice.core.failure.FailureException if too many are being written and wait
     */
    void count(String prompt, Consumer<Count> whenCounted);

    /**
     * Makes a vector of each of {@code texts}.
     *
     * @throws dev.sluice.core.failure.FailureException if too many are being written and wait
     */
    Work embed(List<String> texts, Consumer<Embedded> whenDone);

    /** Vectors, or why there are none. */
    sealed interface Embedded {
        /** One of each text, each of length 1, and how many tokens they were made of. */
        record Vectors(List<float[]> vectors, int tokens) implements Embedded {
            /** Copies the list. */
            public Vectors {
                vectors = List.copyOf(vectors);
            }
        }

        /** None. */
        record Failed(dev.sluice.core.failure.Failure failure) implements Embedded {}
    }

    /** A count of tokens, or why there is none. */
    sealed interface Count {
        /** So many. */
        record Tokens(int number) implements Count {}

        /** None. */
        record Failed(dev.sluice.core.failure.Failure failure) implements Count {}
    }

    /** The way back to a text that is being written. Any thread may call. */
    interface Work {
        /** The listener is ready again. */
        void wake();

        /** Nobody wants the text: no more of it is written, and its listener hears nothing more. */
        void cancel();
    }

    /** Gives up all texts, which fail, and all memory. */
    @Override
    void close();
}

package dev.sluice.sdktests;

import java.time.Duration;
import java.util.List;

/** A vendor's own library, with what the tests do in both. */
sealed interface Sdk extends AutoCloseable permits OpenAiSdk, AnthropicSdk {

    /** A stream that is being heard. */
    interface Hearing extends AutoCloseable {
        /** Waits for the next event; false at the stream's end. */
        boolean next();

        /** All text so far. */
        String text();

        /** Whether the start of a call has been heard. */
        boolean hasBegunACall();

        /** What the library's accumulator made of it; after the end. */
        Heard whole();

        @Override
        void close();
    }

    /** Asks for a whole answer. */
    Heard ask(Question question);

    /** Asks for a whole answer and gives up after {@code patience}, as the library gives up. */
    Heard ask(Question question, Duration patience);

    /** Asks for a stream. */
    Hearing open(Question question);

    /** Asks for a stream and gives up after {@code patience}. */
    Hearing open(Question question, Duration patience);

    /** The names of all models. */
    List<String> models();

    /** The name of one model, as the library tells it. */
    String model(String id);

    /** What an exception of this library says; an assertion failure if it is none. */
    Problem explain(RuntimeException thrown);

    /** Asks for a stream and hears it to its end. */
    default Heard hear(Question question) {
        try (Hearing hearing = open(question)) {
            while (hearing.next()) {
                // the accumulator listens
            }
            return hearing.whole();
        }
    }

    /** Asks, streamed or not. */
    default Heard ask(Question question, boolean streamed) {
        return streamed ? hear(question) : ask(question);
    }

    /** Asks and fails, streamed or not. */
    default Problem fail(Question question, boolean streamed) {
        Heard heard;
        try {
            heard = ask(question, streamed);
        } catch (RuntimeException thrown) {
            return explain(thrown);
        }
        throw new AssertionError("an exception was expected, and this was heard: " + heard);
    }

    @Override
    void close();
}

package dev.sluice.cli.chat;

import dev.sluice.client.SluiceException;
import dev.sluice.client.StreamConfig;
import dev.sluice.client.TokenStream;

import java.io.PrintStream;

/**
 * A question and its answer, for pipes: the text goes to standard output as it comes, and nothing
 * else does; what went wrong goes to standard error.
 */
public final class OneAnswer {
    private final Answerer answerer;
    private final StreamConfig config;
    private final PrintStream out;
    private final PrintStream err;

    /** Questions to {@code answerer}. */
    public OneAnswer(Answerer answerer, StreamConfig config, PrintStream out, PrintStream err) {
        this.answerer = answerer;
        this.config = config;
        this.out = out;
        this.err = err;
    }

    /** Asks {@code question}; how it ended. */
    public Outcome ask(Conversation conversation, String question) {
        conversation.ask(question);
        String model = answerer.prefix() + answerer.model();
        Asked asked;
        try (TokenStream stream = answerer.client().stream(model, conversation.prompt(), config)) {
            asked = Asked.show(stream, new PlainView(out));
        } catch (SluiceException refused) {
            asked = new Asked(Outcome.of(refused), refused.partial(), refused);
        }
        Endings.sentence(asked).ifPresent(sentence -> err.println("sluice: " + sentence));
        return asked.outcome();
    }
}

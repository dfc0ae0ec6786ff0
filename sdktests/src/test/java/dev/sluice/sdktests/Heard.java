package dev.sluice.sdktests;

import java.util.List;
import java.util.Optional;

/**
 * What a library made of an answer: of a stream by its own accumulator.
 *
 * @param message the library's own object
 * @param id the answer's id
 * @param model the model's name
 * @param text all text
 * @param refusal the text of a refusal, where the library tells it apart
 * @param thoughts what was thought, in order
 * @param redacted what was thought and may not be read
 * @param calls the calls, in order
 * @param stop why it ended, in the word of the library's vendor
 * @param stopSequence at which text it ended, where the library tells it
 * @param tokens what it cost, as the library's vendor counts
 */
record Heard(
        Object message,
        String id,
        String model,
        String text,
        Optional<String> refusal,
        List<Thought> thoughts,
        List<String> redacted,
        List<Call> calls,
        String stop,
        Optional<String> stopSequence,
        Tokens tokens) {

    /** A thought and its signature, empty if it has none. */
    record Thought(String text, String signature) {}

    /**
     * A call; {@code arguments} is the text as it came, or the JSON of what the library shows when
     * it shows no text.
     */
    record Call(String id, String name, String arguments) {}

    /**
     * Counts of tokens, as the library's vendor counts: OpenAI's input includes what was cached,
     * Anthropic's does not.
     */
    record Tokens(long input, long cacheRead, long cacheWritten, long output, long thinking) {}
}

package dev.sluice.testkit.stream;

import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.sse.SseParser;

import java.util.List;

/**
 * Refuses whatever a stream of Ollama's API that we wrote must not contain, and folds the rest:
 *
 * <ul>
 *   <li>lines in the strict form of {@link SseParser#ndjson()}, each one JSON object of less than 8
 *       MiB; {@code done} is true in the last one and nowhere else;
 *   <li>{@code model} and {@code created_at} in every line, the model the same in all that say
 *       something, and no {@code error} member in a good one; all lines have a message, or all a
 *       response;
 *   <li>content always a string; thinking never empty; calls never an empty list, with an id, a
 *       name, arguments that are an object, and indices that count from 0 without gaps;
 *   <li>counts and durations above 0, in the last line alone, with a reason from the list;
 *   <li>an error is a line with {@code error}, a string that says something, and nothing follows.
 * </ul>
 */
public final class OllamaStreamValidator {
    private final boolean strict;

    private OllamaStreamValidator(boolean strict) {
        this.strict = strict;
    }

    /** For what we write. */
    public static OllamaStreamValidator strict() {
        return new OllamaStreamValidator(true);
    }

    /** Folds what a sloppy server wrote, and refuses only what is no line of JSON. */
    public static OllamaStreamValidator lenient() {
        return new OllamaStreamValidator(false);
    }

    /** Checks a whole body. */
    public FoldedAnswer validate(byte[] body) {
        return validate(SseParser.ndjson(body));
    }

    /** Checks lines that were read one by one; the reader has checked their framing. */
    public FoldedAnswer validate(List<SseEvent> lines) {
        OllamaFold fold = new OllamaFold(new WriterRules(strict));
        lines.forEach(fold::onLine);
        return fold.finish();
    }
}

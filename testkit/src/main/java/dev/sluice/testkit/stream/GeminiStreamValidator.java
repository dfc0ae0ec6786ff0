package dev.sluice.testkit.stream;

import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.sse.SseParser;

import java.util.List;

/**
 * Refuses whatever a stream of Gemini's API that we wrote must not contain, and folds the rest:
 *
 * <ul>
 *   <li>events in the strict form of {@link SseParser#strict()}, without a name, each one JSON
 *       object; no {@code [DONE]};
 *   <li>one candidate in each, or none where the prompt was blocked; index 0; its content has the
 *       role {@code model} and at least one part; each part one thing: a text, a call whose
 *       arguments are an object, or one of the vendor's own;
 *   <li>the model and the id of the answer in each, the same in all;
 *   <li>a reason in the last one and nowhere else, with counts whose sum is right;
 *   <li>an error is a status with a code, a message and a name, and nothing follows.
 * </ul>
 */
public final class GeminiStreamValidator {
    private final boolean strict;

    private GeminiStreamValidator(boolean strict) {
        this.strict = strict;
    }

    /** For what we write. */
    public static GeminiStreamValidator strict() {
        return new GeminiStreamValidator(true);
    }

    /** Folds what others wrote, and refuses only what is no JSON. */
    public static GeminiStreamValidator lenient() {
        return new GeminiStreamValidator(false);
    }

    /** Checks a whole body. */
    public FoldedAnswer validate(byte[] body) {
        return validate(strict ? SseParser.strict(body) : SseParser.lenient(body));
    }

    /** Checks events that were read one by one; the reader has checked their framing. */
    public FoldedAnswer validate(List<SseEvent> events) {
        GeminiFold fold = new GeminiFold(new WriterRules(strict));
        events.forEach(fold::onEvent);
        return fold.finish();
    }
}

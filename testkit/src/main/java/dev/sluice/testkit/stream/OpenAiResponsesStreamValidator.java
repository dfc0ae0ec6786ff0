package dev.sluice.testkit.stream;

import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.sse.SseParser;

import java.util.List;

/**
 * Refuses whatever an OpenAI Responses stream that we wrote must not contain, and folds the rest:
 *
 * <ul>
 *   <li>events in the strict form of {@link SseParser#strict()}, each named as it is typed, of a
 *       type that is known, and numbered from 0 without gaps; no {@code [DONE]};
 *   <li>{@code response.created} first, with no output and no usage;
 *   <li>items one after the other, with indices from 0 without gaps; parts inside of their item,
 *       deltas inside of their part, each with the ids and indices of what it belongs to;
 *   <li>what is done repeats what came in deltas, item by item, and the terminal event repeats all
 *       items, with a usage whose sums are right;
 *   <li>exactly one terminal event: completed, incomplete with a reason, failed with an error, or
 *       an {@code error} in both of its forms; nothing after it.
 * </ul>
 */
public final class OpenAiResponsesStreamValidator {
    private final boolean strict;

    private OpenAiResponsesStreamValidator(boolean strict) {
        this.strict = strict;
    }

    /** For streams that we wrote. */
    public static OpenAiResponsesStreamValidator strict() {
        return new OpenAiResponsesStreamValidator(true);
    }

    /** Folds what others wrote, and refuses only what is not JSON: for streams that are relayed. */
    public static OpenAiResponsesStreamValidator lenient() {
        return new OpenAiResponsesStreamValidator(false);
    }

    /** Checks a whole body. */
    public FoldedAnswer validate(byte[] body) {
        return validate(strict ? SseParser.strict(body) : SseParser.lenient(body));
    }

    /** Checks events that were read one by one; the reader has checked their framing. */
    public FoldedAnswer validate(List<SseEvent> events) {
        ResponsesFold fold = new ResponsesFold(new WriterRules(strict));
        events.forEach(fold::onEvent);
        return fold.finish();
    }
}

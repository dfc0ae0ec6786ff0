package dev.sluice.testkit.stream;

import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.sse.SseParser;

import java.util.List;

/**
 * Refuses whatever an OpenAI Chat Completions stream that we wrote must not contain, and folds the
 * rest:
 *
 * <ul>
 *   <li>only unnamed events in the strict form of {@link SseParser#strict()}; each one JSON object,
 *       then exactly one {@code [DONE]} at the very end; after an error nothing, not even that;
 *   <li>{@code id}, {@code object}, {@code created}, {@code model}, {@code choices} in every chunk,
 *       the same throughout, and no {@code error} member in a good one;
 *   <li>role once, in the first delta of each choice; no delta without content except in the finish
 *       chunk, which has only that;
 *   <li>one finish reason per choice, from the list, after all deltas; {@code tool_calls} only
 *       where there are some;
 *   <li>usage in a chunk of its own with {@code choices: []}, last, exactly if it was asked for,
 *       and its sums are right;
 *   <li>tool fragments: index from 0 without gaps, one call after the other, id, type and name in
 *       the opening fragment and only there, arguments always a string; no id twice;
 *   <li>at most 128 choices and calls.
 * </ul>
 *
 * {@snippet :
 * FoldedAnswer answer = OpenAiChatStreamValidator.expectingUsage().validate(response.body());
 * JsonSubset.assertSubset(golden.expected(), answer.response());
 * }
 */
public final class OpenAiChatStreamValidator {
    private final boolean strict;
    private final boolean usageAsked;

    private OpenAiChatStreamValidator(boolean strict, boolean usageAsked) {
        this.strict = strict;
        this.usageAsked = usageAsked;
    }

    /** For a request with {@code stream_options.include_usage}. */
    public static OpenAiChatStreamValidator expectingUsage() {
        return new OpenAiChatStreamValidator(true, true);
    }

    /** For a request that did not ask for usage. */
    public static OpenAiChatStreamValidator expectingNoUsage() {
        return new OpenAiChatStreamValidator(true, false);
    }

    /**
     * Folds what a sloppy server wrote, and refuses only what is not JSON: for streams that are
     * relayed.
     */
    public static OpenAiChatStreamValidator lenient() {
        return new OpenAiChatStreamValidator(false, true);
    }

    /** Checks a whole body. */
    public FoldedAnswer validate(byte[] body) {
        return validate(strict ? SseParser.strict(body) : SseParser.lenient(body));
    }

    /** Checks events that were read one by one; the reader has checked their framing. */
    public FoldedAnswer validate(List<SseEvent> events) {
        ChatFold fold = new ChatFold(new WriterRules(strict), usageAsked);
        events.forEach(fold::onEvent);
        return fold.finish();
    }
}

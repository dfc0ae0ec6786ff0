package dev.sluice.testkit.stream;

import dev.sluice.testkit.sse.SseEvent;
import dev.sluice.testkit.sse.SseParser;

import java.util.List;

/**
 * Refuses whatever an Anthropic Messages stream that we wrote must not contain, and folds the rest:
 *
 * <ul>
 *   <li>the strict form of {@link SseParser#strict()}; every event named like its {@code type}, and
 *       no type that the dialect does not know;
 *   <li>{@code message_start} once and first (pings may come before), complete with empty content
 *       and usage;
 *   <li>blocks one after the other, index 0, 1, 2 …, closed before the next starts; start members
 *       as the official clients need them;
 *   <li>deltas only for the open block, and of a type that fits it; at least one {@code
 *       input_json_delta} per tool use; exactly one {@code signature_delta} per thinking block, and
 *       nothing after it; none for redacted thinking;
 *   <li>with the stop reason {@code tool_use}: there are tool uses, and their input is an object
 *       (or empty); no tool id twice;
 *   <li>{@code message_delta} after all blocks, with {@code usage.output_tokens}, a known stop
 *       reason, and {@code stop_sequence} exactly if that is the reason;
 *   <li>{@code message_stop} once and last; an error event last, and nothing after either.
 * </ul>
 */
public final class AnthropicStreamValidator {
    private final boolean strict;
    private final boolean signaturesNeeded;

    private AnthropicStreamValidator(boolean strict, boolean signaturesNeeded) {
        this.strict = strict;
        this.signaturesNeeded = signaturesNeeded;
    }

    /** All rules. */
    public static AnthropicStreamValidator strict() {
        return new AnthropicStreamValidator(true, true);
    }

    /**
     * Folds what a sloppy server wrote, and refuses only what is not JSON: for streams that are
     * relayed.
     */
    public static AnthropicStreamValidator lenient() {
        return new AnthropicStreamValidator(false, false);
    }

    /**
     * The same, but a thinking block may go without a signature, as one that another vendor
     * thought.
     */
    public AnthropicStreamValidator allowingUnsignedThinking() {
        return new AnthropicStreamValidator(strict, false);
    }

    /** Checks a whole body. */
    public FoldedAnswer validate(byte[] body) {
        return validate(strict ? SseParser.strict(body) : SseParser.lenient(body));
    }

    /** Checks events that were read one by one; the reader has checked their framing. */
    public FoldedAnswer validate(List<SseEvent> events) {
        AnthropicFold fold = new AnthropicFold(new WriterRules(strict), signaturesNeeded);
        events.forEach(fold::onEvent);
        return fold.finish();
    }
}

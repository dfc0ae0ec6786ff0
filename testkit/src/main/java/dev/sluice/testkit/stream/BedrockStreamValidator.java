package dev.sluice.testkit.stream;

/**
 * Refuses whatever a stream of ConverseStream that we wrote must not contain, and folds the rest:
 *
 * <ul>
 *   <li>frames that are whole and sound, with fields of text, each one JSON object;
 *   <li>messageStart first and once; blocks one after the other with indices from 0 without gaps;
 *       contentBlockStart for tool uses alone; nothing in a block but its one kind, and nothing
 *       empty;
 *   <li>messageStop with a reason from the list, then metadata with counts, then nothing;
 *   <li>a failure is an exception of one of five kinds that says something, and nothing follows.
 * </ul>
 */
public final class BedrockStreamValidator {
    private BedrockStreamValidator() {}

    /** Checks a whole body. */
    public static FoldedAnswer validate(byte[] body) {
        return fold(body, true);
    }

    /** Folds what others wrote, and refuses only frames that are damaged. */
    public static FoldedAnswer fold(byte[] body) {
        return fold(body, false);
    }

    private static FoldedAnswer fold(byte[] body, boolean strict) {
        BedrockFold fold = new BedrockFold(new WriterRules(strict));
        BedrockFrames.read(body).forEach(fold::onFrame);
        return fold.finish();
    }
}

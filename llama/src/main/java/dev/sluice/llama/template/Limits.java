package dev.sluice.llama.template;

/**
 * How much a rendering may do.
 *
 * @param maxText longest text that it may make, in characters
 * @param maxWork most steps that it may take, where eight characters or elements count as one
 * @param maxDepth how deep macros may call macros
 */
public record Limits(long maxText, long maxWork, int maxDepth) {
    /** Far more than a conversation of any size takes. */
    public static final Limits DEFAULT = new Limits(64 << 20, 500_000_000L, 100);

    /** Checks that there is room. */
    public Limits {
        if (maxText < 1 || maxWork < 1 || maxDepth < 1) {
            throw new IllegalArgumentException(
                    "limits: " + maxText + ", " + maxWork + ", " + maxDepth + " (expected: > 0)");
        }
    }
}

package dev.sluice.llama.template;

/**
 * How much one rendering may do. A template is data from a file: whatever it says, it ends, and
 * takes no more memory than this.
 */
final class Budget {
    private final Limits limits;
    private long work;
    private int depth;

    Budget(Limits limits) {
        this.limits = limits;
    }

    /** Counts a step of {@code size} characters or elements. */
    void spend(long size) {
        work += 1 + (size >> 3);
        if (work > limits.maxWork()) {
            throw TemplateException.of("the template works too long");
        }
    }

    /** Counts a text of {@code length} characters that was made. */
    void text(long length) {
        growing(length);
        spend(length);
    }

    /** Checks a text that has grown to {@code length} characters. */
    void growing(long length) {
        if (length > limits.maxText()) {
            throw TemplateException.of(
                    "the template makes a text of more than " + limits.maxText() + " characters");
        }
    }

    /** Enters a macro or a nested value. */
    void enter() {
        depth++;
        if (depth > limits.maxDepth()) {
            throw TemplateException.of("the template nests too deep");
        }
    }

    void leave() {
        depth--;
    }
}

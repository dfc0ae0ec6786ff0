package dev.sluice.core.json;

/**
 * The bytes are not the JSON that was expected: not well formed, or of another type. Says where
 * ({@link #path()}, {@link #offset()}) and what was expected; never carries any of the content.
 */
public final class MalformedJson extends RuntimeException {
    private final String path;
    private final int offset;

    MalformedJson(String path, int offset, String message) {
        super(message, null, false, false);
        this.path = path;
        this.offset = offset;
    }

    /** Where in the document, such as {@code messages[0].role}; empty at the root. */
    public String path() {
        return path;
    }

    /** Offset in bytes from the start of the document. */
    public int offset() {
        return offset;
    }

    /** What was expected and what was found. */
    public String expectation() {
        return String.valueOf(super.getMessage());
    }

    @Override
    public String getMessage() {
        return (path.isEmpty() ? "" : path + ": ")
                + super.getMessage()
                + " (at byte "
                + offset
                + ")";
    }
}

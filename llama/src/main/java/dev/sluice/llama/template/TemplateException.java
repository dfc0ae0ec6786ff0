package dev.sluice.llama.template;

/**
 * A template is malformed, or cannot be rendered with the variables that it was given. Says at
 * which line and column; has no stack trace, since the fault lies in the template.
 */
public final class TemplateException extends RuntimeException {
    private final String problem;
    private final int line;
    private final int column;
    private final boolean raised;

    private TemplateException(String problem, int line, int column, boolean raised) {
        super(
                line == 0 ? problem : "line " + line + ", column " + column + ": " + problem,
                null,
                false,
                false);
        this.problem = problem;
        this.line = line;
        this.column = column;
        this.raised = raised;
    }

    /** An error whose place is not known yet. */
    static TemplateException of(String problem) {
        return new TemplateException(problem, 0, 0, false);
    }

    /** An error that the template itself raises. */
    static TemplateException raisedBy(String message) {
        return new TemplateException(message, 0, 0, true);
    }

    /** An error at {@code offset} of {@code source}. */
    static TemplateException at(String source, int offset, String problem) {
        return of(problem).placed(source, offset);
    }

    /** This error with its place in {@code source}, unless it has one. */
    TemplateException placed(String source, int offset) {
        if (line > 0) {
            return this;
        }
        int end = Math.min(offset, source.length());
        int lineStart = source.lastIndexOf('\n', end - 1) + 1;
        int lines = 1;
        for (int i = 0; i < lineStart; i++) {
            if (source.charAt(i) == '\n') {
                lines++;
            }
        }
        return new TemplateException(problem, lines, end - lineStart + 1, raised);
    }

    /** What is wrong, without the place. */
    public String problem() {
        return problem;
    }

    /** The line, counted from 1; 0 if not known. */
    public int line() {
        return line;
    }

    /** The column, counted from 1; 0 if not known. */
    public int column() {
        return column;
    }

    /** Whether the template raised it on purpose, to refuse a conversation. */
    public boolean raised() {
        return raised;
    }
}

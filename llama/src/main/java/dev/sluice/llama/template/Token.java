package dev.sluice.llama.template;

/**
 * A piece of a template.
 *
 * @param at its offset in the source
 */
record Token(Kind kind, String text, int at) {
    /** The kinds of pieces. */
    enum Kind {
        /** What is printed as it is. */
        TEXT,
        PRINT_BEGIN,
        PRINT_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    /** How it is called in a sentence to a person. */
    String words() {
        return switch (kind) {
            case TEXT -> "text";
            case PRINT_BEGIN -> "`{{`";
            case PRINT_END -> "`}}`";
            case BLOCK_BEGIN -> "`{%`";
            case BLOCK_END -> "`%}`";
            case STRING -> "a string";
            case END -> "the end of the template";
            case NAME, INTEGER, FLOAT, OPERATOR -> "`" + text + "`";
        };
    }
}

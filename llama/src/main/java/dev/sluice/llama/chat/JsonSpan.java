package dev.sluice.llama.chat;

/** Tells where one JSON value ends, character by character. */
final class JsonSpan {
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean scalar;
    private boolean begun;

    /** What a character is to the value. */
    enum Place {
        INSIDE,
        /** The last character of the value. */
        LAST,
        /** The value ended before this character. */
        BEHIND
    }

    void reset() {
        depth = 0;
        inString = false;
        escaped = false;
        scalar = false;
        begun = false;
    }

    Place take(char c) {
        if (inString) {
            return string(c);
        }
        if (scalar) {
            return c == ',' || c == '}' || c == ']' || Lookout.isSpace(c)
                    ? Place.BEHIND
                    : Place.INSIDE;
        }
        switch (c) {
            case '"' -> inString = true;
            case '{', '[' -> depth++;
            case '}', ']' -> {
                depth--;
                if (depth <= 0) {
                    return depth < 0 ? Place.BEHIND : Place.LAST;
                }
            }
            default -> scalar = !begun && depth == 0;
        }
        begun = true;
        return Place.INSIDE;
    }

    private Place string(char c) {
        if (escaped) {
            escaped = false;
        } else if (c == '\\') {
            escaped = true;
        } else if (c == '"') {
            inString = false;
            return depth == 0 ? Place.LAST : Place.INSIDE;
        }
        return Place.INSIDE;
    }
}

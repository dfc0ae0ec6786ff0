package dev.sluice.core.event;

import dev.sluice.core.json.Text;

/**
 * Tells when the pieces of one JSON object, as they come, have reached its end: every bracket
 * outside of strings is closed. It looks at brackets and quotation marks alone, one state for each
 * byte, so that it can watch every fragment of a tool's arguments.
 */
final class JsonCompleteness {
    private int depth;
    private boolean inString;
    private boolean afterBackslash;
    private boolean begun;

    /** Takes the next piece. */
    void feed(Text piece) {
        for (int i = 0; i < piece.length(); i++) {
            byte b = piece.at(i);
            if (b != '\\') {
                character((char) (b & 0xff));
                continue;
            }
            byte kind = piece.at(++i);
            if (kind == 'u') {
                character(unicode(piece, i + 1));
                i += 4;
            } else {
                character(kind == '"' || kind == '\\' || kind == '/' ? (char) kind : ' ');
            }
        }
    }

    private static char unicode(Text piece, int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            value = value << 4 | Character.digit(piece.at(i), 16);
        }
        return (char) value;
    }

    private void character(char c) {
        if (inString) {
            if (afterBackslash) {
                afterBackslash = false;
            } else if (c == '\\') {
                afterBackslash = true;
            } else if (c == '"') {
                inString = false;
            }
            return;
        }
        switch (c) {
            case '"' -> inString = true;
            case '{', '[' -> {
                depth++;
                begun = true;
            }
            case '}', ']' -> depth--;
            default -> {}
        }
    }

    /** Whether the object has begun and is closed. */
    boolean complete() {
        return begun && depth <= 0 && !inString;
    }
}

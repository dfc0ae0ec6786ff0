package dev.sluice.llama.chat;

/** Reads the inside of a JSON string, character by character. */
final class JsonString {
    private boolean escaped;
    private int digits;
    private int unit;

    void reset() {
        escaped = false;
        digits = 0;
        unit = 0;
    }

    /** Takes the next character; what it means goes to {@code out}. Whether it ends the string. */
    boolean take(char c, StringBuilder out) {
        if (digits > 0) {
            unit = unit << 4 | Math.max(0, Character.digit(c, 16));
            digits--;
            if (digits == 0) {
                out.append((char) unit);
            }
        } else if (escaped) {
            escaped = false;
            escape(c, out);
        } else if (c == '\\') {
            escaped = true;
        } else if (c == '"') {
            return true;
        } else {
            out.append(c);
        }
        return false;
    }

    private void escape(char c, StringBuilder out) {
        switch (c) {
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'u' -> {
                digits = 4;
                unit = 0;
            }
            default -> out.append(c);
        }
    }
}

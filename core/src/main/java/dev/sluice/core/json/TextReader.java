package dev.sluice.core.json;

/**
 * Reads the characters of texts one after the other, unescaped, without making a string of them.
 * Characters are those of UTF-16: one beyond U+FFFF comes as a pair of surrogates.
 */
public final class TextReader {
    private Text text = Text.EMPTY;
    private int at;
    private char lowSurrogate;

    /** Starts over at the first character of {@code next}. */
    public void reset(Text next) {
        text = next;
        at = 0;
        lowSurrogate = 0;
    }

    /** Whether there is one more character. */
    public boolean hasNext() {
        return at < text.length() || lowSurrogate != 0;
    }

    /** The next character; there must be one. */
    public char next() {
        if (lowSurrogate != 0) {
            char low = lowSurrogate;
            lowSurrogate = 0;
            return low;
        }
        byte b = text.at(at++);
        if (b == '\\') {
            return escape();
        }
        return b >= 0 ? (char) b : multibyte(b);
    }

    private char escape() {
        byte kind = text.at(at++);
        if (kind != 'u') {
            return Text.simpleEscape(kind);
        }
        at += 4;
        return (char) Text.hex4(text.bytes(), text.offset() + at - 4);
    }

    private char multibyte(byte lead) {
        if ((lead & 0xe0) == 0xc0) {
            return (char) ((lead & 0x1f) << 6 | more());
        }
        if ((lead & 0xf0) == 0xe0) {
            return (char) ((lead & 0x0f) << 12 | more() << 6 | more());
        }
        int point = (lead & 0x07) << 18 | more() << 12 | more() << 6 | more();
        lowSurrogate = Character.lowSurrogate(point);
        return Character.highSurrogate(point);
    }

    private int more() {
        return text.at(at++) & 0x3f;
    }
}

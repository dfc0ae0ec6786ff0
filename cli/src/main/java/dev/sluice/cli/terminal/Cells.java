package dev.sluice.cli.terminal;

import org.jline.utils.WCWidth;

/** How text fills the cells of a terminal, and which of it must never reach one. */
public final class Cells {
    private static final int PICTURES = 0x2400;
    private static final int DELETE_PICTURE = 0x2421;

    private Cells() {}

    /** The cells that a character takes: 0, 1 or 2. */
    public static int width(int point) {
        return Math.max(0, WCWidth.wcwidth(point));
    }

    /** The cells that {@code text} takes. */
    public static int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            width += width(text.codePointAt(i));
        }
        return width;
    }

    /** As much of {@code text} as fits into {@code cells}. */
    public static String cut(String text, int cells) {
        int width = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            width += width(point);
            if (width > cells) {
                return text.substring(0, i);
            }
            i += Character.charCount(point);
        }
        return text;
    }

    /** {@code text} with as many spaces behind it as fill {@code cells}. */
    public static String padded(String text, int cells) {
        return text + " ".repeat(Math.max(0, cells - width(text)));
    }

    /** {@code text} on one line, and harmless: for names and sentences that come from others. */
    public static String line(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .forEach(point -> out.appendCodePoint(point == '\n' ? ' ' : harmless(point)));
        return out.toString();
    }

    /**
     * What is shown in place of {@code point}: a picture of a control character, for what a model
     * says must not command the terminal of whoever reads it; nothing that turns the direction of
     * what follows.
     */
    static int harmless(int point) {
        if (point < ' ') {
            return PICTURES + point;
        }
        if (point == 0x7f) {
            return DELETE_PICTURE;
        }
        boolean turns = point >= 0x202a && point <= 0x202e || point >= 0x2066 && point <= 0x2069;
        boolean alone = point >= 0xd800 && point <= 0xdfff;
        return point < 0xa0 && point > 0x7f || turns || alone ? 0xfffd : point;
    }
}

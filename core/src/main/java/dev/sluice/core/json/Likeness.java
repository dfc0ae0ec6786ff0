package dev.sluice.core.json;

import java.util.Arrays;

/**
 * Recognises a document that differs from an earlier one in a single string.
 *
 * <p>Nearly every frame of a stream is the frame before it with another piece of text. Comparing
 * what stands before and after the text is a fraction of the work of reading it again, and proves
 * as much. What stands before it ends with the quotation mark that opens a string, so a reader is
 * inside of a string behind it, in both documents. The text is checked to be the inside of a
 * string: it has no bare quotation mark, and no escape or character that is cut. So the string ends
 * with the quotation mark that what stands after it begins with, in both documents, and the rest is
 * equal byte for byte.
 *
 * <p>A document that is not alike is read as usual, to its end, and may be learnt in its turn.
 */
public final class Likeness {
    private static final byte[] NOTHING = new byte[0];

    /** Longer frames than this are not worth remembering for each stream. */
    private static final int LONGEST = 2048;

    private byte[] before = NOTHING;
    private byte[] after = NOTHING;
    private Text text = Text.EMPTY;

    /**
     * Remembers a document and the place of its text, which must be a slice of that document as
     * {@link JsonReader#text} gave it.
     */
    public void learn(byte[] document, int offset, int length, Text slice) {
        int from = slice.offset();
        int to = from + slice.length();
        boolean whole =
                slice.isIn(document)
                        && from > offset
                        && to < offset + length
                        && document[from - 1] == '"'
                        && document[to] == '"';
        if (!whole || length - slice.length() > LONGEST) {
            before = NOTHING;
            return;
        }
        before = Arrays.copyOfRange(document, offset, from);
        after = Arrays.copyOfRange(document, to, offset + length);
    }

    /**
     * Whether the document is the remembered one but for its text; then {@link #text} is that text.
     */
    public boolean matches(byte[] document, int offset, int length) {
        int from = offset + before.length;
        int to = offset + length - after.length;
        if (before.length == 0
                || from > to
                || !Arrays.equals(document, offset, from, before, 0, before.length)
                || !Arrays.equals(document, to, offset + length, after, 0, after.length)
                || !JsonReader.isContent(document, from, to)) {
            return false;
        }
        text = Text.ofEscaped(document, from, to - from);
        return true;
    }

    /** The text of the document that matched last, a slice of it. */
    public Text text() {
        return text;
    }

    /** Forgets. */
    public void forget() {
        before = NOTHING;
        after = NOTHING;
    }
}

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
 * <p>One more string may differ, behind the text: some senders pad their frames so that nobody can
 * tell a token by its length. Where what differs without being of interest stands in front, such as
 * a time, the two change places: {@link #behind} is the text.
 *
 * <p>A document that is not alike is read as usual, to its end, and may be learnt in its turn.
 */
public final class Likeness {
    private static final byte[] NOTHING = new byte[0];

    /** Longer frames than this are not worth remembering for each stream. */
    private static final int LONGEST = 2048;

    private byte[] before = NOTHING;

    /** From the text to the noise behind it; empty where there is none. */
    private byte[] between = NOTHING;

    private byte[] after = NOTHING;
    private Text text = Text.EMPTY;
    private Text behind = Text.EMPTY;

    /**
     * Remembers a document and the place of its text, which must be a slice of that document as
     * {@link JsonReader#text} gave it.
     */
    public void learn(byte[] document, int offset, int length, Text slice) {
        learn(document, offset, length, slice, Text.EMPTY);
    }

    /**
     * Remembers a document, the place of its text, and behind that the place of another string of
     * which the content is of no interest, such as padding. Both must be slices of that document as
     * {@link JsonReader#text} gave them; an empty noise is none.
     */
    public void learn(byte[] document, int offset, int length, Text slice, Text noise) {
        int from = slice.offset();
        int to = from + slice.length();
        int end = offset + length;
        forget();
        if (!stands(slice, document, offset, end)
                || length - slice.length() - noise.length() > LONGEST) {
            return;
        }
        if (noise.isEmpty()) {
            after = Arrays.copyOfRange(document, to, end);
        } else if (noise.offset() > to && stands(noise, document, to, end)) {
            between = Arrays.copyOfRange(document, to, noise.offset());
            after = Arrays.copyOfRange(document, noise.offset() + noise.length(), end);
        } else {
            return;
        }
        before = Arrays.copyOfRange(document, offset, from);
    }

    /** Whether the slice is the inside of a string of the document. */
    private static boolean stands(Text slice, byte[] document, int start, int end) {
        int from = slice.offset();
        int to = from + slice.length();
        return slice.isIn(document)
                && from > start
                && to < end
                && document[from - 1] == '"'
                && document[to] == '"';
    }

    /**
     * Whether the document is the remembered one but for its text; then {@link #text} is that text.
     */
    public boolean matches(byte[] document, int offset, int length) {
        int from = offset + before.length;
        int end = offset + length;
        if (before.length == 0
                || from + after.length > end
                || !Arrays.equals(document, offset, from, before, 0, before.length)
                || !Arrays.equals(document, end - after.length, end, after, 0, after.length)) {
            return false;
        }
        int to = textEnd(document, from, end - after.length);
        if (to < 0) {
            return false;
        }
        text = Text.ofEscaped(document, from, to - from);
        int noise = to + between.length;
        behind =
                between.length == 0
                        ? Text.EMPTY
                        : Text.ofEscaped(document, noise, end - after.length - noise);
        return true;
    }

    /** Where the text ends that begins at {@code from}, or -1 if what stands there is not alike. */
    private int textEnd(byte[] document, int from, int limit) {
        if (between.length == 0) {
            return JsonReader.isContent(document, from, limit) ? limit : -1;
        }
        int to = JsonReader.contentEnd(document, from, limit);
        int noise = to + between.length;
        return noise <= limit
                        && Arrays.equals(document, to, noise, between, 0, between.length)
                        && JsonReader.isContent(document, noise, limit)
                ? to
                : -1;
    }

    /** The text of the document that matched last, a slice of it. */
    public Text text() {
        return text;
    }

    /**
     * The other string of the document that matched last, a slice of it; empty where only one may
     * differ.
     */
    public Text behind() {
        return behind;
    }

    /** Forgets. */
    public void forget() {
        before = NOTHING;
        between = NOTHING;
        after = NOTHING;
    }
}

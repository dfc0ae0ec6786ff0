package dev.sluice.core.json;

import java.util.Arrays;

/**
 * Recognises a document that differs from an earlier one in a few strings and whole numbers.
 *
 * <p>Nearly every frame of a stream is the frame before it with another piece of text. Comparing
 * what stands before and after the text is a fraction of the work of reading it again, and proves
 * as much. What stands before it ends with the quotation mark that opens a string, so a reader is
 * inside of a string behind it, in both documents. The text is checked to be the inside of a
 * string, up to the first bare quotation mark, with which what stands after it begins, in both
 * documents; and that is equal byte for byte.
 *
 * <p>Some senders also count their frames, or tell how many tokens there were, or pad their frames
 * so that nobody can tell a token by its length. So more than one <em>place</em> may differ. A
 * number is checked to be digits without a needless zero; what follows is equal in both documents,
 * so it ends there as the earlier one did.
 *
 * <p>A document that is not alike is read as usual, to its end, and may be learnt in its turn.
 */
public final class Likeness {
    private static final byte[] NOTHING = new byte[0];
    private static final byte[][] NO_PIECES = {};

    /** Longer frames than this are not worth remembering for each stream. */
    private static final int LONGEST = 2048;

    /** Most places that may differ. */
    private static final int MOST = 8;

    /** Most digits of a number, all of which fit 64 bits. */
    private static final int MOST_DIGITS = 18;

    /** What stands before each place, and after the last; empty as long as nothing is learnt. */
    private byte[][] pieces = NO_PIECES;

    /** Of each place, in the order in which they stand: the number that it was given. */
    private int[] named = new int[1];

    /**
     * Of each place, by the number that it was given: where it begins and ends in the document that
     * was learnt or matched last, and whether it is a whole number.
     */
    private int[] from = new int[1];

    private int[] to = new int[1];
    private boolean[] numbers = new boolean[1];
    private int places;
    private boolean unfit;

    private byte[] document = NOTHING;
    private int start;
    private int end;

    /**
     * Remembers a document and the place of its text, which must be a slice of that document as
     * {@link JsonReader#text} gave it.
     */
    public void learn(byte[] bytes, int offset, int length, Text slice) {
        begin(bytes, offset, length);
        differs(slice);
        learn();
    }

    /**
     * Remembers a document, the place of its text, and that of another string that differs, such as
     * padding. Both must be slices of that document as {@link JsonReader#text} gave them; an empty
     * other is none.
     */
    public void learn(byte[] bytes, int offset, int length, Text slice, Text other) {
        begin(bytes, offset, length);
        differs(slice);
        if (!other.isEmpty()) {
            differs(other);
        }
        learn();
    }

    /** Begins to remember a document, whose places are told next; then {@link #learn()}. */
    public void begin(byte[] bytes, int offset, int length) {
        forget();
        document = bytes;
        start = offset;
        end = offset + length;
    }

    /**
     * The next place: a string. It must be a slice of the document as {@link JsonReader#text} gave
     * it; one that is not, or is empty, makes the document unfit.
     */
    public void differs(Text slice) {
        int last = slice.offset() + slice.length();
        place(slice.offset(), last, false);
        unfit |=
                !slice.isIn(document)
                        || slice.offset() <= start
                        || last >= end
                        || document[slice.offset() - 1] != '"'
                        || document[last] != '"';
    }

    /** The next place: the whole number that begins at {@code position}. */
    public void differs(int position) {
        int last = position > start && position < end ? digits(document, position, end) : -1;
        place(position, last, true);
        unfit |=
                last < 0
                        || last == end
                        || isOfNumber(document[position - 1])
                        || isOfNumber(document[last]);
    }

    private static boolean isOfNumber(byte b) {
        return "+-.eE0123456789".indexOf(b) >= 0;
    }

    private void place(int first, int last, boolean number) {
        if (places == MOST) {
            unfit = true;
            return;
        }
        if (places == from.length) {
            from = Arrays.copyOf(from, MOST);
            to = Arrays.copyOf(to, MOST);
            named = Arrays.copyOf(named, MOST);
            numbers = Arrays.copyOf(numbers, MOST);
        }
        int at = places;
        while (at > 0 && from[named[at - 1]] > first) {
            named[at] = named[at - 1];
            at--;
        }
        named[at] = places;
        from[places] = first;
        to[places] = last;
        numbers[places] = number;
        places++;
    }

    /** Remembers the document, unless it is unfit. */
    public void learn() {
        int differing = 0;
        int at = start;
        for (int i = 0; i < places && !unfit; i++) {
            int place = named[i];
            unfit = from[place] < at;
            differing += to[place] - from[place];
            at = to[place];
        }
        if (unfit || places == 0 || end - start - differing > LONGEST) {
            forget();
            return;
        }
        byte[][] equal = new byte[places + 1][];
        at = start;
        for (int i = 0; i < places; i++) {
            equal[i] = Arrays.copyOfRange(document, at, from[named[i]]);
            at = to[named[i]];
        }
        equal[places] = Arrays.copyOfRange(document, at, end);
        pieces = equal;
        document = NOTHING;
    }

    /**
     * Whether the document is the remembered one but for its places; then {@link #text} and {@link
     * #number} are what stands there.
     */
    public boolean matches(byte[] bytes, int offset, int length) {
        if (pieces.length == 0) {
            return false;
        }
        int at = offset;
        int limit = offset + length;
        for (int i = 0; i < places; i++) {
            int first = at + pieces[i].length;
            if (first > limit || !Arrays.equals(bytes, at, first, pieces[i], 0, first - at)) {
                return false;
            }
            int place = named[i];
            at =
                    numbers[place]
                            ? digits(bytes, first, limit)
                            : JsonReader.contentEnd(bytes, first, limit);
            if (at < 0) {
                return false;
            }
            from[place] = first;
            to[place] = at;
        }
        byte[] rest = pieces[places];
        if (limit - at != rest.length || !Arrays.equals(bytes, at, limit, rest, 0, rest.length)) {
            return false;
        }
        document = bytes;
        return true;
    }

    /** Where the whole number ends that begins at {@code first}, or -1 if there is none. */
    private static int digits(byte[] bytes, int first, int limit) {
        int i = first;
        while (i < limit && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        boolean needlessZero = i > first + 1 && bytes[first] == '0';
        return i == first || needlessZero || i - first > MOST_DIGITS ? -1 : i;
    }

    /** The first place of the document that matched last, a slice of it. */
    public Text text() {
        return text(0);
    }

    /**
     * The second place of the document that matched last, a slice of it; empty where only one may
     * differ.
     */
    public Text behind() {
        return places < 2 ? Text.EMPTY : text(1);
    }

    /** The string at a place of the document that matched last, a slice of it. */
    public Text text(int place) {
        return Text.ofEscaped(document, from[place], to[place] - from[place]);
    }

    /** The number at a place of the document that matched last. */
    public long number(int place) {
        long value = 0;
        for (int i = from[place]; i < to[place]; i++) {
            value = value * 10 + document[i] - '0';
        }
        return value;
    }

    /** Forgets. */
    public void forget() {
        pieces = NO_PIECES;
        document = NOTHING;
        places = 0;
        unfit = false;
    }
}

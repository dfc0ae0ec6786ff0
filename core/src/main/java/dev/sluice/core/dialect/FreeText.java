package dev.sluice.core.dialect;

import dev.sluice.core.json.ByteBuilder;
import dev.sluice.core.json.Text;
import dev.sluice.core.json.TextReader;

/**
 * Takes the free text of a custom tool out of the arguments <code>{"input":"…"}</code> of the
 * function that stands for it, as they come. The pieces are JSON text that was escaped once more,
 * and may be cut anywhere: between a backslash and what it escapes, or between the halves of a
 * character.
 *
 * <p>Arguments of another shape are the free text themselves, all of them. Members behind {@code
 * input} are dropped: its text has gone out by then.
 */
final class FreeText {
    private static final String MEMBER = "input";

    /** Longer white space in front of the text is another shape. */
    private static final int LONGEST_HEAD = 4096;

    private enum Stage {
        OBJECT,
        QUOTE,
        NAME,
        COLON,
        VALUE,
        TEXT,
        ESCAPE,
        UNICODE,
        AFTER,
        /** Arguments of another shape. */
        OTHER
    }

    private final TextReader reader = new TextReader();
    private final StringBuilder text = new StringBuilder();
    private final ByteBuilder head = new ByteBuilder();
    private Stage stage = Stage.OBJECT;
    private int matched;
    private int digits;
    private int unit;

    /** The free text that the next piece of the arguments brings, perhaps none. */
    Text take(Text piece) {
        if (stage == Stage.OTHER) {
            return piece;
        }
        boolean wasInHead = inHead();
        if (wasInHead) {
            head.content(piece);
        }
        reader.reset(piece);
        while (reader.hasNext() && stage != Stage.OTHER) {
            character(reader.next());
        }
        if (inHead() && head.length() > LONGEST_HEAD) {
            stage = Stage.OTHER;
        }
        if (stage == Stage.OTHER) {
            return head.toText();
        }
        if (wasInHead && !inHead()) {
            head.clear();
            head.shrink(0);
        }
        return whole();
    }

    /** Whether the text has not begun, so that the arguments may yet be of another shape. */
    private boolean inHead() {
        return stage.compareTo(Stage.TEXT) < 0;
    }

    /** What is left at the end: half a character, if the arguments were cut behind it. */
    Text end() {
        return Text.of(text.toString());
    }

    private void character(char c) {
        switch (stage) {
            case OBJECT -> skipTo('{', c, Stage.QUOTE);
            case QUOTE -> skipTo('"', c, Stage.NAME);
            case NAME -> name(c);
            case COLON -> skipTo(':', c, Stage.VALUE);
            case VALUE -> skipTo('"', c, Stage.TEXT);
            case TEXT -> inText(c);
            case ESCAPE -> escape(c);
            case UNICODE -> unicode(c);
            case AFTER, OTHER -> {}
        }
    }

    private void skipTo(char wanted, char c, Stage next) {
        if (c == wanted) {
            stage = next;
        } else if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
            stage = Stage.OTHER;
        }
    }

    private void name(char c) {
        if (matched == MEMBER.length()) {
            stage = c == '"' ? Stage.COLON : Stage.OTHER;
        } else if (c != MEMBER.charAt(matched++)) {
            stage = Stage.OTHER;
        }
    }

    private void inText(char c) {
        switch (c) {
            case '"' -> stage = Stage.AFTER;
            case '\\' -> stage = Stage.ESCAPE;
            default -> text.append(c);
        }
    }

    private void escape(char c) {
        stage = Stage.TEXT;
        switch (c) {
            case '"', '\\', '/' -> text.append(c);
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'u' -> {
                stage = Stage.UNICODE;
                digits = 0;
                unit = 0;
            }
            // No escape of JSON: the model meant the backslash.
            default -> text.append('\\').append(c);
        }
    }

    private void unicode(char c) {
        int digit = c < 0x80 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
            brokenUnicode(c);
            return;
        }
        unit = unit << 4 | digit;
        digits++;
        if (digits == 4) {
            text.append((char) unit);
            stage = Stage.TEXT;
        }
    }

    /** Fewer than four digits: what was read stands for itself. */
    private void brokenUnicode(char c) {
        text.append("\\u");
        for (int i = digits - 1; i >= 0; i--) {
            text.append(Character.forDigit(unit >> 4 * i & 0xf, 16));
        }
        stage = Stage.TEXT;
        inText(c);
    }

    /** The text so far but for the first half of a character. */
    private Text whole() {
        int length = text.length();
        int end =
                length > 0 && Character.isHighSurrogate(text.charAt(length - 1))
                        ? length - 1
                        : length;
        Text whole = Text.of(text.substring(0, end));
        text.delete(0, end);
        return whole;
    }
}

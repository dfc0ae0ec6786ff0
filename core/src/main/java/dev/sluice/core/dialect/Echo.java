package dev.sluice.core.dialect;

import dev.sluice.core.json.Text;

/**
 * Takes the text with which a client began the answer out of an answer that says it again. Text is
 * held as long as it may still be that, and handed over when it turns out to be another.
 */
final class Echo {
    private final String begun;

    /** How many characters of it have come. */
    private int seen;

    private boolean over;

    /** Takes out {@code begun}. */
    Echo(String begun) {
        this.begun = begun;
        this.over = begun.isEmpty();
    }

    /** Whether nothing more is taken out. */
    boolean isOver() {
        return over;
    }

    /** What goes on when {@code text} has come. */
    Text take(Text text) {
        if (over) {
            return text;
        }
        String said = text.toString();
        int held = seen;
        int same = 0;
        while (same < said.length()
                && seen < begun.length()
                && said.charAt(same) == begun.charAt(seen)) {
            same++;
            seen++;
        }
        if (seen == begun.length()) {
            over = true;
            return Text.of(said.substring(same));
        }
        if (same == said.length()) {
            return Text.EMPTY;
        }
        over = true;
        return held == 0 ? text : Text.of(begun.substring(0, held) + said);
    }

    /** What goes on when a block has ended. */
    Text end() {
        if (over || seen == 0) {
            return Text.EMPTY;
        }
        over = true;
        return Text.of(begun.substring(0, seen));
    }
}

package dev.sluice.cli.terminal;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Shows Markdown on a terminal while it is written. No character waits for another one: a mark
 * whose meaning is still open stands there as it was written, and is taken back once it is clear
 * that it is a mark. A mark that opens something which its line never closes comes back.
 *
 * <p>Headings, lists, quotes, blocks of code, code, bold and italic text are shown; all else stays
 * as it is written. Where styles are not shown, everything does: then the marks are all there is.
 */
public final class Markdown {
    private static final int NOTHING = -1;
    private static final int MOST_HASHES = 6;
    private static final int MOST_DIGITS = 9;
    private static final int FENCE = 3;
    private static final String QUOTE = ">";
    private static final String MARKS = "*_`";
    private static final String ESCAPABLE = "*_`#>~|";

    /** Emphasis that has begun; the mark stood at the place {@code at} of the line. */
    private record Span(int mark, int count, int at) {
        int style() {
            return mark == '`'
                    ? Style.CODE
                    : count == 2 ? Style.BOLD : count == 1 ? Style.ITALIC : Style.PLAIN;
        }
    }

    private final Page page;
    private final boolean styled;
    private final List<Span> spans = new ArrayList<>();
    private final StringBuilder lead = new StringBuilder();
    private char highSurrogate;
    private boolean inLead = true;
    private int leadIndent;
    private int base = Style.PLAIN;
    private int run = NOTHING;
    private int runLength;
    private int before = '\n';
    private boolean escaping;
    private boolean thinking;
    private boolean blank = true;
    private int fence = NOTHING;
    private int fenceLength;

    /**
     * A page that is empty yet.
     *
     * @param out where it is shown
     * @param columns how wide the terminal is
     * @param rows how high the terminal is
     * @param styled whether marks become styles
     */
    public Markdown(Consumer<String> out, IntSupplier columns, IntSupplier rows, boolean styled) {
        this.page = new Page(out, columns, rows, styled);
        this.styled = styled;
    }

    /** Shows more of the text. */
    public void text(String piece) {
        if (thinking) {
            thinking = false;
            paragraph();
        }
        pour(piece, false);
    }

    /** Shows more of what the model thinks: dimmed, as it is written. */
    public void thinking(String piece) {
        if (!thinking) {
            paragraph();
            thinking = true;
        }
        pour(piece, true);
    }

    /** Shows a line that is not the model's. */
    public void note(String line) {
        line(line, Style.DIM);
    }

    /** Shows a line that says that something is not as it was hoped for. */
    public void warning(String line) {
        line(line, Style.WARNING);
    }

    /** What stands behind a gap in the line stays behind it. */
    private void line(String line, int style) {
        end();
        String safe = Cells.line(line);
        int gap = safe.lastIndexOf("  ");
        page.write(safe.substring(0, gap < 0 ? 0 : gap + 2), style);
        page.indentHere();
        page.write(safe.substring(gap < 0 ? 0 : gap + 2), style);
        lineFeed();
        page.reset();
    }

    /** Ends what was begun, so that whatever follows begins a line. */
    public void end() {
        if (highSurrogate != 0) {
            highSurrogate = 0;
            character(0xfffd, thinking);
        }
        if (fence != NOTHING && lead.length() >= fenceLength) {
            closeFence();
        }
        closeLine();
        fence = NOTHING;
        page.wrap(true);
        startLine();
        if (page.column() > 0) {
            lineFeed();
        }
        thinking = false;
        page.reset();
    }

    private void paragraph() {
        boolean began = !blank || page.column() > 0;
        end();
        if (began) {
            lineFeed();
        }
    }

    private void pour(String piece, boolean asThinking) {
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if (Character.isHighSurrogate(c)) {
                if (highSurrogate != 0) {
                    character(0xfffd, asThinking);
                }
                highSurrogate = c;
            } else if (Character.isLowSurrogate(c) && highSurrogate != 0) {
                int point = Character.toCodePoint(highSurrogate, c);
                highSurrogate = 0;
                character(point, asThinking);
            } else {
                if (highSurrogate != 0) {
                    highSurrogate = 0;
                    character(0xfffd, asThinking);
                }
                character(c, asThinking);
            }
        }
        page.flush();
    }

    private void character(int written, boolean asThinking) {
        if (written == '\r') {
            return;
        }
        int point = written == '\n' || written == '\t' ? written : Cells.harmless(written);
        if (page.isLong() && run == NOTHING) {
            spans.clear();
            page.forget();
        }
        if (asThinking || !styled) {
            plain(point, asThinking ? Style.DIM : Style.PLAIN);
        } else if (fence != NOTHING) {
            code(point);
        } else if (inLead) {
            lead(point);
        } else {
            inline(point);
        }
    }

    private void plain(int point, int style) {
        if (point == '\n') {
            lineFeed();
        } else {
            page.write(point, style);
        }
    }

    private void lineFeed() {
        blank = page.column() == 0;
        page.newLine();
    }

    // The beginning of a line, where marks say what the line is

    private void lead(int point) {
        if (point == '\n') {
            endOfLead();
            return;
        }
        if (lead.isEmpty() && (point == ' ' || point == '\t')) {
            page.write(point, Style.PLAIN);
            leadIndent = page.length();
            return;
        }
        if (isMark(point)) {
            return;
        }
        if (continues(point)) {
            lead.appendCodePoint(point);
            page.write(point, base);
            return;
        }
        beginInline();
        inline(point);
    }

    /** Whether {@code point} completes what has been written to the mark of a block. */
    private boolean isMark(int point) {
        if (lead.isEmpty() && point == '>') {
            page.write("│ ", Style.DIM);
            base |= Style.DIM;
            lead.append(QUOTE);
            return true;
        }
        if (lead.toString().equals(QUOTE)) {
            // The space that belongs to the mark is there already.
            lead.setLength(0);
            leadIndent = page.length();
            page.indentHere();
            if (point != ' ') {
                lead(point);
            }
            return true;
        }
        if (point != ' ' || lead.isEmpty()) {
            return false;
        }
        if (all('#')) {
            page.takeBack(lead.length());
            base |= lead.length() == 1 ? Style.BOLD | Style.UNDERLINE : Style.BOLD;
            startText();
            return true;
        }
        if (lead.length() == 1 && "-*+".indexOf(lead.charAt(0)) >= 0) {
            page.takeBack(1);
            page.write("• ", base);
            startText();
            return true;
        }
        char last = lead.charAt(lead.length() - 1);
        if (lead.length() > 1 && (last == '.' || last == ')')) {
            page.write(' ', base);
            startText();
            return true;
        }
        return false;
    }

    /** Whether a mark of a block can still come of it when {@code point} is added. */
    private boolean continues(int point) {
        if (lead.isEmpty()) {
            return "#-*+_`~".indexOf(point) >= 0 || point >= '0' && point <= '9';
        }
        char first = lead.charAt(0);
        if (first == '`' || first == '~') {
            // Behind the marks of a fence stands a language; with a mark in it, it is text.
            return all(first)
                    ? point == first || lead.length() >= FENCE
                    : first == '~' || point != '`';
        }
        if (first >= '0' && first <= '9') {
            char last = lead.charAt(lead.length() - 1);
            boolean digits = last >= '0' && last <= '9' && lead.length() < MOST_DIGITS;
            return digits && (point >= '0' && point <= '9' || point == '.' || point == ')');
        }
        return point == first && first != '+' && (first != '#' || lead.length() < MOST_HASHES);
    }

    private boolean all(char mark) {
        for (int i = 0; i < lead.length(); i++) {
            if (lead.charAt(i) != mark) {
                return false;
            }
        }
        return true;
    }

    private void startText() {
        lead.setLength(0);
        inLead = false;
        before = '\n';
        page.indentHere();
    }

    /** No mark of a block: what stands there is text. */
    private void beginInline() {
        String text = lead.toString();
        page.takeBack(page.length() - leadIndent);
        startText();
        text.codePoints().forEach(this::inline);
    }

    private void endOfLead() {
        if (lead.isEmpty() || lead.toString().equals(QUOTE)) {
            endLine();
            return;
        }
        char first = lead.charAt(0);
        if ((first == '`' || first == '~') && lead.length() >= FENCE && lead.charAt(2) == first) {
            openFence(first);
            return;
        }
        if (lead.length() >= FENCE && "-*_".indexOf(first) >= 0 && all(first)) {
            page.takeBack(lead.length());
            page.write("─".repeat(FENCE), Style.DIM);
            endLine();
            return;
        }
        beginInline();
        inline('\n');
    }

    // Blocks of code

    private void openFence(char mark) {
        fence = mark;
        fenceLength = 0;
        while (fenceLength < lead.length() && lead.charAt(fenceLength) == mark) {
            fenceLength++;
        }
        String language = lead.substring(fenceLength).strip();
        page.takeBack(page.length());
        lead.setLength(0);
        leadIndent = 0;
        page.wrap(false);
        if (!language.isEmpty()) {
            page.write(language, Style.DIM);
            lineFeed();
        }
    }

    private void code(int point) {
        if (point == '\n') {
            if (lead.length() >= fenceLength) {
                closeFence();
            } else {
                lead.setLength(0);
                inLead = true;
                lineFeed();
            }
            return;
        }
        boolean closed = lead.length() >= fenceLength;
        if (inLead && point == fence) {
            lead.appendCodePoint(point);
        } else if (!(inLead && point == ' ' && (lead.isEmpty() || closed))) {
            lead.setLength(0);
            inLead = false;
        }
        page.write(point, Style.CODE);
    }

    /** The row of the mark is left empty for what follows. */
    private void closeFence() {
        page.takeBack(page.length());
        fence = NOTHING;
        page.wrap(true);
        startLine();
    }

    // Within a line

    private void inline(int point) {
        if (run != NOTHING && point != run) {
            endOfRun(point);
        }
        if (escaping) {
            escaping = false;
            if (ESCAPABLE.indexOf(point) >= 0) {
                page.takeBack(1);
                show(point);
                return;
            }
        }
        if (point == '\n') {
            endLine();
            return;
        }
        boolean inCode = !spans.isEmpty() && spans.getLast().mark == '`';
        if (point == '`' || !inCode && MARKS.indexOf(point) >= 0) {
            run = point;
            runLength++;
            page.write(point, style());
            return;
        }
        escaping = point == '\\' && !inCode;
        show(point);
    }

    private void show(int point) {
        page.write(point, style());
        before = point;
    }

    private int style() {
        int style = base;
        for (Span span : spans) {
            style |= span.style();
        }
        return style;
    }

    /** A run of one mark is complete, and {@code after} comes behind it. */
    private void endOfRun(int after) {
        int mark = run;
        int length = runLength;
        run = NOTHING;
        runLength = 0;
        if (mark == '`') {
            endOfTicks(length);
        } else {
            int left = close(mark, length, after);
            if (left > 0 && opens(mark, left, after)) {
                open(mark, left);
            }
        }
        before = mark;
    }

    private void endOfTicks(int length) {
        Span last = spans.isEmpty() ? null : spans.getLast();
        if (last == null || last.mark != '`') {
            page.takeBack(length);
            spans.add(new Span('`', length, page.length()));
        } else if (last.count == length) {
            page.takeBack(length);
            spans.removeLast();
        }
    }

    /** Closes what the run closes; returns how much of the run is left, as text. */
    private int close(int mark, int length, int after) {
        boolean behindWord = !Character.isWhitespace(before);
        boolean insideWord = mark == '_' && Character.isLetterOrDigit(after);
        int left = length;
        if (!behindWord || insideWord) {
            return left;
        }
        while (left > 0 && closing(mark, left) != null) {
            int count = spans.removeLast().count;
            left -= count;
            // The rest of the run takes the style of what is left.
            page.takeBack(left + count);
            page.write(Character.toString(mark).repeat(left), style());
        }
        return left;
    }

    private @Nullable Span closing(int mark, int most) {
        Span last = spans.isEmpty() ? null : spans.getLast();
        return last != null && last.mark == mark && last.count <= most ? last : null;
    }

    private boolean opens(int mark, int length, int after) {
        if (Character.isWhitespace(after) || length > FENCE) {
            return false;
        }
        boolean insideWord =
                Character.isLetterOrDigit(before) && (mark == '_' || length == 1 && before < 0x80);
        return !insideWord;
    }

    private void open(int mark, int length) {
        page.takeBack(length);
        if (length != 1) {
            spans.add(new Span(mark, 2, page.length()));
        }
        if (length != 2) {
            spans.add(new Span(mark, 1, page.length()));
        }
    }

    // The end of a line

    private void endLine() {
        closeLine();
        lineFeed();
        startLine();
    }

    private void startLine() {
        lead.setLength(0);
        leadIndent = 0;
        inLead = true;
        base = Style.PLAIN;
        before = '\n';
    }

    private void closeLine() {
        if (fence == NOTHING && styled && !thinking) {
            if (run != NOTHING) {
                endOfRun('\n');
            }
            giveBack();
        }
        escaping = false;
    }

    /** What was opened and not closed was no emphasis: its marks come back, its style goes. */
    private void giveBack() {
        if (spans.isEmpty()) {
            return;
        }
        int from = spans.getFirst().at;
        List<Page.Glyph> written = page.since(from);
        List<Page.Glyph> plain = new ArrayList<>();
        for (int i = 0; i <= written.size(); i++) {
            for (Span span : spans) {
                if (span.at == from + i) {
                    String mark = Character.toString(span.mark).repeat(span.count);
                    mark.codePoints()
                            .forEach(
                                    point ->
                                            plain.add(
                                                    new Page.Glyph(
                                                            Character.toString(point), base)));
                }
            }
            if (i < written.size()) {
                plain.add(new Page.Glyph(written.get(i).text(), without(written.get(i), from + i)));
            }
        }
        spans.clear();
        page.rewrite(from, plain);
    }

    private int without(Page.Glyph glyph, int at) {
        int style = glyph.style();
        for (Span span : spans) {
            if (span.at <= at) {
                style &= ~(span.style() & ~base);
            }
        }
        return style;
    }
}

package dev.sluice.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Text on a terminal that grows at its end. It goes out character by character; a word that turns
 * out not to fit is taken from the end of its row and written anew on the next, so no character
 * waits for the end of its word. What stands on the line that is being written may still be
 * changed, over several rows if need be.
 *
 * <p>The last column is never used, so that the terminal's own ideas of wrapping do not matter.
 */
final class Page {
    /**
     * A character that was written.
     *
     * @param text with the marks that combine with it
     * @param width the cells that it takes; 0 for a space that the end of a row swallowed
     */
    private record Cell(String text, int style, int width, int row, int column) {
        boolean isSpace() {
            return text.equals(" ");
        }
    }

    /** So much of a line can be changed, and is kept for it. */
    private static final int LONGEST = 20_000;

    private static final String ESCAPE = "\u001b[";

    private final Consumer<String> out;
    private final IntSupplier columns;
    private final IntSupplier rows;
    private final boolean styled;
    private final List<Cell> line = new ArrayList<>();
    private final StringBuilder pending = new StringBuilder();
    private boolean wrapping = true;
    private int word;
    private int row;
    private int column;
    private int indent;
    private int shown = Style.PLAIN;

    /**
     * An empty page.
     *
     * @param styled whether styles are shown
     */
    Page(Consumer<String> out, IntSupplier columns, IntSupplier rows, boolean styled) {
        this.out = out;
        this.columns = columns;
        this.rows = rows;
        this.styled = styled;
    }

    /** Whether words that do not fit begin a new row; the terminal breaks rows otherwise. */
    void wrap(boolean words) {
        wrapping = words;
    }

    /** From now on new rows of this line begin in the present column. */
    void indentHere() {
        indent = Math.min(column, width() / 2);
    }

    /** How many characters the line has. */
    int length() {
        return line.size();
    }

    /** The column of the next character. */
    int column() {
        return column;
    }

    private int width() {
        return Math.max(2, columns.getAsInt() - 1);
    }

    /** Writes a character. */
    void write(int point, int style) {
        if (point == '\t') {
            do {
                write(' ', style);
            } while (column % 4 != 0 && column < width());
            return;
        }
        put(Character.toString(point), style, Cells.width(point));
    }

    /** Writes characters. */
    void write(String text, int style) {
        text.codePoints().forEach(point -> write(point, style));
    }

    private void put(String text, int style, int width) {
        if (width == 0 && !line.isEmpty() && !text.equals(" ")) {
            Cell last = line.removeLast();
            line.add(new Cell(last.text + text, last.style, last.width, last.row, last.column));
            emit(text, style);
            return;
        }
        if (wrapping && column + width > width()) {
            if (text.equals(" ")) {
                line.add(new Cell(text, style, 0, row, column));
                word = line.size();
                return;
            }
            nextRow(width);
        }
        line.add(new Cell(text, style, width, row, column));
        emit(text, style);
        column += width;
        if (text.equals(" ") || width == 2) {
            word = line.size();
        }
    }

    /** Whether the line is so long that {@link #forget} is due. */
    boolean isLong() {
        return line.size() >= LONGEST;
    }

    /** What stands on the line stays as it is from now on. */
    void forget() {
        line.clear();
        word = 0;
        row = 0;
    }

    /** Begins a row, with the word that does not fit if it fits there. */
    private void nextRow(int more) {
        List<Cell> moved = List.copyOf(line.subList(word, line.size()));
        int wide = moved.stream().mapToInt(Cell::width).sum();
        boolean moves = !moved.isEmpty() && column - wide > indent;
        moves &= indent + wide + more <= width();
        if (moves) {
            line.subList(word, line.size()).clear();
            control(wide == 0 ? "" : ESCAPE + wide + "D" + ESCAPE + "K");
        }
        emit("\n", Style.PLAIN);
        row++;
        column = indent;
        emit(" ".repeat(indent), Style.PLAIN);
        word = line.size();
        if (moves) {
            for (Cell cell : moved) {
                line.add(new Cell(cell.text, cell.style, cell.width, row, column));
                emit(cell.text, cell.style);
                column += cell.width;
            }
        }
    }

    /** Ends the line. */
    void newLine() {
        emit("\n", Style.PLAIN);
        line.clear();
        word = 0;
        row = 0;
        column = 0;
        indent = 0;
    }

    /** Takes the last {@code count} characters of the line back. */
    void takeBack(int count) {
        rewrite(line.size() - count, List.of());
    }

    /** A character that is to be written. */
    record Glyph(String text, int style) {}

    /** The characters of the line from the place {@code from} on. */
    List<Glyph> since(int from) {
        return line.subList(from, line.size()).stream()
                .map(cell -> new Glyph(cell.text, cell.style))
                .toList();
    }

    /**
     * Writes {@code glyphs} in place of all that stands on the line from {@code from} on. What has
     * left the screen stays as it is.
     */
    void rewrite(int from, List<Glyph> glyphs) {
        if (from < line.size()) {
            Cell first = line.get(from);
            int up = row - first.row;
            if (up >= rows.getAsInt() - 2) {
                return;
            }
            StringBuilder back = new StringBuilder();
            if (up > 0) {
                back.append(ESCAPE).append(up).append('A');
            }
            back.append('\r');
            if (first.column > 0) {
                back.append(ESCAPE).append(first.column).append('C');
            }
            back.append(ESCAPE).append(up > 0 ? 'J' : 'K');
            control(back.toString());
            row = first.row;
            column = first.column;
            line.subList(from, line.size()).clear();
        }
        word = line.size();
        while (word > 0 && !line.get(word - 1).isSpace() && line.get(word - 1).width != 2) {
            word--;
        }
        for (Glyph glyph : glyphs) {
            put(glyph.text, glyph.style, Cells.width(glyph.text));
        }
    }

    private void emit(String text, int style) {
        if (styled && style != shown) {
            pending.append(Style.sequence(style));
            shown = style;
        }
        pending.append(text);
    }

    private void control(String sequence) {
        pending.append(sequence);
    }

    /** Hands over what was written. */
    void flush() {
        if (!pending.isEmpty()) {
            String text = pending.toString();
            pending.setLength(0);
            out.accept(text);
        }
    }

    /** Writes plainly from here on. */
    void reset() {
        emit("", Style.PLAIN);
        flush();
    }
}

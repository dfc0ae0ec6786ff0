package dev.sluice.cli.terminal;

import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * The last row of a terminal, kept apart while an answer scrolls above it: the terminal is told
 * that it scrolls all rows but this one.
 */
public final class StatusRow implements AutoCloseable {
    private static final int FEWEST_ROWS = 5;
    private static final String SAVE = "\u001b7";
    private static final String RESTORE = "\u001b8";
    private static final String ALL_ROWS = "\u001b[r";

    private final Consumer<String> out;
    private final IntSupplier columns;
    private final IntSupplier rows;
    private int height;

    /** A row that is not there yet. */
    public StatusRow(Consumer<String> out, IntSupplier columns, IntSupplier rows) {
        this.out = out;
        this.columns = columns;
        this.rows = rows;
    }

    /** Sets the row apart. The cursor is at the beginning of an empty row. */
    public void open() {
        int now = rows.getAsInt();
        if (now < FEWEST_ROWS) {
            return;
        }
        height = now;
        // One row further and back, so that the cursor is not in the last one.
        out.accept("\n\u001b[A" + SAVE + "\u001b[1;" + (height - 1) + "r" + RESTORE);
    }

    /** Shows {@code text}, as much of it as fits. */
    public void show(String text) {
        if (height == 0) {
            return;
        }
        if (rows.getAsInt() != height) {
            close();
            open();
        }
        if (height > 0) {
            String fits = Cells.cut(text, Math.max(0, columns.getAsInt() - 1));
            out.accept(SAVE + row() + Style.sequence(Style.DIM) + fits + RESTORE);
        }
    }

    private String row() {
        return "\u001b[" + height + ";1H\u001b[2K";
    }

    /** Gives the row back. */
    @Override
    public void close() {
        if (height > 0) {
            out.accept(SAVE + ALL_ROWS + row() + RESTORE);
            height = 0;
        }
    }
}

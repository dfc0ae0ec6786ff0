package dev.sluice.cli.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A terminal of a fixed size: what stands on its rows, and in which styles, after it was written
 * to. It knows what this program and its line editor send and refuses all else.
 */
public final class Vt {
    private static final String NONE = "";

    private final int columns;
    private final int height;
    private final List<String> gone = new ArrayList<>();
    private String[][] cells;
    private String[][] styles;
    private String style = NONE;
    private String savedStyle = NONE;
    private int row;
    private int column;
    private int savedRow;
    private int savedColumn;
    private int bottom;
    private String escape = NONE;

    public Vt(int columns, int height) {
        this.columns = columns;
        this.height = height;
        this.bottom = height - 1;
        cells = new String[height][columns];
        styles = new String[height][columns];
        for (int i = 0; i < height; i++) {
            clear(i, 0);
        }
    }

    private void clear(int at, int from) {
        Arrays.fill(cells[at], from, columns, " ");
        Arrays.fill(styles[at], from, columns, NONE);
    }

    /** Writes to it. */
    public Vt write(String text) {
        text.codePoints().forEach(this::point);
        return this;
    }

    private void point(int point) {
        if (!escape.isEmpty()) {
            escaped(point);
        } else if (point == 0x1b) {
            escape = "\u001b";
        } else if (point == '\n') {
            column = 0;
            lineFeed();
        } else if (point == '\r') {
            column = 0;
        } else if (point == '\b') {
            column = Math.max(0, column - 1);
        } else if (point == 7) {
            // It rings.
        } else if (point < ' ' || point >= 0x7f && point < 0xa0) {
            throw new AssertionError("a control character reached the terminal: " + point);
        } else {
            put(point);
        }
    }

    private void put(int point) {
        int width = Cells.width(point);
        if (width == 0) {
            cells[row][Math.max(0, column - 1)] += Character.toString(point);
            return;
        }
        if (column + width > columns) {
            column = 0;
            lineFeed();
        }
        cells[row][column] = Character.toString(point);
        styles[row][column] = style;
        if (width == 2) {
            cells[row][column + 1] = NONE;
            styles[row][column + 1] = style;
        }
        column += width;
    }

    private void lineFeed() {
        if (row < bottom) {
            row++;
            return;
        }
        if (row > bottom) {
            row = Math.min(row + 1, height - 1);
            return;
        }
        gone.add(String.join("", cells[0]).stripTrailing());
        for (int i = 0; i < bottom; i++) {
            cells[i] = cells[i + 1];
            styles[i] = styles[i + 1];
        }
        cells[bottom] = new String[columns];
        styles[bottom] = new String[columns];
        clear(bottom, 0);
    }

    private void escaped(int point) {
        escape += Character.toString(point);
        if (escape.length() == 2) {
            switch (point) {
                case '7' -> save();
                case '8' -> restore();
                case '[' -> {
                    return;
                }
                case '=', '>' -> {
                    // Keypad modes.
                }
                default -> throw new AssertionError("unknown sequence: ESC " + (char) point);
            }
            escape = NONE;
        } else if (point >= '@' && point <= '~') {
            String parameters = escape.substring(2, escape.length() - 1);
            escape = NONE;
            control(parameters, point);
        }
    }

    private void save() {
        savedRow = row;
        savedColumn = column;
        savedStyle = style;
    }

    private void restore() {
        row = savedRow;
        column = savedColumn;
        style = savedStyle;
    }

    private void control(String parameters, int point) {
        int count = parameters.matches("[0-9]+") ? Math.max(1, Integer.parseInt(parameters)) : 1;
        switch (point) {
            case 'A' -> row = Math.max(0, row - count);
            case 'B' -> row = Math.min(height - 1, row + count);
            case 'C' -> column = Math.min(columns - 1, column + count);
            case 'D' -> column = Math.max(0, Math.min(column, columns - 1) - count);
            case 'G' -> column = count - 1;
            case 'H' -> {
                String[] place = parameters.split(";", -1);
                row = place[0].isEmpty() ? 0 : Integer.parseInt(place[0]) - 1;
                column = place.length < 2 ? 0 : Integer.parseInt(place[1]) - 1;
            }
            case 'J' -> {
                clear(row, column);
                for (int i = row + 1; i < height; i++) {
                    clear(i, 0);
                }
            }
            case 'K' -> clear(row, parameters.equals("2") ? 0 : Math.min(column, columns - 1));
            case '@' -> {
                for (int i = columns - 1; i >= column; i--) {
                    cells[row][i] = i - count >= column ? cells[row][i - count] : " ";
                }
            }
            case 'P' -> {
                for (int i = column; i < columns; i++) {
                    cells[row][i] = i + count < columns ? cells[row][i + count] : " ";
                }
            }
            case 'm' -> style = parameters.replaceFirst("^0?;?", "");
            case 'r' -> {
                bottom =
                        parameters.isEmpty()
                                ? height - 1
                                : Integer.parseInt(parameters.substring(2)) - 1;
                row = 0;
                column = 0;
            }
            case 'h', 'l', 'c', 'p', 'u' -> {
                // Modes, such as pasting in brackets, and questions for them.
            }
            default ->
                    throw new AssertionError("unknown sequence: ESC [" + parameters + (char) point);
        }
    }

    /** The rows as text, without what is empty at their ends, up to the last that is not. */
    public String text() {
        StringBuilder all = new StringBuilder();
        for (String[] each : cells) {
            all.append(String.join("", each).stripTrailing()).append('\n');
        }
        return all.toString().stripTrailing();
    }

    /** What has scrolled away, and what stands on the screen. */
    public String all() {
        StringBuilder all = new StringBuilder();
        gone.forEach(line -> all.append(line).append('\n'));
        return all.append(text()).toString();
    }

    /** The rows as text, each piece of a style in brackets with its numbers. */
    public String styled() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < height; i++) {
            String before = NONE;
            StringBuilder line = new StringBuilder();
            for (int j = 0; j < columns; j++) {
                if (!styles[i][j].equals(before)) {
                    line.append(before.isEmpty() ? "" : "}");
                    line.append(styles[i][j].isEmpty() ? "" : styles[i][j] + "{");
                    before = styles[i][j];
                }
                line.append(cells[i][j]);
            }
            line.append(before.isEmpty() ? "" : "}");
            all.append(line.toString().stripTrailing()).append('\n');
        }
        return all.toString().stripTrailing();
    }
}

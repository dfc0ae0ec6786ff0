package dev.sluice.core.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * Finds where in a document an offset lies by walking it from the start. It runs only when an error
 * is told, on input that is well formed up to the offset.
 */
final class JsonPath {
    private static final int LONGEST = 200;

    /** One open container: the index of an array's element, or the name of an object's member. */
    private static final class Level {
        final boolean array;
        int index;
        String name = "";

        Level(boolean array) {
            this.array = array;
        }
    }

    private JsonPath() {}

    static String at(byte[] b, int start, int offset) {
        ArrayDeque<Level> open = new ArrayDeque<>();
        boolean nameNext = false;
        for (int i = start; i < offset; i++) {
            Level top = open.peekLast();
            switch (b[i]) {
                case '{' -> {
                    open.addLast(new Level(false));
                    nameNext = true;
                }
                case '[' -> open.addLast(new Level(true));
                case '}', ']' -> {
                    open.pollLast();
                    nameNext = false;
                }
                case ',' -> {
                    if (top != null && top.array) {
                        top.index++;
                    }
                    nameNext = top != null && !top.array;
                    if (nameNext) {
                        top.name = "";
                    }
                }
                case '"' -> {
                    int close = closing(b, i + 1, offset);
                    if (nameNext && top != null) {
                        top.name = new String(b, i + 1, close - i - 1, StandardCharsets.UTF_8);
                        nameNext = false;
                    }
                    i = close;
                }
                default -> {}
            }
        }
        return render(open);
    }

    private static int closing(byte[] b, int from, int limit) {
        int i = from;
        while (i < limit && b[i] != '"') {
            i += b[i] == '\\' ? 2 : 1;
        }
        return Math.min(i, limit);
    }

    private static String render(ArrayDeque<Level> open) {
        StringBuilder path = new StringBuilder();
        for (Level level : open) {
            if (level.array) {
                path.append('[').append(level.index).append(']');
            } else if (!level.name.isEmpty()) {
                path.append(path.isEmpty() ? "" : ".").append(level.name);
            }
            if (path.length() > LONGEST) {
                return path.substring(0, LONGEST) + "…";
            }
        }
        return path.toString();
    }
}

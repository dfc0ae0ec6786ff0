package dev.sluice.gateway.config;

import java.util.Comparator;

/** Where something stands in a file: line and column count from 1. */
public record Place(String file, int line, int column) implements Comparable<Place> {

    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::file)
                    .thenComparingInt(Place::line)
                    .thenComparingInt(Place::column);

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }

    /** {@code sluice.yaml:12:5}, the form editors and terminals can jump to. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}

package dev.sluice.llama.chat;

import java.util.List;

/**
 * Finds markers in text that comes in pieces. What may yet become a marker is held back, and no
 * more than that; on request the white space in front of it as well, since it belongs to the marker
 * and not to the text.
 */
final class Lookout {
    /** Longer white space is text, whatever follows. */
    private static final int MOST_SPACE = 1024;

    private final List<String> markers;
    private final boolean withSpace;
    private final StringBuilder held = new StringBuilder();
    private int space;

    /** Looks out for {@code markers}; {@code withSpace} holds white space in front of them. */
    Lookout(List<String> markers, boolean withSpace) {
        this.markers = markers;
        this.withSpace = withSpace && !markers.isEmpty();
    }

    /**
     * Takes the next character. What is certainly text goes to {@code free}.
     *
     * @return the marker that is complete now, or an empty string
     */
    String take(char c, StringBuilder free) {
        held.append(c);
        while (!held.isEmpty()) {
            if (withSpace && space == held.length() - 1 && isSpace(held.charAt(space))) {
                space++;
            }
            if (space == held.length()) {
                if (space > MOST_SPACE) {
                    release(free);
                }
                return "";
            }
            String found = match();
            if (found == null) {
                return "";
            }
            if (!found.isEmpty()) {
                return found;
            }
            free.append(held, 0, space + 1);
            held.delete(0, space + 1);
            space = 0;
            countSpace();
        }
        return "";
    }

    private void countSpace() {
        while (withSpace && space < held.length() && isSpace(held.charAt(space))) {
            space++;
        }
    }

    /** The marker that is held; null if one may be, empty if none can be. */
    @org.jspecify.annotations.Nullable
    private String match() {
        int length = held.length() - space;
        boolean may = false;
        for (String marker : markers) {
            if (marker.length() >= length && begins(marker, length)) {
                if (marker.length() == length) {
                    return marker;
                }
                may = true;
            }
        }
        return may ? null : "";
    }

    private boolean begins(String marker, int length) {
        for (int i = 0; i < length; i++) {
            if (marker.charAt(i) != held.charAt(space + i)) {
                return false;
            }
        }
        return true;
    }

    /** The white space in front of the marker that was found; nothing is held afterwards. */
    String takeSpace() {
        String text = held.substring(0, space);
        clear();
        return text;
    }

    /** Hands over what is held: no marker comes of it. */
    void release(StringBuilder free) {
        free.append(held);
        clear();
    }

    private void clear() {
        held.setLength(0);
        space = 0;
    }

    static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }
}

package dev.sluice.gateway.streams;

import java.util.Optional;

/**
 * The id of an event, as clients send it back: which stream it is of and its place there.
 *
 * @param stream the unguessable id of the stream
 * @param number its place, counted from 1; 0 is before the first
 * @param last whether nothing follows it
 */
record EventId(String stream, long number, boolean last) {
    private static final String END = "-end";
    private static final int MOST_DIGITS = 18;

    /** Reads an id; empty if it is none. */
    static Optional<EventId> of(String text) {
        boolean last = text.endsWith(END);
        String rest = last ? text.substring(0, text.length() - END.length()) : text;
        int dash = rest.lastIndexOf('-');
        int digits = rest.length() - dash - 1;
        if (dash < 1 || digits < 1 || digits > MOST_DIGITS) {
            return Optional.empty();
        }
        for (int i = dash + 1; i < rest.length(); i++) {
            if (rest.charAt(i) < '0' || rest.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        long number = Long.parseLong(rest, dash + 1, rest.length(), 10);
        return Optional.of(new EventId(rest.substring(0, dash), number, last));
    }
}
